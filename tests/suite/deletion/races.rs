//! Deletions that meet something else at the same moment.

use std::time::Instant;

use auth::Order;
use tests::{Backend, TestApp, Transport};
use tokio::time::sleep;

use super::{GRACE, asked_by, is_waiting, make_owner};
use crate::{
    fault_steps::{at_once, count_of, form_again, send_at_once},
    flows::{ADA, MIA, make_admin, make_user},
    people,
};

/// Tables with rows that belong to one user only.
const TABLES: &[&str] =
    &["sessions", "tokens", "notice_links", "held_forms", "email_changes", "address_proofs"];

/// RAC-04, ADM-04.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_admins_who_ask_at_once_one_stays() {
    for backend in Backend::available() {
        let app = TestApp::on(backend, |_| {}).await;
        for email in [MIA, ADA] {
            make_admin(&app, email).await;
        }
        for round in 0..20 {
            app.database.execute("UPDATE users SET delete_after = NULL").await;
            let mut forms = Vec::new();
            for email in [MIA, ADA] {
                let browser = people::logged_in(&app, Transport::Plain, email).await;
                forms.push(form_again(&browser, "/settings/data/delete", &[]));
            }

            let answers = send_at_once(forms).await;

            let outcome = (count_of(&answers, 303), count_of(&answers, 422));
            assert_eq!(outcome, (1, 1), "{backend:?} {round}: {answers:?}");
            let waiting = [is_waiting(&app, MIA).await, is_waiting(&app, ADA).await];
            assert_eq!(waiting.iter().filter(|it| **it).count(), 1, "{backend:?} {round}");
            app.database.execute("DELETE FROM sessions").await;
        }
    }
}

/// Several servers sweep, and one of them deletes and says so.
#[tokio::test(flavor = "multi_thread")]
async fn of_many_sweeps_at_once_one_deletes_and_one_mail_is_sent() {
    for backend in Backend::available() {
        let app = TestApp::on(backend, |_| {}).await;
        make_owner(&app, MIA).await;
        asked_by(&app, MIA).await;
        app.clock.advance(GRACE);

        let sweeps = (0..6).map(|_| {
            let accounts = app.accounts().clone();
            async move { accounts.operations().sweep().await }
        });
        for swept in at_once(sweeps).await {
            swept.unwrap();
        }

        assert_eq!(app.count("users").await, 0, "{backend:?}");
        people::mails_sent(&app).await;
        let mails = app.mailbox.all_to(MIA).await;
        let last = mails.iter().filter(|mail| mail.subject.ends_with("is deleted"));
        assert_eq!(last.count(), 1, "{backend:?}");
    }
}

/// Either it is kept whole, or it is gone whole.
#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_taken_back_at_the_last_moment_is_kept_or_gone() {
    for backend in Backend::available() {
        let app = TestApp::on(backend, |_| {}).await;
        let started = Instant::now();
        app.accounts().operations().sweep().await.unwrap();
        let took = started.elapsed();
        let (mut kept, mut gone) = (0, 0);
        for round in 0..30 {
            let email = format!("mia{round}@example.test");
            make_owner(&app, &email).await;
            asked_by(&app, &email).await;
            app.clock.advance(GRACE);
            let browser = people::logged_in(&app, Transport::Plain, &email).await;
            let keep = form_again(&browser, "/account-deletion/cancel", &[]);
            let keep = async {
                sleep(took * (round % 10) / 4).await;
                keep.send().await
            };

            let (answer, swept) = tokio::join!(keep, app.accounts().operations().sweep());

            swept.unwrap();
            assert_eq!(answer.status(), 303, "{backend:?} {round}: {}", answer.body);
            let sql = format!("SELECT 'there' FROM users WHERE email = '{email}'");
            let is_there = !app.database.texts(&sql).await.is_empty();
            let led_on = answer.header("location") == Some("/profile");
            assert_eq!(is_there, led_on, "{backend:?} {round}: {answer:?}");
            assert!(!is_waiting(&app, &email).await, "{backend:?} {round}");
            if is_there { kept += 1 } else { gone += 1 }
        }
        assert!(kept > 0 && gone > 0, "{backend:?}: {kept} kept, {gone} gone");
    }
}

