//! The mails about passwords: what is in them, and when there is none.

use std::time::{Duration, Instant};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{Token, TokenPurpose};
use tests::{
    Browser, TestApp, Transport,
    support::search::{Haystack, assert_kept_out},
};
use xtask::mail_catcher::{Fault, Stage};

use crate::flows::{ADA, MIA, NEW_PASSWORD, can_log_in, make_user, masked, post};

use super::{HOUR, ask, nth_link, reset};

/// Waits until the worker has written `column` of the mail to [`MIA`].
async fn settled(app: &TestApp, column: &str) {
    let sql = format!("SELECT id FROM outbox WHERE recipient = '{MIA}' AND {column} IS NOT NULL");
    let deadline = Instant::now() + Duration::from_secs(15);
    while app.database.execute(&format!("UPDATE outbox SET id = id WHERE id IN ({sql})")).await == 0
    {
        assert!(Instant::now() < deadline, "the worker does not write {column}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Contract, "Mails": what each mail looks like to a mail program.
#[tokio::test]
async fn the_mail_is_text_first_and_says_that_a_machine_wrote_it() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    for email in [MIA, "nobody@example.test"] {
        ask(&app, email).await;
        let mail = app.mailbox.latest_to(email).await;

        assert_eq!(mail.part_types, ["multipart/alternative", "text/plain", "text/html"]);
        assert_eq!(
            (mail.to.as_slice(), mail.from.as_str()),
            (&[email.to_owned()][..], "no-reply@localhost")
        );
        assert_eq!(mail.header("auto-submitted"), Some("auto-generated"));
        assert!(mail.header("message-id").unwrap().ends_with("@localhost>"));
        assert!(mail.header("date").is_some());
        let links = mail.links();
        assert_eq!(links.len(), 1, "{links:?}");
        assert!(mail.text.lines().any(|line| line == links[0]), "{}", mail.text);
        assert!(mail.html.contains(&format!("href=\"{}\"", links[0])));
        assert!(!mail.html.contains("<img") && !mail.html.contains("src="), "nothing is fetched");
    }
}

#[tokio::test]
async fn the_link_is_mailed_to_the_owner_by_name_and_says_how_long_it_is_good_for() {
    let app = TestApp::with(|settings| settings.accounts.reset_lifetime = HOUR / 2).await;
    make_user(&app, MIA).await;
    crate::people::confirm(&app, MIA).await;

    ask(&app, MIA).await;

    let mail = app.mailbox.latest_to(MIA).await;
    assert_eq!(mail.subject, "Reset your Latchkey password");
    assert!(mail.text.starts_with("Hello mia,"), "{}", mail.text);
    let words: Vec<&str> = mail.text.split_whitespace().collect();
    assert!(words.join(" ").contains("within 30 minutes"), "{}", mail.text);
}

#[tokio::test]
async fn a_visitor_without_an_account_is_mailed_the_way_to_one() {
    let app = TestApp::start().await;

    ask(&app, "Nobody@Example.test").await;

    let mail = app.mailbox.latest_to("nobody@example.test").await;
    assert_eq!(mail.subject, "No Latchkey account with this address");
    assert_eq!(mail.links(), ["https://latchkey.test/signup"]);
    assert_eq!(app.count("tokens").await, 0);
}

/// REG-10 (CVE-2019-19844): the mail goes to the address of the account.
#[tokio::test]
async fn another_spelling_of_the_address_is_mailed_to_the_stored_one() {
    let app = TestApp::start().await;
    make_user(&app, "mia@xn--bcher-kva.test").await;

    for spelling in ["Mia@Bücher.test", "mia@bu\u{308}cher.test"] {
        assert_eq!(ask(&app, spelling).await.status(), 303, "{spelling}");
    }
    assert_eq!(ask(&app, "m\u{131}a@bücher.test").await.status(), 422);

    let mail = app.mailbox.nth_to("mia@xn--bcher-kva.test", 2).await;
    assert_eq!(mail.subject, "Reset your Latchkey password");
    assert_eq!(app.count("outbox").await, 2);
}

/// RST-11: mail bombing. The answer does not change and the account is not locked.
#[tokio::test]
async fn beyond_the_limit_no_further_mail_is_sent_and_nothing_is_said() {
    let app = TestApp::with(|settings| settings.limits.enabled = true).await;
    make_user(&app, MIA).await;
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/forgot-password").await;
    let mut answers = Vec::new();
    for spelling in [MIA, "MIA@example.test", " Mia@Example.Test "].into_iter().cycle().take(8) {
        answers.push(post(&browser, "/forgot-password", &[("email", spelling)]).await);
    }

    assert!(answers.iter().all(|answer| masked(answer, &[]) == masked(&answers[0], &[])));
    assert_eq!(app.count("outbox").await, 5);
    app.mailbox.nth_to(MIA, 5).await;
    let mut set = 0;
    for mail in app.mailbox.all_to(MIA).await {
        let status = reset(&app, &mail.link("/reset-password/"), NEW_PASSWORD).await;
        set += usize::from(status == 303);
    }
    assert_eq!(set, 1, "the newest link works, in whatever order the mails came");
    assert!(can_log_in(&app, MIA, NEW_PASSWORD).await);
}

/// RST-11: so is bombing many addresses from one place.
#[tokio::test]
async fn one_client_cannot_have_mails_sent_to_everybody() {
    let app = TestApp::with(|settings| settings.limits.enabled = true).await;
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/forgot-password").await;

    for n in 0..25 {
        let email = format!("user{n}@example.test");
        let answer = post(&browser, "/forgot-password", &[("email", &email)]).await;
        assert_eq!(answer.status(), 303, "{n}");
    }
    assert_eq!(app.count("outbox").await, 20);
    app.clock.advance(Duration::from_mins(1));

    assert_eq!(ask(&app, MIA).await.status(), 303);
    assert_eq!(app.count("outbox").await, 21);
}

/// RST-14: a link that has died in the outbox is not sent any more.
#[tokio::test]
async fn a_mail_that_has_outlived_its_link_is_dropped() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let catcher = app.mailbox.catcher();
    catcher.set_fault(Fault::Refuse);
    ask(&app, MIA).await;
    settled(&app, "last_error").await;
    app.clock.advance(HOUR);
    catcher.set_fault(Fault::None);

    ask(&app, ADA).await;
    app.mailbox.latest_to(ADA).await;
    settled(&app, "failed_at").await;

    assert_eq!(app.mailbox.count_to(MIA).await, 0);
}

/// A mail server that is away for a while is waited for.
#[tokio::test]
async fn a_mail_waits_for_the_mail_server_to_come_back() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let catcher = app.mailbox.catcher();
    catcher.set_fault(Fault::ReplyAt(Stage::Mail, 451));
    ask(&app, MIA).await;
    settled(&app, "last_error").await;
    assert_eq!(app.mailbox.count_to(MIA).await, 0);

    catcher.set_fault(Fault::None);
    app.clock.advance(Duration::from_mins(5));

    let link = app.mailbox.latest_to(MIA).await.link("/reset-password/");
    assert_eq!(reset(&app, &link, NEW_PASSWORD).await, 303);
}

