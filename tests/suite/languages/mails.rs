//! Mails are in the language of their account or, without one, of the request. The answer on the
//! page is in the language of the request.

use auth::SignupMode;
use tests::{Mail, TestApp, Transport};

use super::GERMAN;
use crate::{
    flows::{MIA, ask_for_reset, logged_in, make_user, name_account, request_sign_up, sign_up},
    people,
};

fn is_in(mail: &Mail, language: &str) {
    let (greeting, word) = match language {
        "de" => ("Guten Tag", " Sie "),
        _ => ("Hello", " you"),
    };
    assert_eq!(mail.header("content-language"), Some(language), "{}", mail.text);
    assert!(mail.html.contains(&format!("<html lang=\"{language}\">")), "{}", mail.html);
    assert!(mail.text.starts_with(greeting), "{}", mail.text);
    assert!(mail.text.contains(word) && mail.html.contains(word), "{}", mail.text);
}

/// The newest mail with a link of this kind, once all are sent.
async fn newest(app: &TestApp, email: &str, prefix: &str) -> Mail {
    people::mails_sent(app).await;
    app.mailbox.wait_for_link(email, prefix).await
}

/// What others cause is written in the language that the person signed up in.
#[tokio::test]
async fn an_account_is_written_to_in_the_language_of_its_sign_up() {
    let app = TestApp::start().await;
    sign_up(&mut app.browser(Transport::Plain).reading(GERMAN), MIA).await;
    assert_eq!(app.database.texts("SELECT language FROM users").await, ["de"]);

    let mut english = app.browser(Transport::Plain);
    ask_for_reset(&mut english, MIA).await;

    assert_eq!(english.page().h1(), "Check your inbox", "{}", english.text());
    let mail = newest(&app, MIA, "/reset-password/").await;
    is_in(&mail, "de");
    assert_eq!(mail.subject, "Ihr Latchkey-Passwort zurücksetzen");
    assert!(mail.text.replace('\n', " ").contains("innerhalb von einer Stunde"), "{}", mail.text);
    assert!(mail.raw.is_ascii(), "every mail server takes it");
    english.visit(&mail.link("/reset-password/")).await;
    english.form("reset-password-form").fill("password", "two ducks in tuxedos").submit().await;
    is_in(&newest(&app, MIA, "/not-me/").await, "de");
}

/// The switch changes the mails of the logged-in user, and of no one else.
#[tokio::test]
async fn the_switch_changes_the_mails_of_the_user_who_is_logged_in() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    make_user(&app, "leo@example.test").await;
    let mut stranger = app.browser(Transport::Plain);
    stranger.visit("/").await;
    stranger.form("language-form").submit().await;
    ask_for_reset(&mut stranger, MIA).await;
    is_in(&newest(&app, MIA, "/reset-password/").await, "en");

    let mut browser = logged_in(&app, Transport::Plain, MIA).await;
    browser.form("language-form").submit().await;
    ask_for_reset(&mut app.browser(Transport::Plain), MIA).await;

    is_in(&newest(&app, MIA, "/reset-password/").await, "de");
    let languages = "SELECT email || ' ' || language FROM users ORDER BY email";
    let expected = ["leo@example.test en".to_owned(), format!("{MIA} de")];
    assert_eq!(app.database.texts(languages).await, expected);
}

/// ENU-02, ENU-08: the page does not tell an account that reads German from no account, and a
/// person without an account gets the mail in the language of the request.
#[tokio::test]
async fn the_screen_is_in_the_language_of_the_request_with_and_without_an_account() {
    let app = TestApp::start().await;
    sign_up(&mut app.browser(Transport::Plain).reading(GERMAN), MIA).await;
    for (transport, languages, expected) in
        [(Transport::Plain, "en", "en"), (Transport::HtmxPartial, GERMAN, "de")]
    {
        let no_account = format!("{expected}@unknown.test");
        let mut browser = app.browser(transport).reading(languages);
        let mut seen = Vec::new();
        for email in [MIA, &no_account] {
            ask_for_reset(&mut browser, email).await;
            let (page, language) = (browser.page(), super::language_of(&browser));
            assert_eq!(language, expected);
            let text = page.visible_text().replace(email, "*");
            seen.push((page.status(), page.path(), text, language));
        }
        assert_eq!(seen[0], seen[1]);
        is_in(&app.mailbox.latest_to(&no_account).await, expected);
        is_in(&newest(&app, MIA, "/reset-password/").await, "de");
    }
}

/// REG-12: where addresses have to be confirmed, the owner of a taken address gets the mail in the
/// owner's language, and a new user in that of the request.
#[tokio::test]
async fn a_sign_up_writes_in_the_language_of_whom_the_address_is() {
    let app = TestApp::with(|settings| settings.accounts.signup = SignupMode::Confirmed).await;
    let mut german = app.browser(Transport::Plain).reading(GERMAN);
    request_sign_up(&mut german, MIA).await;
    let mail = app.mailbox.latest_to(MIA).await;
    is_in(&mail, "de");
    german.visit(&mail.link("/new-account/")).await;
    name_account(&mut german).await;

    let mut english = app.browser(Transport::Plain);
    request_sign_up(&mut english, MIA).await;

    assert_eq!(super::language_of(&english), "en");
    let mail = app.mailbox.nth_to(MIA, 2).await;
    is_in(&mail, "de");
    assert_eq!(mail.subject, "Sie haben bereits ein Latchkey-Konto");
    request_sign_up(&mut english, "leo@example.test").await;
    is_in(&app.mailbox.latest_to("leo@example.test").await, "en");
    request_sign_up(&mut app.browser(Transport::Plain).reading("de"), "leo@example.test").await;
    is_in(&app.mailbox.nth_to("leo@example.test", 2).await, "de");
}