/// RAC-08: nothing is left behind, and no request gets an error page.
#[tokio::test(flavor = "multi_thread")]
async fn what_goes_on_while_an_account_is_deleted_leaves_nothing_and_breaks_nothing() {
    for backend in Backend::available() {
        let app = TestApp::on(backend, |_| {}).await;
        for round in 0..15 {
            let email = format!("mia{round}@example.test");
            make_user(&app, &email).await;
            let browser = people::logged_in(&app, Transport::Plain, &email).await;
            let mut stranger = app.browser(Transport::Plain);
            stranger.visit("/login").await;
            let new = format!("new{round}@example.test");
            let log_in = [("email", email.as_str()), ("password", people::PASSWORD)];
            let forms = [
                form_again(&browser, "/settings/profile", &[("name", "Noah")]),
                form_again(&browser, "/settings/email", &[("email", &new)]),
                form_again(&browser, "/settings/data/export", &[]),
                form_again(&browser, "/sudo", &[("password", people::PASSWORD)]),
                form_again(&browser, "/settings/sessions/end-others", &[]),
                form_again(&browser, "/mailbox/resend", &[]),
                form_again(&stranger, "/login", &log_in),
                form_again(&stranger, "/forgot-password", &[("email", &email)]),
            ];

            let deleted = people::order(&app, &email, Order::Delete);
            let (answers, ()) = tokio::join!(send_at_once(forms), deleted);

            for answer in &answers {
                assert!(answer.status() < 500, "{backend:?} {round}: {answer:?}");
            }
            assert_eq!(app.count("users").await, 0, "{backend:?} {round}");
            let known = "SELECT event FROM security_events WHERE user_id IS NOT NULL \
                OR ip_address <> '' OR user_agent <> ''";
            let known = app.database.texts(known).await;
            assert_eq!(known, Vec::<String>::new(), "{backend:?} {round}");
            people::mails_sent(&app).await;
            for table in TABLES {
                assert_eq!(app.count(table).await, 0, "{backend:?} {round} {table}");
            }
            // To an address without an account goes what any such address gets.
            let mails = "SELECT recipient || ' ' || subject FROM outbox \
                WHERE recipient_name IS NOT NULL OR subject NOT LIKE 'No Latchkey account%' \
                OR recipient NOT LIKE 'mia%'";
            assert_eq!(app.database.texts(mails).await, [""; 0], "{backend:?} {round}");
        }
    }
}

/// RAC-08.
#[tokio::test]
async fn a_file_of_an_account_that_is_deleted_at_this_moment_is_no_error_page() {
    for backend in Backend::available() {
        let app = TestApp::on(backend, |_| {}).await;
        make_user(&app, MIA).await;
        let browser = people::logged_in(&app, Transport::Plain, MIA).await;
        let function = "CREATE FUNCTION gone() RETURNS trigger LANGUAGE plpgsql AS \
            $$ BEGIN DELETE FROM users WHERE id = NEW.user_id; RETURN NULL; END $$";
        let trigger = "CREATE TRIGGER gone AFTER INSERT ON security_events";
        let at_this_moment = match backend {
            Backend::Sqlite => format!(
                "{trigger} WHEN NEW.event = 'exported' \
                 BEGIN DELETE FROM users WHERE id = NEW.user_id; END"
            ),
            Backend::Postgres => format!(
                "{function}; {trigger} FOR EACH ROW \
                 WHEN (NEW.event = 'exported') EXECUTE FUNCTION gone()"
            ),
        };
        app.database.execute(&at_this_moment).await;

        let answer = form_again(&browser, "/settings/data/export", &[]).send().await;

        assert_eq!(answer.status(), 303, "{backend:?} {answer:?}");
        let location = answer.header("location").unwrap_or_default();
        assert!(location.starts_with("/login"), "{backend:?} {answer:?}");
        assert_eq!(app.count("users").await, 0, "{backend:?}");
    }
}
