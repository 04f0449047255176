//! A mail server that is away, hangs, breaks off or refuses: no request waits for it, and the
//! queued mails arrive when it is back.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use tests::{
    Answer, Browser, Mail, Mailbox, ServerProcess, TestApp, Transport, support::database::Database,
};
use tokio::time::sleep;
use xtask::mail_catcher::{Fault, Stage};

use crate::{
    cast::MIA,
    fault_steps::{
        PATIENCE, at_once, form, form_again, postgres_database, promptly, wait_for_text,
    },
    people,
};

/// What a second of the clock takes at least: a mail that is on its way for a minute counts
/// as lost, and on a busy machine it takes its time.
pub(crate) const SECOND: Duration = Duration::from_millis(40);
const STAGES: [Stage; 6] =
    [Stage::Connect, Stage::Ehlo, Stage::Mail, Stage::Rcpt, Stage::Data, Stage::AfterData];

pub(crate) async fn app_with_mia() -> (TestApp, Browser) {
    let app = TestApp::start().await;
    people::sign_up(&app, MIA).await;
    let browser = app.browser(Transport::Plain);
    (app, browser)
}

pub(crate) async fn ask_for_reset(browser: &mut Browser, email: &str) -> Answer {
    promptly(form(browser, "/forgot-password", &[("email", email)]).await).await
}

/// What a visitor, or a program, can tell two answers apart by.
fn shape(answer: &Answer) -> (u16, Option<String>, Vec<String>, usize) {
    let names = answer.headers.keys().map(ToString::to_string).collect();
    let location = answer.header("location").map(ToOwned::to_owned);
    (answer.status(), location, names, answer.body.len())
}

/// Has the mail server come back, as soon as no connection of another test has its port.
async fn restart(app: &TestApp) {
    let deadline = Instant::now() + PATIENCE;
    while let Err(error) = app.mailbox.catcher().restart().await {
        assert!(Instant::now() < deadline, "{error}");
        sleep(Duration::from_millis(50)).await;
    }
}

/// Lets time pass until `address` has mail.
async fn mails_in_time(app: &TestApp, address: &str) -> Vec<Mail> {
    let deadline = Instant::now() + PATIENCE;
    let mut seconds = 0;
    loop {
        let mails = app.mailbox.all_to(address).await;
        if !mails.is_empty() {
            return mails;
        }
        assert!(Instant::now() < deadline, "no mail to {address}");
        // What is doubtful waits for half of its life.
        let step = if seconds < 20 { 1 } else { 30 };
        seconds += step;
        app.clock.advance(Duration::from_secs(step));
        sleep(SECOND).await;
    }
}

/// Lets time pass until both mails are noted as sent: one that was taken when the line
/// broke is owed once more.
async fn both_sent_in_time(app: &TestApp) {
    let deadline = Instant::now() + PATIENCE;
    let sent = "SELECT CAST(COUNT(sent_at) AS TEXT) FROM outbox";
    while app.database.texts(sent).await != ["2"] {
        assert!(Instant::now() < deadline, "the mails are still owed");
        app.clock.advance(Duration::from_secs(30));
        sleep(SECOND).await;
    }
}

pub(crate) fn message_ids(mails: &[Mail]) -> BTreeSet<String> {
    mails.iter().map(|mail| mail.header("message-id").unwrap().to_owned()).collect()
}

pub(crate) async fn outlast(fault: Fault) {
    let (app, mut browser) = app_with_mia().await;
    app.mailbox.catcher().set_fault(fault);

    let known = ask_for_reset(&mut browser, MIA).await;
    let connections = || app.mailbox.catcher().connections();
    while connections() == 0 {
        sleep(Duration::from_millis(5)).await;
    }
    let unknown = ask_for_reset(&mut browser, "nobody@example.test").await;
    assert_eq!(known.status(), 303, "{fault:?}");
    assert_eq!(shape(&known), shape(&unknown), "{fault:?}");

    app.mailbox.catcher().stop().await;
    app.mailbox.catcher().set_fault(Fault::None);
    restart(&app).await;
    let mails = mails_in_time(&app, MIA).await;
    mails_in_time(&app, "nobody@example.test").await;

    assert_eq!(message_ids(&mails).len(), 1, "{fault:?}");
    both_sent_in_time(&app).await;
    let is_taken_twice = fault == Fault::DropAt(Stage::AfterData);
    assert!(is_taken_twice || app.mailbox.count_to(MIA).await == 1, "{fault:?}");
}

