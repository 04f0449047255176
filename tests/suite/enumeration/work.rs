//! What the answers cost: the same runs of Argon2 and the same statements, whatever has
//! become of an address. How long that takes is measured by `cargo xtask bench`.

use auth::{Accounts, Client, LogIn, LogInError, SignUp, SignedUp};
use domain::{DisplayName, EmailAddress, Password};
use tests::Backend;

use super::standing::{Age, Standing, scene};

/// What is asked of the server.
#[derive(Clone, Copy, Debug)]
enum Wish {
    LogIn,
    SignUp,
    Reset,
    Correction,
}

const WISHES: [Wish; 4] = [Wish::LogIn, Wish::SignUp, Wish::Reset, Wish::Correction];

impl Wish {
    fn purpose(self) -> String {
        format!("{self:?}").to_lowercase()
    }

    /// Runs of Argon2 and statements that the wish takes for this address.
    async fn cost(self, accounts: &Accounts, email: &str) -> (u64, u64) {
        let client = Client::new([192, 0, 2, 1].into(), "tests");
        let address = EmailAddress::parse(email).unwrap();
        // The correction is one of a sign-up with another address.
        let mistyped = EmailAddress::parse(&format!("x{email}")).unwrap();
        let waiting = match self {
            Self::Correction => Some(sign_up(accounts, &mistyped, &client).await),
            Self::LogIn | Self::SignUp | Self::Reset => None,
        };
        let before = (accounts.hash_count(), accounts.statement_count());
        match (self, waiting) {
            (Self::LogIn, _) => {
                let log_in = LogIn { email: address, password: strangers(), remember: false };
                let refused = accounts.log_in(log_in, None, &client).await;
                assert_eq!(refused.err(), Some(LogInError::WrongCredentials));
            }
            (Self::Reset, _) => {
                accounts.request_password_reset(&address, &client).await.expect("it is queued");
            }
            (Self::Correction, Some(SignedUp::Mailbox(cookie))) => {
                let corrected = accounts.correct_address(cookie.expose(), &address, &client).await;
                corrected.expect("it is queued");
            }
            (Self::SignUp | Self::Correction, _) => {
                sign_up(accounts, &address, &client).await;
            }
        }
        (accounts.hash_count() - before.0, accounts.statement_count() - before.1)
    }
}

async fn sign_up(accounts: &Accounts, email: &EmailAddress, client: &Client) -> SignedUp {
    let name = DisplayName::parse("Eve").unwrap();
    let new = SignUp { email: email.clone(), name, password: strangers() };
    accounts.sign_up(new, client).await.expect("it tells nothing")
}

fn strangers() -> Password {
    Password::parse("three swans in a van").unwrap()
}

/// ENU-01, ENU-02, ENU-03.
#[tokio::test]
async fn what_has_become_of_an_address_changes_nothing_of_what_is_done() {
    for backend in Backend::available() {
        for age in [Age::Fresh, Age::Old] {
            let app = scene(backend, age, &WISHES.map(Wish::purpose)).await;
            let accounts = app.idle_accounts().await;
            for wish in WISHES {
                let mut costs = Vec::new();
                for standing in Standing::ALL {
                    let email = standing.email(&wish.purpose());
                    costs.push((standing, wish.cost(&accounts, &email).await));
                }

                let (_, expected) = costs[0];
                let is_even = costs.iter().all(|(_, cost)| *cost == expected);
                assert!(is_even, "{backend:?} {age:?} {wish:?}: {costs:?}");
            }
        }
    }
}
