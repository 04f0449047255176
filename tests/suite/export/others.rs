//! The file contains nothing about other people, of whom the user may know no more than an address.

use std::time::Duration;

use auth::{Client, Order, SignupMode};
use serde_json::Value;
use tests::{Backend, Browser, TestApp, Transport};

use super::{NEW_MIA, app, download};
use crate::{
    cast::EVE,
    flows::{MIA, logged_in, make_user, post},
    people::{self, address, order},
};

const DAY: Duration = Duration::from_hours(24);

/// The file, requested by the logged-in user.
async fn file(browser: &mut Browser) -> Value {
    browser.visit("/settings/data").await;
    download(browser).await
}

/// Asks for another address.
async fn wish(browser: &mut Browser, email: &str) {
    browser.visit("/settings/email").await;
    let page = browser.form("email-form").fill("email", email).submit().await;
    assert!(page.flash().contains("We sent an email"), "{}", page.visible_text());
}

/// An anonymous visitor asks for a password reset.
async fn forgot(app: &TestApp, email: &str) {
    let client = Client::new([192, 0, 2, 1].into(), "tests");
    let asked = app.accounts().credentials().request_password_reset(&address(email), &client).await;
    asked.expect("the database is there");
    people::mails_sent(app).await;
}

/// How many events are in the file.
fn events(file: &Value) -> usize {
    file["timeline"].as_array().unwrap().len()
}

/// Recipients and subjects of the mails in the file.
fn mails(file: &Value) -> Vec<(String, String)> {
    let text = |mail: &Value, name: &str| mail[name].as_str().unwrap().to_owned();
    let mails = file["mails"].as_array().unwrap().iter();
    mails.map(|mail| (text(mail, "recipient"), text(mail, "subject"))).collect()
}

/// ADM-05: neither anybody else nor those who look after the accounts are in it.
#[tokio::test]
async fn the_file_is_about_no_other_user() {
    let app = app().await;
    make_user(&app, EVE).await;
    logged_in(&app, Transport::Plain, EVE).await;
    let mia = people::id_of(&app, MIA).await;
    people::seed_admin(&app, people::ADA).await;
    let admin = people::logged_in(&app, Transport::Plain, people::ADA).await;
    let path = format!("/admin/users/{mia}/role");
    assert_eq!(post(&admin, &path, &[("role", "admin")]).await.status(), 303);
    let mut browser = logged_in(&app, Transport::Plain, MIA).await;
    browser.visit("/settings/data").await;

    let file = download(&mut browser).await;

    let text = file.to_string();
    assert!(!text.contains("eve@") && !text.contains(people::ADA), "{file:#}");
    let timeline = file.pointer("/timeline").and_then(Value::as_array).unwrap();
    let by_admin: Vec<_> = timeline.iter().filter(|event| event["actor"] == "admin").collect();
    assert_eq!(by_admin.len(), 1, "{file:#}");
    assert_eq!(by_admin[0]["place"], Value::Null);
}

/// ENU-04, ENU-08, REG-02: the file is the same whether the requested address has an account, had
/// one, or is free.
#[tokio::test]
async fn the_file_does_not_tell_whether_an_address_that_was_asked_for_is_taken() {
    for backend in Backend::available() {
        let signup = SignupMode::Confirmed;
        let app = TestApp::on(backend, |settings| settings.accounts.signup = signup).await;
        for email in [MIA, EVE] {
            make_user(&app, email).await;
            order(&app, email, Order::Confirm).await;
        }
        let mut browser = logged_in(&app, Transport::Plain, MIA).await;
        let mut before = events(&file(&mut browser).await);
        let mut seen = Vec::new();
        for wanted in ["leo@example.test", EVE] {
            wish(&mut browser, wanted).await;
            people::mails_sent(&app).await;
            let mut file = file(&mut browser).await;
            let all = events(&file);
            file["timeline"] = Value::from(all - before);
            before = all;
            seen.push(file.to_string().replace(wanted, "*"));
        }
        order(&app, EVE, Order::Delete).await;
        let later = file(&mut browser).await;

        assert_eq!(seen[0], seen[1], "{backend:?}");
        assert_eq!(later["address_proofs"][0]["email"], EVE, "{backend:?}");
        assert_eq!(mails(&later), [], "{backend:?}");
    }
}

/// ADM-05: an address that was only asked for may be anybody's.
#[tokio::test]
async fn what_goes_to_an_address_that_was_never_proven_is_not_in_the_file() {
    let app = app().await;
    make_user(&app, EVE).await;
    make_user(&app, NEW_MIA).await;
    forgot(&app, NEW_MIA).await;
    order(&app, NEW_MIA, Order::Delete).await;
    forgot(&app, NEW_MIA).await;
    let mut eve = logged_in(&app, Transport::Plain, EVE).await;
    wish(&mut eve, NEW_MIA).await;
    let mut browser = logged_in(&app, Transport::Plain, MIA).await;

    wish(&mut browser, NEW_MIA).await;
    people::mails_sent(&app).await;

    assert_eq!(mails(&file(&mut browser).await), []);
    // A person who signs up with it has proven no more.
    let client = Client::new([192, 0, 2, 1].into(), "tests");
    let new = auth::SignUp {
        email: address(NEW_MIA),
        name: domain::DisplayName::parse("Noah").unwrap(),
        password: domain::Password::parse(people::PASSWORD).unwrap(),
    };
    app.accounts().registration().sign_up(new, &client).await.expect("it is free");
    people::mails_sent(&app).await;
    let mut noah = logged_in(&app, Transport::Plain, NEW_MIA).await;
    let file = file(&mut noah).await;
    let own = ("mia.new@example.test".to_owned(), "Confirm your address for Latchkey".to_owned());
    assert_eq!(mails(&file), [own]);
    let purposes: Vec<_> = file["address_proofs"].as_array().unwrap().iter().collect();
    assert_eq!(purposes.len(), 1, "{file:#}");
    assert_eq!(purposes[0]["purpose"], "sign_up");
}

/// ADM-05: what went to a former address while it was the person's own is theirs, and
/// nothing that went there afterwards.
#[tokio::test]
async fn what_goes_to_a_former_address_later_is_not_in_the_file() {
    let app = app().await;
    let undo = people::real_path(&app, "/undo-email/{token}", MIA).await;
    assert!(undo.starts_with("/undo-email/"));
    app.clock.advance(DAY * 8);
    app.accounts().operations().sweep().await.unwrap();
    forgot(&app, MIA).await;
    make_user(&app, MIA).await;
    forgot(&app, MIA).await;
    let new = format!("new-{MIA}");
    let mut browser = logged_in(&app, Transport::Plain, &new).await;

    let file = file(&mut browser).await;

    let to_the_former = mails(&file).into_iter().filter(|(recipient, _)| recipient == MIA);
    let subjects: Vec<_> = to_the_former.map(|(_, subject)| subject).collect();
    assert_eq!(subjects, ["The address of your Latchkey account was changed"], "{file:#}");
}
