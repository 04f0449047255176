//! What can have become of an address, and accounts of which each has.

use std::time::Duration;

use auth::{Client, Order, SignupMode};
use tests::{Backend, TestApp};

use crate::{
    factors,
    people::{self, mails_sent},
};

/// Long enough that a proof of address is worth nothing any more.
const OLD: Duration = Duration::from_hours(49);

/// What has become of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Confirmed,
    Unknown,
    Unconfirmed,
    Disabled,
    /// Its owner has asked for the deletion, and may still take that back.
    Leaving,
    /// It had an owner: a mail, a session and a timeline are left of that, but no account.
    Deleted,
    /// Its owner has another address for less than a week, and can go back to it.
    Left,
    /// The owner has reported a compromise, so the account has no password.
    Void,
    /// The account has a second factor.
    Protected,
    /// The account has a second factor and no password.
    Passwordless,
}

/// Since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Age {
    Fresh,
    Old,
}

impl Standing {
    pub(super) const ALL: [Self; 10] = [
        Self::Confirmed,
        Self::Unknown,
        Self::Unconfirmed,
        Self::Disabled,
        Self::Leaving,
        Self::Deleted,
        Self::Left,
        Self::Void,
        Self::Protected,
        Self::Passwordless,
    ];

    /// An address of this standing, as long as those of the others, that only `purpose`
    /// uses.
    pub(super) fn email(self, purpose: &str) -> String {
        let name = match self {
            Self::Confirmed => "mia",
            Self::Unknown => "leo",
            Self::Unconfirmed => "zoe",
            Self::Disabled => "ida",
            Self::Leaving => "mae",
            Self::Deleted => "eva",
            Self::Left => "lea",
            Self::Void => "max",
            Self::Protected => "amy",
            Self::Passwordless => "nia",
        };
        format!("{name}.{purpose}@example.test")
    }

    /// Makes of the address what it is to be.
    pub(super) async fn establish(self, app: &TestApp, purpose: &str) {
        let email = self.email(purpose);
        let orders: &[Order] = match self {
            Self::Unknown => return,
            Self::Unconfirmed => &[],
            Self::Confirmed
            | Self::Leaving
            | Self::Deleted
            | Self::Left
            | Self::Void
            | Self::Protected
            | Self::Passwordless => &[Order::Confirm],
            Self::Disabled => &[Order::Confirm, Order::Disable],
        };
        people::sign_up(app, &email).await;
        for order in orders {
            people::order(app, &email, order.clone()).await;
        }
        match self {
            Self::Left => drop(people::undo_path(app, &email, &format!("new-{email}")).await),
            Self::Void => {
                let path = people::compromise_report_path(app, &email).await;
                let link = path.rsplit('/').next().and_then(|token| token.parse().ok());
                let client = Client::new([192, 0, 2, 1].into(), "tests");
                let reported = app
                    .accounts()
                    .credentials()
                    .report_compromise(&link.expect("a token"), &client)
                    .await;
                reported.expect("the link is good");
            }
            Self::Protected => drop(factors::protect(app, &email).await),
            Self::Passwordless => {
                factors::protect(app, &email).await;
                let sql = format!("UPDATE users SET password_hash = '!' WHERE email = '{email}'");
                app.database.execute(&sql).await;
            }
            Self::Leaving => leave(app, &email).await,
            Self::Deleted => {
                leave(app, &email).await;
                end_grace(app, &email).await;
            }
            Self::Confirmed | Self::Unknown | Self::Unconfirmed | Self::Disabled => {}
        }
    }
}

/// An app that does not tell which addresses have accounts, with an address of each standing for
/// each purpose. Limits count per network, and the tests come from many.
pub(super) async fn scene(backend: Backend, age: Age, purposes: &[String]) -> TestApp {
    let app = silent_app(backend).await;
    for purpose in purposes {
        for standing in Standing::ALL {
            Box::pin(standing.establish(&app, purpose)).await;
        }
    }
    mails_sent(&app).await;
    if age == Age::Old {
        app.clock.advance(OLD);
        app.accounts().operations().sweep().await.expect("the database is there");
    }
    app
}

/// An app that does not tell which addresses have accounts. Limits count per network, and the tests
/// come from many.
pub(super) async fn silent_app(backend: Backend) -> TestApp {
    TestApp::on(backend, |settings| {
        settings.accounts.signup = SignupMode::Confirmed;
        settings.limits.enabled = true;
        let many = auth::Rate::new(1_000_000, Duration::from_mins(1));
        settings.limits.signup_per_client = many;
        settings.limits.login_per_client = many;
        settings.limits.forgot_per_client = many;
        settings.limits.email_change_per_account = many;
    })
    .await
}

/// Has the owner log in, ask for a reset link, and then for the deletion.
async fn leave(app: &TestApp, email: &str) {
    let (address, client) = (people::address(email), auth::Client::new([192, 0, 2, 9].into(), ""));
    let principal = people::principal(app, email).await;
    app.accounts()
        .credentials()
        .request_password_reset(&address, &client)
        .await
        .expect("it is queued");
    app.accounts().account().request_deletion(&principal, &client).await.expect("it is no admin");
}

/// Lets the grace of the account be over, and removes it. Unlike an address that never had
/// an account this one is still named in the outbox.
async fn end_grace(app: &TestApp, email: &str) {
    let overdue = format!("UPDATE users SET delete_after = 1 WHERE email = '{email}'");
    app.database.execute(&overdue).await;
    app.accounts().operations().sweep().await.expect("the database is there");
    let rows = |table| format!("SELECT 'row' FROM {table}");
    let users = app.database.texts(&format!("{} WHERE email = '{email}'", rows("users"))).await;
    let mails = format!("{} WHERE recipient = '{email}'", rows("outbox"));
    let mails = app.database.texts(&mails).await;
    assert!(users.is_empty() && !mails.is_empty(), "{email}");
}
