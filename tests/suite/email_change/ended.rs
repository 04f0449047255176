//! A thief's wish for another address that is still under way when the owner locks them
//! out.

use auth::{Accounts, Client, Order, RequestEmailChangeError, ResetPassword};
use domain::{EmailAddress, Password, Token};
use tests::{Backend, TestApp, Transport};

use super::NEW_MIA;
use crate::{
    fault_steps::{are_blocked, form_again},
    flows::{MIA, NEW_PASSWORD, logged_in, make_user},
    people::{self, mails_sent, newest_link},
};

/// What ends every session.
#[derive(Clone, Copy, Debug)]
enum End {
    Reset,
    CompromiseReport,
    Undo,
    Disable,
}

impl End {
    const ALL: [Self; 4] = [Self::Reset, Self::CompromiseReport, Self::Undo, Self::Disable];

    /// The link in a mail that the owner has got.
    async fn link(self, app: &TestApp) -> String {
        match self {
            Self::Disable => String::new(),
            Self::Reset => people::reset_path(app, MIA).await,
            Self::CompromiseReport => {
                logged_in(app, Transport::Plain, MIA).await;
                logged_in(app, Transport::Plain, MIA).await;
                newest_link(app, MIA, "/not-me/").await
            }
            Self::Undo => people::undo_path(app, "old@example.test", MIA).await,
        }
    }

    async fn come(self, accounts: &Accounts, link: &str) {
        let client = Client::new([192, 0, 2, 1].into(), "tests");
        let token = || link.rsplit('/').next().unwrap().parse::<Token>().unwrap();
        match self {
            Self::Reset => {
                let password = Password::parse(NEW_PASSWORD).unwrap();
                let reset = ResetPassword { token: token(), password };
                accounts.credentials().reset_password(reset, &client).await.unwrap();
            }
            Self::CompromiseReport => {
                accounts.credentials().report_compromise(&token(), &client).await.unwrap();
            }
            Self::Undo => {
                accounts.account().undo_email_change(&token(), &client).await.unwrap();
            }
            Self::Disable => {
                let email = EmailAddress::parse(MIA).unwrap();
                accounts.administration().order(&email, Order::Disable).await.unwrap();
            }
        }
    }
}

/// RAC-02, RST-09: who was let in to ask, and waits while the session is ended, leaves no
/// link that would be good for a day without one.
#[tokio::test]
async fn a_wish_that_outlives_its_session_leaves_no_link() {
    for backend in Backend::available() {
        for end in End::ALL {
            let app = TestApp::on(backend, |_| {}).await;
            let owned = if matches!(end, End::Undo) { "old@example.test" } else { MIA };
            make_user(&app, owned).await;
            let link = end.link(&app).await;
            let thief = people::principal(&app, MIA).await;
            let client = Client::new([192, 0, 2, 2].into(), "tests");
            let new = EmailAddress::parse(NEW_MIA).unwrap();

            end.come(app.accounts(), &link).await;
            let asked = app.accounts().account().request_email_change(&thief, &new, &client).await;

            let ended = Err(RequestEmailChangeError::SessionEnded);
            assert_eq!(asked, ended, "{backend:?} {end:?}");
            mails_sent(&app).await;
            let pending = "SELECT email FROM address_proofs WHERE used_at IS NULL";
            let pending = app.database.texts(pending).await;
            assert_eq!(pending, Vec::<String>::new(), "{backend:?} {end:?}");
            assert_eq!(app.mailbox.count_to(NEW_MIA).await, 0, "{backend:?} {end:?}");
        }
    }
}

/// RAC-02: where rows are locked one by one the wish has passed the guard and waits.
#[tokio::test(flavor = "multi_thread")]
async fn a_wish_whose_session_ends_while_it_waits_leads_to_the_log_in_page() {
    if !Backend::available().contains(&Backend::Postgres) {
        return;
    }
    let app = TestApp::on(Backend::Postgres, |_| {}).await;
    make_user(&app, MIA).await;
    let mut browser = logged_in(&app, Transport::Plain, MIA).await;
    browser.visit("/settings/email").await;
    let wish = form_again(&browser, "/settings/email", &[("email", NEW_MIA)]);

    let held = app.database.hold("UPDATE users SET name = name; DELETE FROM sessions").await;
    let wish = tokio::spawn(wish.send());
    are_blocked(&app.database, 1).await;
    held.commit().await;

    let answer = wish.await.expect("it is answered");
    let place = answer.header("location").unwrap_or_default();
    assert!(place.starts_with("/login"), "{} {place}", answer.status());
    assert_eq!(app.count("address_proofs").await, 0);
}
