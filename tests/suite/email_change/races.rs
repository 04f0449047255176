//! Changes of address at the same moment.

use auth::Order;
use tests::{Answer, Backend, Browser, TestApp, Transport};

use super::{EVE, NEW_MIA, confirm_link, emails};
use crate::{
    fault_steps::{count_of, form_again, send_at_once, wait_for_text},
    flows::{MIA, logged_in, make_user, post},
    people,
};

const VICTIM: &str = "victim@example.test";

async fn browser(app: &TestApp) -> Browser {
    make_user(app, MIA).await;
    logged_in(app, Transport::Plain, MIA).await
}

/// EML-03 (CVE-2026-32700), RAC-01: a link confirms the address that it was mailed to or
/// none, however the account asks for others meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn a_link_confirms_the_very_address_it_was_mailed_to_in_two_hundred_races() {
    for backend in Backend::available() {
        let app = TestApp::on(backend, |_| {}).await;
        let mut browser = browser(&app).await;
        let mut outcomes = [0, 0];
        for round in 0..200 {
            let own = format!("own{round}@example.test");
            browser.visit("/settings/email").await;
            form_again(&browser, "/settings/email", &[("email", &own)]).send().await;
            let link = confirm_link(&app, &own).await;
            let before = emails(&app).await;
            let confirm = form_again(&browser, &link, &[]);
            let victim = form_again(&browser, "/settings/email", &[("email", VICTIM)]);
            let forms = if round % 2 == 0 { [confirm, victim] } else { [victim, confirm] };

            let answers = send_at_once(forms).await;

            let statuses: Vec<_> = answers.iter().map(Answer::status).collect();
            assert!(statuses.iter().all(|status| matches!(status, 303 | 410)), "{statuses:?}");
            let after = emails(&app).await;
            let is_changed = after == [own.as_str()];
            assert!(is_changed || after == before, "{backend:?} {round}: {before:?} {after:?}");
            outcomes[usize::from(is_changed)] += 1;
        }
        assert!(outcomes.iter().all(|count| *count > 0), "{backend:?}: {outcomes:?}, no race");
        assert!(!emails(&app).await.contains(&VICTIM.to_owned()), "{backend:?}");
    }
}

/// RAC-01: of equal links at once one works, and the others are told kindly.
#[tokio::test(flavor = "multi_thread")]
async fn of_twelve_uses_of_a_link_one_confirms_and_one_undoes() {
    for backend in Backend::available() {
        let app = TestApp::on(backend, |_| {}).await;
        browser(&app).await;
        people::confirm(&app, MIA).await;
        let link = people::confirm_path(&app, MIA, NEW_MIA).await;
        let mut nobody = app.browser(Transport::Plain);
        nobody.visit("/login").await;

        let answers = send_at_once((0..12).map(|_| form_again(&nobody, &link, &[]))).await;

        assert_eq!((count_of(&answers, 303), count_of(&answers, 410)), (1, 11), "{backend:?}");
        assert_eq!(app.count("email_changes").await, 1, "{backend:?}");
        let link = people::newest_link(&app, MIA, "/undo-email/").await;
        let answers = send_at_once((0..12).map(|_| form_again(&nobody, &link, &[]))).await;
        assert_eq!((count_of(&answers, 303), count_of(&answers, 410)), (1, 11), "{backend:?}");
        assert_eq!(emails(&app).await, [MIA], "{backend:?}");
    }
}

/// RAC-01: the owner's link wins over a change that is confirmed at the same moment.
#[tokio::test(flavor = "multi_thread")]
async fn an_undo_beside_another_change_ends_with_the_old_address() {
    for backend in Backend::available() {
        let app = TestApp::on(backend, |_| {}).await;
        for round in 0..40 {
            let [old, third] = ["old", "third"].map(|name| format!("{name}{round}@example.test"));
            people::sign_up(&app, &old).await;
            let undo = people::real_path(&app, "/undo-email/{token}", &old).await;
            let confirm = people::confirm_path(&app, &format!("new-{old}"), &third).await;
            let mut nobody = app.browser(Transport::Plain);
            nobody.visit("/login").await;
            let [undo, confirm] =
                [undo, confirm].map(|link| tokio::spawn(form_again(&nobody, &link, &[]).send()));

            let (undo, confirm) = (undo.await.unwrap(), confirm.await.unwrap());

            assert_eq!(undo.status(), 303, "{backend:?} {round}: {}", undo.body);
            assert!(matches!(confirm.status(), 303 | 410), "{backend:?} {round}");
            let own = format!("SELECT email FROM users WHERE email = '{old}'");
            assert_eq!(app.database.texts(&own).await.len(), 1, "{backend:?} {round}");
        }
        assert_eq!(app.count("sessions").await, 0, "{backend:?}");
    }
}

/// ENU-04: an account that gives the requested address up at this moment makes no difference, and
/// nothing tells that it existed.
#[tokio::test]
async fn an_owner_who_goes_while_the_address_is_asked_for_changes_nothing_of_the_answer() {
    if !Backend::available().contains(&Backend::Postgres) {
        return;
    }
    let app = TestApp::on(Backend::Postgres, |_| {}).await;
    for email in [MIA, EVE] {
        make_user(&app, email).await;
    }
    let mut browser = logged_in(&app, Transport::Plain, MIA).await;
    browser.visit("/settings/email").await;
    let slowly = "CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS \
        $$ BEGIN PERFORM pg_sleep(0.5); RETURN NEW; END $$";
    app.database.execute(slowly).await;
    let mails =
        "CREATE TRIGGER slow BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION slowly()";
    app.database.execute(mails).await;
    let gone = async {
        let is_slow = "SELECT wait_event FROM pg_stat_activity \
            WHERE datname = current_database() AND wait_event = 'PgSleep'";
        wait_for_text(&app.database, is_slow, "PgSleep").await;
        people::order(&app, EVE, Order::Delete).await;
    };

    let (answer, ()) = tokio::join!(post(&browser, "/settings/email", &[("email", EVE)]), gone);

    assert_eq!(answer.header("location"), Some("/settings/email"), "{answer:?}");
    assert_eq!(app.database.texts("SELECT email FROM address_proofs").await, [EVE]);
}
