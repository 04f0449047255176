//! Measures whether response times reveal that an address has an account (user enumeration).
//! Compares the medians of interleaved requests for every form that takes an address from an
//! anonymous visitor, and for the form with which a user changes their address.
//!
//! Log-ins are with a wrong password: a right one on an account with a second factor leads to another
//! page, and may take another time.
//!
//! Two of the groups are alike, and their difference is the noise. The attempt with the smallest
//! spread counts, and attempts with little noise come first.

use std::{
    fmt,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use auth::password::{PasswordHash, PasswordHasher, PasswordSettings};
use domain::{Clock, Password, Role, random};
use store::Store;

use super::{
    client::{Connection, Request},
    database::{Database, PASSWORD, Person, add_people},
    person::Form,
    report::Row,
    server::Server,
    standing::{STANDINGS, Standing, establish},
};
use xtask::mail_catcher::MailCatcher;

/// The highest allowed ratio between the medians of two groups.
const MAX: f64 = 1.05;
/// The highest ratio between the two alike groups at which an attempt counts as quiet.
const QUIET: f64 = 1.02;
const ATTEMPTS: u32 = 5;
/// One part in this many of the requests of each group warms up and does not count.
const WARM_UP: usize = 10;
/// The time that the mail which a request causes may take.
const PAUSE: Duration = Duration::from_millis(4);
const SETTINGS: &[(&str, &str)] = &[
    ("LATCHKEY__ACCOUNTS__SIGNUP", "confirmed"),
    ("LATCHKEY__LIMITS__LOGIN_PER_ACCOUNT", "1000000/1m"),
    ("LATCHKEY__LIMITS__LOGIN_PER_CLIENT", "1000000/1m"),
    ("LATCHKEY__LIMITS__SIGNUP_PER_CLIENT", "1000000/1m"),
    ("LATCHKEY__LIMITS__SIGNUP_CHECK_PER_CLIENT", "1000000/1m"),
    ("LATCHKEY__LIMITS__FORGOT_PER_ADDRESS", "1000000/1m"),
    ("LATCHKEY__LIMITS__FORGOT_PER_CLIENT", "1000000/1m"),
    ("LATCHKEY__LIMITS__FORGOT_IN_ALL", "1000000/1m"),
    ("LATCHKEY__LIMITS__MAILS_PER_DOMAIN", "1000000/1m"),
    ("LATCHKEY__LIMITS__EMAIL_CHANGE_PER_ACCOUNT", "1000000/1m"),
];

/// A form, its fields besides the address, and how often it is sent for each standing: often enough
/// that eight medians of equal work stay within the bound.
struct Target {
    path: &'static str,
    fields: &'static str,
    statuses: &'static [u16],
    rounds: usize,
}

/// The form that hashes a password, measured at the default cost.
const HASHING: [Target; 1] =
    [Target { path: "/login", fields: "password=not+the+right+one", statuses: &[422], rounds: 60 }];
/// The form of a logged-in user.
const EMAIL_CHANGE: &str = "/settings/email";
/// The forms that hash no password.
const PLAIN: [Target; 5] = [
    Target { path: "/signup", fields: "", statuses: &[303], rounds: 300 },
    Target { path: "/forgot-password", fields: "", statuses: &[303], rounds: 300 },
    Target { path: "/mailbox/email", fields: "", statuses: &[303], rounds: 300 },
    Target { path: EMAIL_CHANGE, fields: "", statuses: &[303], rounds: 300 },
    Target { path: "/signup/check", fields: "field=email", statuses: &[200], rounds: 1_000 },
];

/// The medians of the groups, in microseconds.
struct Medians([f64; STANDINGS.len()]);

pub(super) async fn run() -> Result<Vec<Row>> {
    let cheap = PasswordSettings { memory_kib: 64, iterations: 1, ..PasswordSettings::default() };
    let mut rows = measure(&HASHING, &PasswordSettings::default()).await?;
    rows.extend(measure(&PLAIN, &cheap).await?);
    Ok(rows)
}

async fn measure(targets: &[Target], password: &PasswordSettings) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for target in targets {
        let mut best: Option<Medians> = None;
        for _ in 0..ATTEMPTS {
            let medians = attempt(target, password).await?;
            if best.as_ref().is_none_or(|best| medians.rank() < best.rank()) {
                best = Some(medians);
            }
            if best.as_ref().is_some_and(|best| best.rank() <= (false, MAX)) {
                break;
            }
        }
        let best = best.context("nothing was measured")?;
        rows.push(Row::at_most_times(
            format!("enumeration: {}", target.path),
            best.to_string(),
            best.spread(),
            MAX,
        ));
    }
    Ok(rows)
}