/// OTG-03, OTG-04, ENU-02.
#[tokio::test]
async fn a_mail_server_that_is_away_costs_no_visitor_time_and_no_mail_is_lost() {
    let (app, mut browser) = app_with_mia().await;
    app.mailbox.catcher().stop().await;

    let known = ask_for_reset(&mut browser, MIA).await;
    let unknown = ask_for_reset(&mut browser, "nobody@example.test").await;
    assert_eq!(shape(&known), shape(&unknown));
    wait_for_text(&app.database, "SELECT CAST(COUNT(last_error) AS TEXT) FROM outbox", "2").await;

    restart(&app).await;
    let mails = mails_in_time(&app, MIA).await;
    assert_eq!(mails.len(), 1);
    assert!(
        browser.visit(&mails[0].link("/reset-password/")).await.has_form("reset-password-form")
    );
}

/// OTG-03, ENU-02.
#[tokio::test]
async fn a_mail_server_that_falls_silent_at_any_step_is_outlasted() {
    at_once(STAGES.into_iter().map(|stage| outlast(Fault::SilentAt(stage)))).await;
}

/// OTG-03, RAC-06: a mail that was taken when the line broke comes twice, with one
/// Message-ID.
#[tokio::test]
async fn a_mail_server_that_breaks_off_at_any_step_is_outlasted() {
    let faults = STAGES.map(Fault::DropAt).into_iter().chain([Fault::Refuse]);
    at_once(faults.map(outlast)).await;
}

/// OTG-03: also a greeting of 554, which says nothing against the mail.
#[tokio::test]
async fn a_mail_that_is_refused_for_now_is_sent_later() {
    let replies = [
        (Stage::Connect, 421),
        (Stage::Connect, 554),
        (Stage::Mail, 451),
        (Stage::Rcpt, 450),
        (Stage::Data, 421),
        (Stage::AfterData, 452),
    ];
    at_once(replies.into_iter().map(|(stage, code)| outlast(Fault::ReplyAt(stage, code)))).await;
}

/// CRA-06: a row that the program cannot even read as a mail.
#[tokio::test]
async fn a_damaged_row_of_the_outbox_does_not_block_the_queue() {
    let (app, mut browser) = app_with_mia().await;
    app.mailbox.catcher().stop().await;
    for email in [MIA, "nobody@example.test"] {
        ask_for_reset(&mut browser, email).await;
    }
    wait_for_text(&app.database, "SELECT CAST(COUNT(last_error) AS TEXT) FROM outbox", "2").await;
    app.database.execute("UPDATE outbox SET recipient = 'x' WHERE recipient LIKE 'nobody%'").await;
    let name = "recipient_name = char(13) || char(10)";
    app.database.execute(&format!("UPDATE outbox SET due_at = 1, {name}")).await;
    ask_for_reset(&mut browser, "somebody@example.test").await;

    restart(&app).await;
    mails_in_time(&app, "somebody@example.test").await;

    let failed = "SELECT CAST(COUNT(failed_at) AS TEXT) FROM outbox";
    wait_for_text(&app.database, failed, "2").await;
    assert_eq!(app.mailbox.all().await.len(), 1);
}

/// RAC-06.
#[tokio::test]
async fn two_servers_on_one_database_send_each_mail_once() {
    let Some((database, _)) = postgres_database().await else { return };
    let mailbox = Mailbox::start().await;
    let mail = format!("smtp://{}", mailbox.address());
    let environment = [("LATCHKEY__DATABASE__URL", &*database), ("LATCHKEY__MAIL__URL", &*mail)];
    let mut servers =
        [ServerProcess::start(&environment).await, ServerProcess::start(&environment).await];

    let mut forms = Vec::new();
    for server in &servers {
        let mut browser = server.browser(Transport::Plain);
        browser.visit("/forgot-password").await;
        forms.extend((0..30).map(|n| {
            let email = format!("mia{}-{n}@example.test", server.address().port());
            form_again(&browser, "/forgot-password", &[("email", &*email)])
        }));
    }
    let answers = crate::fault_steps::send_at_once(forms).await;
    assert!(answers.iter().all(|answer| answer.status() == 303));
    let database = Database::connect(&database).await;
    wait_for_text(&database, "SELECT COUNT(sent_at)::text FROM outbox", "60").await;
    for server in &mut servers {
        server.sigterm();
        assert_eq!(server.wait().await.code(), Some(0), "{}", server.log());
    }

    let mails = mailbox.all().await;
    assert_eq!((mails.len(), message_ids(&mails).len()), (60, 60));
    let has_sent = |server: &ServerProcess| server.log().contains("mail sent");
    assert!(servers.iter().all(has_sent), "one server did all the work");
}
