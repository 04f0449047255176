//! The fate of a mail by the last reply of the mail server, or without one; the log lines about it;
//! and nodes with different clocks.

use std::time::{Duration, Instant};

use tests::{Mailbox, ServerProcess, Transport, support::database::Database};
use tokio::time::sleep;
use xtask::mail_catcher::{Fault, Stage};

use crate::{
    cast::MIA,
    fault_steps::{PATIENCE, at_once, postgres_database, wait_for_text},
    flows,
    mail_faults::{SECOND, app_with_mia, ask_for_reset, message_ids, outlast},
    people,
};

/// OTG-03, CRA-06, MAI-01: the words of real servers for a recipient that there is not.
#[tokio::test]
async fn a_mail_that_is_refused_for_good_is_given_up_and_the_next_one_goes() {
    let refusals = [
        Fault::ReplyAt(Stage::Rcpt, 550),
        Fault::SayAt(Stage::Rcpt, b"550 5.1.1 <mia@example.test>: User unknown\r\n"),
        Fault::SayAt(Stage::Rcpt, b"550-5.2.1 disabled,\r\n550 5.2.1 as you see\r\n"),
        Fault::SayAt(Stage::AfterData, b"550 5.1.1 nobody of that name\r\n"),
    ];
    at_once(refusals.into_iter().map(async |fault| {
        let (app, mut browser) = app_with_mia().await;
        app.mailbox.catcher().set_fault(fault);
        ask_for_reset(&mut browser, MIA).await;
        let failed = "SELECT CAST(COUNT(failed_at) AS TEXT) FROM outbox";
        wait_for_text(&app.database, failed, "1").await;

        app.mailbox.catcher().set_fault(Fault::None);
        ask_for_reset(&mut browser, "nobody@example.test").await;

        app.mailbox.latest_to("nobody@example.test").await;
        assert_eq!(app.mailbox.count_to(MIA).await, 0, "{fault:?}");
        let kept = "SELECT text_body || html_body FROM outbox WHERE failed_at IS NOT NULL";
        assert_eq!(app.database.texts(kept).await, [""], "{fault:?}");
    }))
    .await;
}

/// MAI-01: a refusal with 5xx that says nothing against the mail: relay, quota, policy,
/// sender, reputation, at any step.
#[tokio::test]
async fn a_mail_that_is_refused_for_another_reason_waits_until_that_is_mended() {
    let refusals = [
        Fault::SayAt(Stage::Rcpt, b"554 5.7.1 <mia@example.test>: Relay access denied\r\n"),
        Fault::SayAt(Stage::Rcpt, b"550 relay not permitted\r\n"),
        Fault::SayAt(Stage::Rcpt, b"552 5.2.2 over quota\r\n"),
        Fault::SayAt(Stage::Connect, b"554 5.7.1 your address is listed\r\n"),
        Fault::ReplyAt(Stage::Mail, 550),
        Fault::ReplyAt(Stage::Data, 554),
        Fault::SayAt(Stage::AfterData, b"554 5.7.1 looks like spam\r\n"),
        Fault::ReplyAt(Stage::AfterData, 550),
    ];
    at_once(refusals.into_iter().map(outlast)).await;
}

/// MAI-02: any success after the final dot is one, however the server writes it.
#[tokio::test]
async fn a_mail_whose_success_is_hard_to_read_is_sent_once() {
    let replies: [&[u8]; 5] = [
        b"250\r\n",
        b"250 gr\xfc\xdf dich\r\n",
        b"250 \xff\xfe\r\n",
        b"250 ok\n",
        b"250-queued\r\n251 ok\r\n",
    ];
    at_once(replies.into_iter().map(async |reply| {
        let (app, mut browser) = app_with_mia().await;
        app.mailbox.catcher().set_fault(Fault::SayAt(Stage::AfterData, reply));
        ask_for_reset(&mut browser, MIA).await;

        let sent = "SELECT CAST(COUNT(sent_at) AS TEXT) FROM outbox";
        wait_for_text(&app.database, sent, "1").await;
        app.clock.advance(Duration::from_mins(59));
        people::mails_sent(&app).await;
        assert_eq!(app.mailbox.count_to(MIA).await, 1, "{reply:?}");
    }))
    .await;
}

/// MAI-02: a server that takes each mail and never says so.
#[tokio::test]
async fn a_mail_with_an_unknown_end_goes_out_twice_at_most_and_not_soon() {
    let ends = [
        Fault::DropAt(Stage::AfterData),
        Fault::SayAt(Stage::AfterData, b"fine\r\n"),
        Fault::SayAt(Stage::AfterData, b"150 perhaps\r\n"),
    ];
    at_once(ends.into_iter().map(async |end| {
        let (app, mut browser) = app_with_mia().await;
        app.mailbox.catcher().set_fault(end);
        ask_for_reset(&mut browser, MIA).await;
        let doubtful = "SELECT CAST(COUNT(doubtful_at) AS TEXT) FROM outbox";
        wait_for_text(&app.database, doubtful, "1").await;

        for _ in 0..29 {
            app.clock.advance(Duration::from_mins(1));
            sleep(SECOND).await;
        }
        assert_eq!(app.mailbox.count_to(MIA).await, 1, "{end:?}: too soon");
        app.clock.advance(Duration::from_mins(1));
        let failed = "SELECT CAST(COUNT(failed_at) AS TEXT) FROM outbox";
        wait_for_text(&app.database, failed, "1").await;

        let mails = app.mailbox.all_to(MIA).await;
        assert_eq!((mails.len(), message_ids(&mails).len()), (2, 1), "{end:?}");
    }))
    .await;
}