/// Runs one attempt on a new database.
async fn attempt(target: &Target, password: &PasswordSettings) -> Result<Medians> {
    let database = Database::create("enumeration").await?;
    let hasher = PasswordHasher::start(password)?;
    let hash = hasher.hash(&Password::parse(PASSWORD)?).await?;
    let store = database.open().await?;
    populate(&store, target.rounds, &hash).await?;
    let askers = add_people(&store, 1, Role::USER, password).await?;
    let asker = askers.first().context("there is no user who asks")?;
    store.close().await?;
    let catcher = MailCatcher::start(([127, 0, 0, 1], 0).into()).await?;
    let mail = format!("smtp://{}", catcher.addr());
    let (memory, iterations) = (password.memory_kib.to_string(), password.iterations.to_string());
    let more = [
        ("LATCHKEY__MAIL__URL", mail.as_str()),
        ("LATCHKEY__PASSWORD__MEMORY_KIB", &memory),
        ("LATCHKEY__PASSWORD__ITERATIONS", &iterations),
    ];
    let server = Server::start(&database, &[SETTINGS, &more].concat())?;
    interleave(&server, target, asker).await
}

async fn populate(store: &Store, count: usize, hash: &PasswordHash) -> Result<()> {
    let now = Clock::system().now();
    let tx = store.begin().await?;
    for standing in STANDINGS {
        for round in 0..count {
            establish(&tx, standing, &standing.email(round), hash, now).await?;
        }
    }
    Ok(tx.commit().await?)
}

/// Sends one request of each group per round, in a random order.
async fn interleave(server: &Server, target: &Target, asker: &Person) -> Result<Medians> {
    let mut connection = Connection::open(server.address()).await?;
    let form = match target.path {
        EMAIL_CHANGE => asker.form(server, &mut connection, EMAIL_CHANGE).await?,
        _ => Form::open(server, &mut connection).await?,
    };
    let mut times: [Vec<f64>; STANDINGS.len()] = Default::default();
    for round in 0..target.rounds {
        let mut order: Vec<_> = STANDINGS.into_iter().zip(&mut times).collect();
        order.sort_by_key(|_| random::bytes::<8>());
        for (standing, times) in order {
            let email = standing.email(round);
            let request = request(server, &mut connection, &form, target, &email).await?;
            let began = Instant::now();
            let answer = connection.send(&request).await?;
            let time = began.elapsed();
            let (status, path) = (answer.status, target.path);
            ensure!(request.is_answered_by(&answer), "{path} is answered with {status}");
            if round >= target.rounds / WARM_UP {
                times.push(time.as_secs_f64() * 1e6);
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
    Ok(Medians(times.map(median)))
}

/// Returns the form, filled in for the address. The form that corrects an address needs a browser
/// that has signed up with another address.
async fn request(
    server: &Server,
    connection: &mut Connection,
    form: &Form,
    target: &Target,
    email: &str,
) -> Result<Request> {
    let mut cookie = form.cookie.clone();
    if target.path == "/mailbox/email" {
        let fields = form.with(&format!("email=x{email}"));
        let sign_up = Request::post(server.address(), "/signup", &cookie, &fields);
        let answer = connection.send(&sign_up).await?;
        let proof = answer.cookie("latchkey-proof").context("nothing to wait for")?;
        cookie = format!("{cookie}; {proof}");
        tokio::time::sleep(PAUSE).await;
    }
    let fields = form.with(&format!("email={email}&{}", target.fields));
    let mut request = Request::post(server.address(), target.path, &cookie, &fields);
    request.statuses = target.statuses;
    Ok(request)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::INFINITY)
}

impl Medians {
    /// Returns the ratio of the slowest median to the fastest.
    fn spread(&self) -> f64 {
        let [(fastest, _), (slowest, _)] = self.extremes();
        slowest / fastest
    }

    /// Returns the order of attempts: quiet ones first, then the smallest spread.
    fn rank(&self) -> (bool, f64) {
        (self.noise() > QUIET, self.spread())
    }

    /// Returns the fastest and the slowest group.
    fn extremes(&self) -> [(f64, Standing); 2] {
        let groups = || self.0.into_iter().zip(STANDINGS);
        let none = (f64::INFINITY, Standing::Unknown);
        let by_time = |one: &(f64, Standing), other: &(f64, Standing)| one.0.total_cmp(&other.0);
        [groups().min_by(by_time).unwrap_or(none), groups().max_by(by_time).unwrap_or(none)]
    }

    /// Returns the ratio between the two groups that are alike, at least 1.
    fn noise(&self) -> f64 {
        let [one, other, ..] = self.0;
        (one / other).max(other / one)
    }
}

impl fmt::Display for Medians {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [(fastest, quick), (slowest, slow)] = self.extremes();
        let noise = self.noise();
        write!(f, "{slowest:.0} µs {slow:?} : {fastest:.0} µs {quick:?}, noise {noise:.3}")
    }
}
