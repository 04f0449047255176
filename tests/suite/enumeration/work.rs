//! What the answers cost: the same runs of Argon2 and the same statements, whatever has
//! become of an address. How long that takes is measured by `cargo xtask bench`.

use auth::{Accounts, Client, LogIn, LogInError, ProofCookie, SignUp, SignedUp};
use domain::{DisplayName, EmailAddress, Password, Principal};
use tests::{Backend, TestApp};

use super::standing::{Age, Standing, scene};
use crate::people;

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
    /// Another mail after a sign-up.
    Resend,
    /// To log in with the password of a sign-up.
    LogInAnew,
    /// To have this address, of somebody who is logged in.
    ChangeTo,
}

const WISHES: [Wish; 8] = [
    Wish::LogIn,
    Wish::SignUp,
    Wish::Reset,
    Wish::MendTo,
    Wish::MendFrom,
    Wish::Resend,
    Wish::LogInAnew,
    Wish::ChangeTo,
];

/// What a browser sends that would be known, were the signature ours.
const DEVICE: &str = "ZZZZZZZZZZZZZZZZZZZZZZ.ZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZA";

/// Somebody with an account, who asks for other addresses.
const ASKER: &str = "noa@example.test";

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
            Self::MendFrom | Self::Resend | Self::LogInAnew => {
                Some(stranger.sign_up(&address).await)
            }
        };
        stranger.app.clock.advance(auth::RESEND_PAUSE);
        let before = (accounts.hash_count(), accounts.statement_count());
        match (self, &cookie) {
            (Self::LogIn, _) => {
                assert_eq!(stranger.log_in(&address).await, LogInError::WrongCredentials);
            }
            (Self::LogInAnew, _) => {
                let refused = stranger.log_in(&address).await;
                assert!(matches!(refused, LogInError::Unconfirmed(_)), "{refused:?}");
            }
            (Self::Reset, _) => {
                accounts.request_password_reset(&address, client).await.expect("it is queued");
            }
            (Self::ChangeTo, _) => {
                let asked = accounts.request_email_change(&stranger.asker, &address, client).await;
                asked.expect("it is queued");
            }
            (Self::Resend, Some(cookie)) => {
                accounts.resend_proof(cookie.expose(), client).await.expect("it is queued");
            }
            (_, Some(cookie)) => {
                let to = if matches!(self, Self::MendTo) { &address } else { &other };
                let mended = accounts.correct_address(cookie.expose(), to, client).await;
                mended.expect("it is queued");
            }
            (_, None) => drop(stranger.sign_up(&address).await),
        }
        (accounts.hash_count() - before.0, accounts.statement_count() - before.1)
    }
}

impl Stranger<'_> {
    async fn sign_up(&self, email: &EmailAddress) -> ProofCookie {
        let name = DisplayName::parse("Eve").unwrap();
        let new = SignUp { email: email.clone(), name, password: password() };
        match self.accounts.sign_up(new, &self.client).await {
            Ok(SignedUp::Mailbox(cookie)) => cookie,
            other => panic!("{other:?}"),
        }
    }

    async fn log_in(&self, email: &EmailAddress) -> LogInError {
        let log_in = LogIn { email: email.clone(), password: password(), remember: false };
        self.accounts
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
            people::seed_admin(&app, ASKER).await;
            let log_in = LogIn {
                email: parse(ASKER),
                password: Password::parse(people::PASSWORD).unwrap(),
                remember: false,
            };
            let asker =
                accounts.log_in(log_in, None, &client).await.expect("it is theirs").principal;
            let stranger = Stranger { app: &app, accounts: &accounts, client, asker };
            for wish in WISHES {
                let mut costs = Vec::new();
                for standing in Standing::ALL {
                    let email = standing.email(&wish.purpose());
                    costs.push((standing, wish.cost(&stranger, &email).await));
                }

                let even =
                    costs.iter().all(|(_, cost)| Some(cost) == costs.first().map(|it| &it.1));
                assert!(even, "{backend:?} {age:?} {wish:?}: {costs:?}");
            }
        }
    }
}
