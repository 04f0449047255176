//! What the answers cost: the same runs of Argon2 and the same statements, whatever has
//! become of an address. How long that takes is measured by `cargo xtask bench`.

use auth::{Accounts, Client, LogIn, LogInError, ProofCookie};
use domain::{EmailAddress, Password, Principal};
use tests::{Backend, TestApp};

use super::standing::{Age, Standing, scene};
use crate::{cast::NOAH, people};

/// What is asked of the server.
#[derive(Clone, Copy, Debug)]
enum Wish {
    LogIn,
    SignUp,
    Reset,
    /// To have signed up with this address instead.
    MendTo,
    /// To have signed up with another.
    MendFrom,
    /// To have signed up with the address that it was.
    MendToItself,
    /// Email sent after a sign-up.
    Resend,
    /// To log in where a sign-up was asked for.
    LogInBesideSignUp,
    /// To change to this address, as a logged-in user.
    ChangeTo,
}

const WISHES: [Wish; 9] = [
    Wish::LogIn,
    Wish::SignUp,
    Wish::Reset,
    Wish::MendTo,
    Wish::MendFrom,
    Wish::Resend,
    Wish::ChangeTo,
    Wish::MendToItself,
    Wish::LogInBesideSignUp,
];

/// What a browser sends that would be known, were the signature ours.
const DEVICE: &str = "ZZZZZZZZZZZZZZZZZZZZZZ.ZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZA";

/// A stranger, and the use cases that nothing else uses.
struct Stranger<'a> {
    app: &'a TestApp,
    accounts: &'a Accounts,
    client: Client,
    asker: Principal,
}

impl Wish {
    fn purpose(self) -> String {
        format!("{self:?}").to_lowercase()
    }

    /// Runs of Argon2 and statements that the wish takes for this address.
    async fn cost(self, stranger: &Stranger<'_>, email: &str) -> (u64, u64) {
        let Stranger { accounts, client, .. } = stranger;
        let (address, other) = (parse(email), parse(&format!("x{email}")));
        let cookie = match self {
            Self::LogIn | Self::SignUp | Self::Reset | Self::ChangeTo => None,
            Self::MendTo => Some(stranger.sign_up(&other).await),
            Self::MendFrom | Self::MendToItself | Self::Resend | Self::LogInBesideSignUp => {
                Some(stranger.sign_up(&address).await)
            }
        };
        stranger.app.clock.advance(auth::RESEND_PAUSE);
        let before = stranger.counts();
        match (self, &cookie) {
            (Self::LogIn | Self::LogInBesideSignUp, _) => {
                assert_eq!(stranger.log_in(&address).await, LogInError::WrongCredentials);
            }
            (Self::Reset, _) => {
                let asked = accounts.credentials().request_password_reset(&address, client).await;
                asked.expect("it is queued");
            }
            (Self::ChangeTo, _) => stranger.change_to(&address).await,
            (Self::Resend, Some(cookie)) => {
                let resent = accounts.registration().resend_proof(cookie.expose(), client).await;
                resent.expect("it is queued");
            }
            (_, Some(cookie)) => {
                let to = if matches!(self, Self::MendFrom) { &other } else { &address };
                stranger.mend(cookie, to).await;
            }
            (_, None) => drop(stranger.sign_up(&address).await),
        }
        let after = stranger.counts();
        (after.0 - before.0, after.1 - before.1)
    }
}

