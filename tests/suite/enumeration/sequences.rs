//! What a stranger does one after the other, by chance, while an owner acts or does not:
//! no sequence tells an address that has an account from one that is free.

use std::{
    fmt::Write,
    time::{Duration, Instant},
};

use auth::{ChangePassword, Client, LogIn, LogInError, LoggedIn, ResetPassword};
use domain::{Password, Token};
use futures_util::future::join_all;
use proptest::{
    prelude::{Just, Strategy, prop_oneof},
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use tests::{Backend, TestApp, Transport};
use xtask::mail_catcher::Fault;

use super::{
    forms::{STRANGERS, Walk},
    standing::{Standing, silent_app},
};
use crate::people::{self, PASSWORD, address, mails_sent};

/// What is drawn from: another number draws other sequences.
const SEED: u8 = 12;
/// Sequences that are tried, as far as the time goes.
const SEQUENCES: usize = 40;
const LONGEST: Duration = Duration::from_mins(1);
const NEW_PASSWORD: &str = "a horse of another colour";

/// What a stranger asks for.
#[derive(Clone, Copy, Debug)]
enum Request {
    SignUp,
    /// To have signed up with the address, which is asked for once more where it is so.
    MendHere,
    /// To have signed up with another.
    MendAway,
    Resend,
    WrongCode,
    LogIn,
    LogInWrong,
    Forgot,
    Look,
}

/// What happens before the next request.
#[derive(Clone, Copy, Debug)]
enum Meanwhile {
    Nothing,
    Minute,
    OwnerLogsIn,
    OwnerChangesPassword,
    /// The owner of the mailbox signs up, without the stranger's mail.
    ReaderSignsUp,
    ReaderResets,
}

type Step = (Request, Meanwhile);

use Meanwhile::{Minute, Nothing, OwnerChangesPassword, OwnerLogsIn, ReaderResets, ReaderSignsUp};
use Request::{
    Forgot, LogIn as TryPassword, LogInWrong, Look, MendAway, MendHere, Resend, SignUp, WrongCode,
};

/// Sequences that told something once.
const TOLD: &[&[Step]] = &[
    &[(SignUp, Minute), (MendHere, Nothing), (TryPassword, Nothing), (Look, Nothing)],
    &[(SignUp, Nothing), (MendHere, Nothing), (TryPassword, Nothing)],
    &[(SignUp, Nothing), (MendAway, Minute), (MendHere, Minute), (TryPassword, Nothing)],
    &[
        (SignUp, Minute),
        (MendAway, Minute),
        (MendHere, Minute),
        (Resend, Nothing),
        (TryPassword, Nothing),
    ],
    &[(SignUp, OwnerChangesPassword), (TryPassword, Nothing), (Look, Nothing)],
    &[(SignUp, ReaderResets), (TryPassword, Minute), (Resend, Nothing), (WrongCode, Nothing)],
    &[(SignUp, ReaderSignsUp), (TryPassword, ReaderResets), (TryPassword, Nothing)],
];

/// A sequence that begins with a sign-up three times out of four: without one there is
/// little to ask for.
fn sequences() -> impl Strategy<Value = Vec<Step>> {
    let request = prop_oneof![
        Just(SignUp),
        Just(MendHere),
        Just(MendAway),
        Just(Resend),
        Just(WrongCode),
        Just(TryPassword),
        Just(TryPassword),
        Just(LogInWrong),
        Just(Forgot),
        Just(Look),
    ];
    let meanwhile = prop_oneof![
        3 => Just(Nothing),
        3 => Just(Minute),
        1 => Just(OwnerLogsIn),
        1 => Just(OwnerChangesPassword),
        1 => Just(ReaderSignsUp),
        1 => Just(ReaderResets),
    ];
    let first = prop_oneof![3 => Just(SignUp), 1 => request.clone()];
    let others = proptest::collection::vec((request, meanwhile.clone()), 1..=4);
    (first, meanwhile, others).prop_map(|(first, meanwhile, others)| {
        std::iter::once((first, meanwhile)).chain(others).collect()
    })
}

/// An address in an app of its own, so that what is done for it can be counted.
struct Case {
    app: TestApp,
    standing: Standing,
    /// Whether the address has an owner who reads its mail and logs in.
    has_owner: bool,
}

impl Case {
    /// An address without owner, and all others beside it.
    async fn all() -> Vec<Self> {
        let mut cases = vec![Self::of(Standing::Unknown, false)];
        cases.extend(Standing::ALL.map(|standing| Self::of(standing, true)));
        join_all(cases).await
    }

    async fn of(standing: Standing, has_owner: bool) -> Self {
        Self { app: silent_app(Backend::Sqlite).await, standing, has_owner }
    }

    async fn request(&self, request: Request, walk: &mut Walk<'_>) {
        let email = &walk.email.clone();
        let log_in = |password| [("email", &**email), ("password", password)];
        match request {
            SignUp => {
                walk.post("/signup", &[("email", email)]).await;
            }
            MendHere => walk.post("/mailbox/email", &[("email", email)]).await,
            MendAway => walk.post("/mailbox/email", &[("email", &format!("x{email}"))]).await,
            Resend => walk.post("/mailbox/resend", &[]).await,
            WrongCode => walk.post("/mailbox/code", &[("code", "ZZZZ-ZZZZ")]).await,
            TryPassword => walk.post("/login", &log_in(STRANGERS)).await,
            LogInWrong => walk.post("/login", &log_in("not the right one")).await,
            Forgot => walk.post("/forgot-password", &[("email", email)]).await,
            Look => walk.get("/mailbox").await,
        }
    }

    async fn meanwhile(&self, meanwhile: Meanwhile, email: &str) {
        self.app.mailbox.catcher().set_fault(Fault::None);
        mails_sent(&self.app).await;
        match meanwhile {
            Nothing => {}
            Minute => self.app.clock.advance(auth::RESEND_PAUSE),
            _ if !self.has_owner => {}
            OwnerLogsIn => drop(self.log_in(email).await),
            OwnerChangesPassword => self.change_password(email).await,
            ReaderSignsUp => self.sign_up(email).await,
            ReaderResets => self.reset(email).await,
        }
        mails_sent(&self.app).await;
    }

    async fn log_in(&self, email: &str) -> Result<LoggedIn, LogInError> {
        let log_in = LogIn {
            email: address(email),
            password: text(PASSWORD),
            remember: false,
            next_path: None,
            remembered: None,
        };
        self.app.accounts().sessions().log_in(log_in, None, &owner()).await
    }

    async fn change_password(&self, email: &str) {
        let Ok(LoggedIn { principal, .. }) = self.log_in(email).await else { return };
        let change = ChangePassword { current: text(PASSWORD), new: text(NEW_PASSWORD) };
        let changed = self
            .app
            .accounts()
            .credentials()
            .change_password(&principal, change, None, &owner())
            .await;
        changed.expect("the password is right");
    }

    /// The address has an account from now on, if it had none. Past the pages, so that it takes
    /// none of the mails that the address may get.
    async fn sign_up(&self, email: &str) {
        let found = self.app.accounts().administration().find_user(&address(email)).await;
        if found.expect("the database is there").is_none() && self.standing != Standing::Left {
            people::sign_up(&self.app, email).await;
        }
        people::confirm(&self.app, email).await;
    }

    async fn reset(&self, email: &str) {
        let asked = self
            .app
            .accounts()
            .credentials()
            .request_password_reset(&address(email), &owner())
            .await;
        asked.expect("the database is there");
        mails_sent(&self.app).await;
        let Some(token) = self.newest(email, "/reset-password/").await else { return };
        let reset = ResetPassword { token, password: text(NEW_PASSWORD) };
        let _void = self.app.accounts().credentials().reset_password(reset, &owner()).await;
    }

    /// The token of the newest link of this kind that was mailed to the address.
    async fn newest(&self, email: &str, prefix: &str) -> Option<Token> {
        let mails = self.app.mailbox.all_to(email).await;
        let path = mails.iter().rev().find_map(|mail| mail.find_link(prefix))?;
        path.rsplit('/').next()?.parse().ok()
    }
}

/// Where owners sit.
fn owner() -> Client {
    Client::new([198, 51, 100, 7].into(), "owner")
}

fn text(password: &str) -> Password {
    Password::parse(password).expect("a password")
}

/// ENU-01, ENU-04, ENU-08, LOG-02, REG-02: whatever a stranger does in up to five steps
/// with an address, an account that it has shows in no status, header, cookie, word of a
/// page or run of Argon2, whether or not its owner acts meanwhile.
#[tokio::test]
async fn no_sequence_of_requests_tells_whether_an_address_has_an_account() {
    let cases = Case::all().await;
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[SEED; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let drawn = std::iter::repeat_with(|| {
        sequences().new_tree(&mut runner).expect("nothing is filtered").current()
    });
    let told = TOLD.iter().map(|steps| steps.to_vec());
    let (began, mut failures) = (Instant::now(), String::new());
    for (number, steps) in told.chain(drawn).take(SEQUENCES).enumerate() {
        if number >= TOLD.len() && began.elapsed() > LONGEST {
            break;
        }
        let transport = Transport::ALL[number % Transport::ALL.len()];
        let walks = join_all(cases.iter().map(|case| walk(case, number, transport, &steps))).await;
        if let Some(difference) = difference(&cases, &walks) {
            let _infallible = writeln!(failures, "seed {SEED}, {number}: {steps:?}\n{difference}");
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

async fn walk<'a>(case: &'a Case, number: usize, transport: Transport, steps: &[Step]) -> Walk<'a> {
    let purpose = number.to_string();
    Box::pin(case.standing.establish(&case.app, &purpose)).await;
    let email = case.standing.email(&purpose);
    let mut walk = Walk::begin(&case.app, transport, email.clone()).await;
    for (request, meanwhile) in steps {
        case.request(*request, &mut walk).await;
        case.meanwhile(*meanwhile, &email).await;
    }
    walk
}

/// What tells the first case from another, if anything does.
fn difference(cases: &[Case], walks: &[Walk<'_>]) -> Option<String> {
    let (first, others) = walks.split_first()?;
    for (case, walk) in cases.iter().skip(1).zip(others) {
        if walk.hashed != first.hashed {
            return Some(format!("{:?}: {:?} and {:?}", case.standing, first.hashed, walk.hashed));
        }
        for (step, (one, other)) in first.seen.iter().zip(&walk.seen).enumerate() {
            if one != other {
                return Some(format!("{:?}, step {step}: {one:?}\n{other:?}", case.standing));
            }
        }
    }
    None
}