/// What has a program see a clock that is off; `None` where `faketime` is missing.
fn other_clock(offset: &str) -> Option<Vec<(String, String)>> {
    let shown = std::process::Command::new("faketime").args(["-f", offset, "env"]).output().ok()?;
    let shown = String::from_utf8(shown.stdout).ok()?;
    let preload = shown.lines().find_map(|line| line.strip_prefix("LD_PRELOAD="))?;
    Some(vec![
        ("LD_PRELOAD".to_owned(), preload.to_owned()),
        ("FAKETIME".to_owned(), offset.to_owned()),
        ("FAKETIME_DONT_FAKE_MONOTONIC".to_owned(), "1".to_owned()),
    ])
}

/// MAI-04: a moment that one node wrote and another compares with its own clock: the lease
/// of a mail that is on its way, and the moment from which a mail is due.
#[tokio::test]
async fn nodes_whose_clocks_are_70_seconds_apart_send_each_mail_once() {
    let Some((database, _)) = postgres_database().await else { return };
    let Some(ahead) = other_clock("+70s") else { return };
    let mailbox = Mailbox::start().await;
    let mail = format!("smtp://{}", mailbox.address());
    let environment = [("LATCHKEY__DATABASE__URL", &*database), ("LATCHKEY__MAIL__URL", &*mail)];
    let of_ahead: Vec<_> = environment
        .into_iter()
        .chain(ahead.iter().map(|(name, value)| (name.as_str(), value.as_str())))
        .collect();
    let in_time = ServerProcess::start(&environment).await;
    mailbox.catcher().set_fault(Fault::HoldAt(Stage::Data));
    ask_for_reset(&mut in_time.browser(Transport::Plain), MIA).await;
    let deadline = Instant::now() + PATIENCE;
    while mailbox.catcher().connections() == 0 {
        assert!(Instant::now() < deadline, "the mail is not on its way");
        sleep(Duration::from_millis(5)).await;
    }

    let ahead = ServerProcess::start(&of_ahead).await;
    sleep(Duration::from_secs(3)).await;
    assert_eq!(mailbox.catcher().connections(), 1, "the other node has taken the mail too");
    assert!(ahead.log().contains("the clock of this machine is off"), "{}", ahead.log());
    mailbox.catcher().set_fault(Fault::None);
    for (n, server) in [&in_time, &ahead].into_iter().cycle().take(10).enumerate() {
        let mut browser = server.browser(Transport::Plain);
        ask_for_reset(&mut browser, &format!("mia{n}@example.test")).await;
    }

    let database = Database::connect(&database).await;
    wait_for_text(&database, "SELECT COUNT(sent_at)::text FROM outbox", "11").await;
    let mails = mailbox.all().await;
    assert_eq!((mails.len(), message_ids(&mails).len()), (11, 11));
}

/// MAI-01: many mails that wait for one cause, and a mail of which only the id is known.
#[tokio::test]
async fn the_log_says_once_what_mails_wait_for_and_of_each_whose_it_is() {
    let mailbox = Mailbox::start().await;
    let mail = format!("smtp://{}", mailbox.address());
    let server = ServerProcess::start(&[("LATCHKEY__MAIL__URL", &*mail)]).await;
    mailbox.catcher().set_fault(Fault::SayAt(Stage::Rcpt, b"554 5.7.1 no relay\r\n"));
    flows::sign_up(&mut server.browser(Transport::Plain), MIA).await;
    for n in 0..4 {
        let mut browser = server.browser(Transport::Plain);
        ask_for_reset(&mut browser, &format!("nobody{n}@example.test")).await;
    }
    let lines = |message: &str| -> Vec<String> {
        let log = server.log();
        log.lines().filter(|line| line.contains(message)).map(ToOwned::to_owned).collect()
    };
    let deadline = Instant::now() + PATIENCE;
    while lines("mail not sent yet").len() < 5 {
        assert!(Instant::now() < deadline, "{}", server.log());
        sleep(Duration::from_millis(20)).await;
    }

    let waiting = lines("mails wait for the mail server");
    assert_eq!(waiting.len(), 1, "{waiting:?}");
    for part in ["WARN", "RCPT TO", "the mail server replied 554 5.7.1", "relays"] {
        assert!(waiting[0].contains(part), "{part}: {waiting:?}");
    }
    mailbox.catcher().set_fault(Fault::None);
    while lines("mail sent").len() < 5 {
        assert!(Instant::now() < deadline, "{}", server.log());
        sleep(Duration::from_millis(20)).await;
    }
    let sent = lines("mail sent");
    let of_kind = |kind: &str| sent.iter().filter(|line| line.contains(kind)).collect::<Vec<_>>();
    assert_eq!(of_kind("no_account").len(), 4, "{sent:?}");
    let [own] = of_kind("confirm_address")[..] else { panic!("{sent:?}") };
    assert!(own.contains("\"user_id\":\""), "{own}");
}