impl Stranger<'_> {
    /// Runs of Argon2 and statements until now.
    fn counts(&self) -> (u64, u64) {
        let operations = self.accounts.operations();
        (operations.hash_count(), operations.statement_count())
    }

    async fn sign_up(&self, email: &EmailAddress) -> ProofCookie {
        let asked = self.accounts.registration().request_sign_up(email, &self.client).await;
        asked.expect("it is queued")
    }

    async fn change_to(&self, email: &EmailAddress) {
        let account = self.accounts.account();
        let asked = account.request_email_change(&self.asker, email, &self.client).await;
        asked.expect("it is queued");
    }

    async fn mend(&self, cookie: &ProofCookie, to: &EmailAddress) {
        let mended =
            self.accounts.registration().correct_address(cookie.expose(), to, &self.client);
        Box::pin(mended).await.expect("it is queued");
    }

    async fn log_in(&self, email: &EmailAddress) -> LogInError {
        let log_in = LogIn {
            email: email.clone(),
            password: password(),
            remember: false,
            next_path: None,
            remembered: None,
        };
        self.accounts
            .sessions()
            .log_in(log_in, Some(DEVICE), &self.client)
            .await
            .expect_err("it is not theirs")
    }
}

fn parse(email: &str) -> EmailAddress {
    EmailAddress::parse(email).unwrap()
}

fn password() -> Password {
    Password::parse("three swans in a van").unwrap()
}

/// ENU-01, ENU-02, ENU-03, ENU-04.
#[tokio::test]
async fn what_has_become_of_an_address_changes_nothing_of_what_is_done() {
    for backend in Backend::available() {
        for age in [Age::Fresh, Age::Old] {
            let app = scene(backend, age, &WISHES.map(Wish::purpose)).await;
            let accounts = app.idle_accounts().await;
            let client = Client::new([192, 0, 2, 1].into(), "tests");
            people::seed_admin(&app, NOAH).await;
            let log_in = LogIn {
                email: parse(NOAH),
                password: Password::parse(people::PASSWORD).unwrap(),
                remember: false,
                next_path: None,
                remembered: None,
            };
            let asker = accounts
                .sessions()
                .log_in(log_in, None, &client)
                .await
                .expect("it is theirs")
                .principal;
            let stranger = Stranger { app: &app, accounts: &accounts, client, asker };
            for wish in WISHES {
                let mut costs = Vec::new();
                for standing in Standing::ALL {
                    let email = standing.email(&wish.purpose());
                    costs.push((standing, Box::pin(wish.cost(&stranger, &email)).await));
                }

                let even =
                    costs.iter().all(|(_, cost)| Some(cost) == costs.first().map(|it| &it.1));
                assert!(even, "{backend:?} {age:?} {wish:?}: {costs:?}");
            }
        }
    }
}

/// ENU-01: also while some hash is more expensive than those of today, for a disabled account and
/// for one that was not confirmed in time.
#[tokio::test]
async fn a_right_password_that_does_not_log_in_takes_as_many_runs_as_a_wrong_one() {
    let app = scene(Backend::Sqlite, Age::Fresh, &[Wish::LogIn.purpose()]).await;
    let dear = TestApp::with(|settings| settings.password.memory_kib = 128).await;
    people::sign_up(&dear, people::MIA).await;
    let hash = dear.database.texts("SELECT password_hash FROM users").await.remove(0);
    let [seen, disabled, unproven] =
        [Standing::Confirmed, Standing::Disabled, Standing::Unconfirmed]
            .map(|standing| standing.email(&Wish::LogIn.purpose()));
    let plant = format!("UPDATE users SET password_hash = '{hash}' WHERE email = '{seen}'");
    app.database.execute(&plant).await;
    let (accounts, client) = (app.accounts(), Client::new([192, 0, 2, 1].into(), "tests"));
    let runs = async |email: &str, password: &str| {
        let before = accounts.operations().hash_count();
        let password = Password::parse(password).unwrap();
        let log_in = LogIn {
            email: parse(email),
            password,
            remember: false,
            next_path: None,
            remembered: None,
        };
        let refused = accounts.sessions().log_in(log_in, None, &client).await;
        assert!(matches!(refused, Err(LogInError::WrongCredentials)), "{email}: {refused:?}");
        accounts.operations().hash_count() - before
    };
    assert_eq!(runs(&seen, "not the right password").await, 1);

    for email in [&disabled, &unproven] {
        assert_eq!(runs(email, "not the right password").await, 2, "{email}");
        assert_eq!(runs(email, people::PASSWORD).await, 2, "{email}");
    }
}
