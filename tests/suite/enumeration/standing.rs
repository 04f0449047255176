//! What can have become of an address, and accounts of which each has.

use std::time::Duration;

use auth::{Order, SignupMode};
use tests::{Backend, TestApp};

use crate::people::{self, mails_sent};

/// Long enough that a proof of address is worth nothing any more.
const OLD: Duration = Duration::from_hours(49);

/// What has become of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Confirmed,
    Unknown,
    Unconfirmed,
    Disabled,
    Deleted,
}

/// Since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Age {
    Fresh,
    Old,
}

impl Standing {
    pub(super) const ALL: [Self; 5] =
        [Self::Confirmed, Self::Unknown, Self::Unconfirmed, Self::Disabled, Self::Deleted];

    /// An address of this standing, as long as those of the others, that only `purpose`
    /// uses.
    pub(super) fn email(self, purpose: &str) -> String {
        let name = match self {
            Self::Confirmed => "mia",
            Self::Unknown => "leo",
            Self::Unconfirmed => "zoe",
            Self::Disabled => "ida",
            Self::Deleted => "eva",
        };
        format!("{name}.{purpose}@example.test")
    }

    /// Makes of the address what it is to be.
    async fn establish(self, app: &TestApp, purpose: &str) {
        let email = self.email(purpose);
        let orders: &[Order] = match self {
            Self::Unknown => return,
            Self::Unconfirmed => &[],
            Self::Confirmed => &[Order::Confirm],
            Self::Disabled => &[Order::Confirm, Order::Disable],
            Self::Deleted => &[Order::Confirm, Order::Delete],
        };
        people::sign_up(app, &email).await;
        for order in orders {
            people::order(app, &email, *order).await;
        }
    }
}

/// An app that does not tell who has an account, with an address of each standing for
/// each purpose. Limits count, and stop nobody for coming from one machine.
pub(super) async fn scene(backend: Backend, age: Age, purposes: &[String]) -> TestApp {
    let app = TestApp::on(backend, |settings| {
        settings.accounts.signup = SignupMode::Confirmed;
        settings.limits.enabled = true;
        let many = auth::Rate::new(1_000_000, Duration::from_mins(1));
        settings.limits.signup_per_client = many;
        settings.limits.login_per_client = many;
        settings.limits.forgot_per_client = many;
        settings.limits.email_change_per_account = many;
    })
    .await;
    for purpose in purposes {
        for standing in Standing::ALL {
            standing.establish(&app, purpose).await;
        }
    }
    mails_sent(&app).await;
    if age == Age::Old {
        app.clock.advance(OLD);
        app.accounts().sweep().await.expect("the database is there");
    }
    app
}
