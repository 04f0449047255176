//! A passkey that a person adds in the open session of another user, and the notices by which the
//! owner takes the account back.

use std::time::Duration;

use tests::{Authenticator, Backend, Browser, TestApp, Transport};

use super::{add_passkey, app_with_mia, log_in_with};
use crate::{
    flows::{MIA, post},
    people::{self, newest_link},
};

const DAY: Duration = Duration::from_hours(24);
const NEW: &str = "eve@example.test";

/// What a thief does after adding the passkey, and the page of the link by which the owner learns
/// of it.
#[derive(Clone, Copy, Debug)]
enum Act {
    LogIn,
    AddressChange,
    Deletion,
}

impl Act {
    const ALL: [Self; 3] = [Self::LogIn, Self::AddressChange, Self::Deletion];

    async fn happen(self, app: &TestApp, session: &mut Browser, key: &mut Authenticator) -> String {
        match self {
            Self::LogIn => {
                app.clock.advance(DAY);
                log_in(app, key).await;
                newest_link(app, MIA, "/not-me/").await
            }
            Self::AddressChange => {
                assert_eq!(post(session, "/settings/email", &[("email", NEW)]).await.status(), 303);
                let confirm = newest_link(app, NEW, "/confirm-email/").await;
                app.clock.advance(Duration::from_hours(23));
                session.visit(&confirm).await;
                session.form("confirm-email-form").submit().await;
                newest_link(app, MIA, "/undo-email/").await
            }
            Self::Deletion => {
                assert_eq!(post(session, "/settings/data/delete", &[]).await.status(), 303);
                newest_link(app, MIA, "/not-me/").await
            }
        }
    }
}

async fn log_in(app: &TestApp, key: &mut Authenticator) {
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/login").await;
    assert!(log_in_with(&mut browser, key).await.is_logged_in());
}

/// Sends the form of the link.
async fn report(app: &TestApp, link: &str) {
    let form = link.split('/').nth(1).map(|name| format!("{name}-form")).expect("a path");
    let mut browser = app.browser(Transport::Plain);
    browser.visit(link).await;
    assert_eq!(browser.form(&form).submit().await.status(), 200, "{link}");
}

/// C8, LOG-13: whichever notice the owner picks, the passkey of the thief opens nothing afterwards.
#[tokio::test]
async fn a_report_of_a_later_act_removes_the_passkey_that_prepared_it() {
    for backend in Backend::available() {
        for act in Act::ALL {
            let (app, mut session) =
                app_with_mia(TestApp::on(backend, |_| {}).await, Transport::Plain).await;
            let mut key = Authenticator::new(app.public_url());
            add_passkey(&mut session, &mut key).await;
            app.clock.advance(Duration::from_mins(5));

            let link = act.happen(&app, &mut session, &mut key).await;
            assert_eq!(app.count("passkeys").await, 1);
            report(&app, &link).await;

            assert_eq!(app.count("passkeys").await, 0, "{backend:?} {act:?}");
        }
    }
}

/// C8, LOG-13: a notice removes no passkey that is older than a week, and the notice of a password that was
/// set by a mailed link removes none at all: the mailbox alone would be enough for it.
#[tokio::test]
async fn a_report_keeps_a_passkey_of_long_ago_and_a_thief_of_the_mailbox_removes_none() {
    for (age, is_by_mailbox) in [(DAY * 8, false), (DAY, true)] {
        let (app, mut session) = app_with_mia(TestApp::start().await, Transport::Plain).await;
        let mut key = Authenticator::new(app.public_url());
        add_passkey(&mut session, &mut key).await;
        app.clock.advance(age);
        log_in(&app, &mut key).await;

        let link = if is_by_mailbox {
            people::compromise_report_path(&app, MIA).await
        } else {
            newest_link(&app, MIA, "/not-me/").await
        };
        report(&app, &link).await;

        assert_eq!(app.count("passkeys").await, 1, "by the mailbox: {is_by_mailbox}");
    }
}
