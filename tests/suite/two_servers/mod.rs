//! Races between two server processes on one PostgreSQL, which share nothing else. Left
//! out where there is none; on one SQLite file two servers are not promised.
//!
//! Each race is run `TEST_RACE_ROUNDS` times, at least 3. No request gets an error page,
//! and after each round the database is as one winner leaves it.

#![expect(clippy::indexing_slicing, reason = "an expectation that does not hold is a failed test")]

mod accounts;
mod addresses;
mod factors;
mod sessions;

use std::net::Ipv4Addr;

use auth::{Accounts, Client, SignUp};
use domain::{Clock, DisplayName, Password};
use tests::{
    Answer, Browser, Mailbox, RawRequest, ServerProcess, Transport, support::database::Database,
};
use web::{Environment, Settings};

use crate::{
    fault_steps::{PASSWORD, postgres_database, race_rounds},
    people::{SESSION, address},
};

const PUBLIC_URL: &str = "https://latchkey.test";
const SECRET_KEY: &str = "a key for tests that is long enough";

/// Two servers on one database, and an operator who works past them.
struct Pair {
    servers: [ServerProcess; 2],
    operator: Accounts,
    database: Database,
    mailbox: Mailbox,
}

impl Pair {
    /// Two servers with an empty database, which let people sign up in this `mode`.
    async fn start(mode: &str) -> Option<Self> {
        let (url, _) = postgres_database().await?;
        let mailbox = Mailbox::start().await;
        let mail = format!("smtp://{}", mailbox.address());
        let environment = [
            ("LATCHKEY__DATABASE__URL", url.as_str()),
            ("LATCHKEY__MAIL__URL", &mail),
            ("LATCHKEY__SERVER__PUBLIC_URL", PUBLIC_URL),
            ("LATCHKEY__SECRET_KEY", SECRET_KEY),
            ("LATCHKEY__ACCOUNTS__SIGNUP", mode),
            ("LATCHKEY__SESSION__CACHE_TTL", "0s"),
        ];
        let servers =
            [ServerProcess::start(&environment).await, ServerProcess::start(&environment).await];
        let operator = operator(&url).await;
        let database = Database::connect(&url).await;
        Some(Self { servers, operator, database, mailbox })
    }

    /// A browser of one of the servers, on the log-in page.
    async fn browser(&self) -> Browser {
        let mut browser = self.servers[0].browser(Transport::Plain);
        browser.visit("/login").await;
        browser
    }

    /// A browser in which `email` is logged in.
    async fn logged_in(&self, email: &str) -> Browser {
        let mut browser = self.browser().await;
        let form = browser.form("login-form").fill("email", email);
        let page = form.fill("password", PASSWORD).submit().await;
        assert!(page.is_logged_in(), "{email}: {}", page.visible_text());
        browser
    }

    /// The same browser, with a form for the server of this turn.
    fn form(
        &self,
        turn: usize,
        browser: &Browser,
        to: &str,
        fields: &[(&str, &str)],
    ) -> RawRequest {
        let token = browser.csrf_token();
        let fields = [fields, &[("csrf_token", token.as_str())]].concat();
        self.request(turn, browser, "POST", to).same_origin().form(&fields)
    }

    fn request(&self, turn: usize, browser: &Browser, method: &str, path: &str) -> RawRequest {
        let mut there = self.servers[turn % 2].browser(Transport::Plain);
        for cookie in browser.cookies().sent_to("/") {
            there.cookies_mut().plant(&cookie.name, &cookie.value);
        }
        there.raw(method, path)
    }

    /// Whether this session is alive, at both servers.
    async fn is_alive(&self, session: &str) -> bool {
        let mut alive = Vec::new();
        for server in &self.servers {
            let cookie = Some(format!("{SESSION}={session}"));
            let profile = server.browser(Transport::Plain).raw("GET", "/profile");
            let answer = profile.with_cookies(cookie).send().await;
            assert!(matches!(answer.status(), 200 | 303), "{} {}", answer.status, answer.body);
            alive.push(answer.status() == 200);
        }
        assert_eq!(alive[0], alive[1], "the servers disagree");
        alive[0]
    }

    /// Makes an account.
    async fn sign_up(&self, email: &str) {
        let new = SignUp {
            email: address(email),
            name: DisplayName::parse("Mia").unwrap(),
            password: Password::parse(PASSWORD).unwrap(),
        };
        self.operator.registration().sign_up(new, &client()).await.expect("the address is free");
    }

    /// The path of the newest link of this kind to the address, of which there is one.
    async fn link(&self, email: &str, prefix: &str) -> String {
        self.mailbox.wait_for_link(email, prefix).await.link(prefix)
    }

    /// How many rows `sql` finds.
    async fn count(&self, sql: &str) -> usize {
        self.database.texts(sql).await.len()
    }

    /// How often this happened to the account with the address.
    async fn events(&self, email: &str, event: &str) -> usize {
        let sql = format!(
            "SELECT e.event FROM security_events e JOIN users u ON u.id = e.user_id \
             WHERE u.email = '{email}' AND e.event = '{event}'"
        );
        self.count(&sql).await
    }
}

/// The use cases on the same database in a third process, this one.
async fn operator(url: &str) -> Accounts {
    let mut settings = Settings::default();
    settings.environment = Environment::Test;
    settings.database.url = url.to_owned().try_into().expect("a database URL");
    settings.secret_key = Some(SECRET_KEY.to_owned().into());
    settings.server.public_url = PUBLIC_URL.parse().expect("a URL");
    settings.password.memory_kib = 64;
    settings.password.iterations = 1;
    settings.limits.enabled = false;
    app::app().open_accounts(&settings, Clock::system()).await.expect("the database is there")
}

fn client() -> Client {
    Client::new(Ipv4Addr::LOCALHOST.into(), "tests")
}

/// How often each race is run.
fn rounds() -> std::ops::Range<usize> {
    0..race_rounds(3)
}

/// Asserts that no answer asked to come back, as the servers had time for all; the statuses, the
/// lowest first.
#[track_caller]
fn statuses(answers: &[Answer]) -> Vec<u16> {
    let mut statuses: Vec<_> = answers.iter().map(Answer::status).collect();
    statuses.sort_unstable();
    assert!(statuses.iter().all(|status| *status < 500), "{statuses:?}");
    statuses
}

/// That one was served and the others were told no, in one of these ways.
#[track_caller]
fn assert_one_won(answers: &[Answer], refusals: &[u16], what: &str) {
    let statuses = statuses(answers);
    let [first, others @ ..] = &statuses[..] else { panic!("{what}: nobody was served") };
    assert_eq!(*first, 303, "{what}: {statuses:?}");
    assert!(others.iter().all(|status| refusals.contains(status)), "{what}: {statuses:?}");
}

fn session_in(answer: &Answer) -> Option<String> {
    let cookies = answer.cookies();
    let session = cookies.into_iter().find(|cookie| cookie.name == SESSION)?;
    Some(session.value).filter(|value| !value.is_empty())
}