/// RST-01 (CVE-2012-4520 and its kin): no request says what a link begins with.
#[tokio::test]
async fn no_header_of_a_request_finds_its_way_into_a_link() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/forgot-password").await;
    let token = browser.csrf_token();
    let request = |browser: &Browser| {
        let fields = [("csrf_token", token.as_str()), ("email", MIA)];
        browser.raw("POST", "/forgot-password").same_origin().form(&fields)
    };
    let answer = request(&browser)
        .header("x-forwarded-host", "evil.test")
        .header("x-forwarded-proto", "http")
        .header("x-original-host", "evil.test")
        .header("forwarded", "host=evil.test;proto=http")
        .send()
        .await;
    assert_eq!(answer.status(), 303);
    let mail = app.mailbox.latest_to(MIA).await;
    assert!(mail.links().iter().all(|link| link.starts_with("https://latchkey.test/")));
    for part in [&mail.text, &mail.html] {
        assert!(part.contains("latchkey.test") && !part.contains("evil"), "{part}");
    }
    let heads = mail.headers.iter().map(|(_, value)| value);
    assert!(!mail.headers.is_empty() && heads.clone().all(|value| !value.contains("evil")));

    for host in ["evil.test", "latchkey.test.evil.test", "latchkey.test@evil.test"] {
        let answer = request(&browser).header("host", host).send().await;
        assert!(matches!(answer.status(), 400 | 421), "{host}: {}", answer.status());
    }
    assert_eq!(app.count("outbox").await, 1);
}

/// RST-02: a copy of the database opens no account, also while the mail waits.
#[tokio::test]
async fn no_link_rests_in_the_outbox() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    app.mailbox.catcher().set_fault(Fault::Refuse);
    ask(&app, MIA).await;
    settled(&app, "last_error").await;
    let waiting = app.database.haystacks().await;
    app.mailbox.catcher().set_fault(Fault::None);
    app.clock.advance(Duration::from_mins(5));

    let link = app.mailbox.latest_to(MIA).await.link("/reset-password/");

    let (_, token) = link.rsplit_once('/').unwrap();
    let hash = token.parse::<Token>().unwrap().hash(TokenPurpose::ResetPassword);
    let hash = BASE64_URL_SAFE_NO_PAD.encode(hash.as_bytes());
    assert_kept_out(&waiting, &[token], &[MIA, &hash]);
    assert_eq!(reset(&app, &link, NEW_PASSWORD).await, 303);
}

/// RST-02: the secret is in the mail and nowhere else, also not in what SQLite has freed. Its hash
/// is found by the same search.
#[tokio::test]
async fn the_secret_of_a_link_is_kept_nowhere() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let link = nth_link(&app, 1).await;
    let (_, token) = link.rsplit_once('/').unwrap();
    assert!(token.len() >= 22, "{token}: at least 128 bits");
    settled(&app, "sent_at").await;

    let hash = token.parse::<Token>().unwrap().hash(TokenPurpose::ResetPassword);
    let hash = BASE64_URL_SAFE_NO_PAD.encode(hash.as_bytes());
    assert_kept_out(&app.database.haystacks().await, &[token], &[MIA, &hash]);
    app.database.empty_log().await;
    assert_kept_out(&Haystack::files(app.folder()), &[token], &[MIA, &hash]);
    let other = nth_link(&app, 2).await;
    assert!(!other.contains(&token[..8]), "{other}");
}
