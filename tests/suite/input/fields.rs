//! Fields that are missing, doubled, or contain what no person types.

use tests::{Answer, Browser, TestApp};

use super::{FORM, visitor};
use crate::people::{self, MIA, PASSWORD};

/// INP-03: missing, doubled and unknown fields.
#[tokio::test]
async fn a_form_with_other_fields_than_it_has_is_judged_field_by_field() {
    let app = TestApp::start().await;
    let browser = visitor(&app).await;
    let send = async |fields: &[(&str, &str)]| {
        let token = browser.csrf_token();
        let request = browser.raw("POST", "/signup").same_origin();
        request.header("x-csrf-token", &token).form(fields).send().await
    };

    let empty = send(&[]).await;
    let doubled = send(&[
        ("email", MIA),
        ("email", "b@example.test"),
        ("name", "Mia"),
        ("password", PASSWORD),
    ])
    .await;
    assert_eq!((empty.status(), doubled.status()), (422, 422));
    for field in ["email-error", "name-error", "password-error"] {
        assert!(empty.body.contains(field), "{field}");
    }
    assert!(doubled.body.contains("email-error") && doubled.is_html());
    assert_eq!(app.count("users").await, 0);

    let more = [
        ("email", MIA),
        ("name", "Mia"),
        ("password", PASSWORD),
        ("role", "admin"),
        ("id", "1"),
        ("email_verified", "1"),
    ];
    assert_eq!(send(&more).await.status(), 303);
    let role = app.database.texts("SELECT role FROM users").await;
    assert_eq!(role, ["user"], "REG-04");
}

/// INP-07: what is accepted can be mailed; what mail programs would mistake is not.
#[tokio::test]
async fn addresses_that_mail_programs_read_differently_are_refused() {
    let app = TestApp::start().await;
    let browser = visitor(&app).await;
    for email in [
        "b@[127.0.0.1]",
        "\"a b\"@example.test",
        "b@x",
        "-oQ@example.test",
        "b@example.test\nBcc: c@example.test",
        "b@example.test\r\nBcc: c@example.test",
        "a@b@example.test",
        "a@example.test,b@example.test",
        "a@example.test b@example.test",
        "<a@example.test>",
        "A <a@example.test>",
        "victim\u{ff20}example.test",
        "m\u{131}ke@example.test",
        "a\0@example.test",
        "a@exa\u{202e}mple.test",
        "a..b@example.test",
        ".a@example.test",
        "a@-example.test",
        "a@example..test",
        "a@127.0.0.1",
    ] {
        for (path, more) in [("/signup", true), ("/forgot-password", false), ("/login", false)] {
            let answer = post(&browser, path, email, more).await;
            assert_eq!(answer.status(), 422, "{path} {email:?}");
            assert!(answer.body.contains("email-error"), "{path} {email:?}");
        }
    }
    assert_eq!(app.count("users").await + app.count("outbox").await, 0);
    for email in ["o'neil+tag@example.test", "!#$%&*/=?^_`{|}~@example.test", "mia@bücher.test"] {
        assert_eq!(post(&browser, "/forgot-password", email, false).await.status(), 303, "{email}");
    }
    people::mails_sent(&app).await;
    assert_eq!(app.mailbox.all().await.len(), 3, "what is accepted can be mailed");
}

/// INP-01.
#[tokio::test]
async fn invisible_characters_are_refused_in_every_field() {
    let app = TestApp::start().await;
    let browser = visitor(&app).await;
    let token = browser.csrf_token();
    for nasty in ["%00", "%ff", "%EF%BF%BD", "%E2%80%A8", "%E2%80%AE", "%E2%81%A6", "%0D%0A", "%1B"]
    {
        for field in ["email", "name", "password"] {
            let value = |name, good: &str| {
                let nasty = if field == name { nasty } else { "" };
                let (start, end) = good.split_at(1);
                format!("{name}={start}{nasty}{end}")
            };
            let body = format!(
                "csrf_token={token}&{}&{}&{}",
                value("email", MIA),
                value("name", "Mia"),
                value("password", &PASSWORD.replace(' ', "+"))
            );
            let request = browser.raw("POST", "/signup").same_origin().body(FORM, body);
            let answer = request.send().await;
            assert_eq!(answer.status(), 422, "{field} {nasty}");
            assert!(answer.body.contains(&format!("{field}-error")), "{field} {nasty}");
        }
    }
    assert_eq!(app.count("users").await, 0);
}

/// RED-04: no header is made of what was typed.
#[tokio::test]
async fn line_breaks_in_next_reach_no_header() {
    let app = TestApp::start().await;
    people::sign_up(&app, MIA).await;
    let browser = visitor(&app).await;
    let token = browser.csrf_token();
    for next in [
        "/profile\r\nX-Evil: 1",
        "/profile\nSet-Cookie: a=b",
        "/profile%0d%0aX-Evil:1",
        "/\u{e560}",
    ] {
        for is_partial in [false, true] {
            let fields = [
                ("csrf_token", token.as_str()),
                ("email", MIA),
                ("password", PASSWORD),
                ("next", next),
            ];
            let request = browser.raw("POST", "/login").same_origin().form(&fields);
            let request = if is_partial { request.htmx_partial() } else { request };
            let answer = request.send().await;

            let to = if is_partial { "hx-push-url" } else { "location" };
            assert_eq!(answer.header(to), Some("/profile"), "{next:?}");
            assert!(answer.header("x-evil").is_none(), "{next:?}");
            assert!(answer.cookies().iter().all(|cookie| cookie.name.starts_with("__Host-")));
        }
    }
}

async fn post(browser: &Browser, path: &str, email: &str, is_whole: bool) -> Answer {
    let token = browser.csrf_token();
    let mut fields = vec![("csrf_token", token.as_str()), ("email", email), ("password", PASSWORD)];
    if is_whole {
        fields.push(("name", "Mia"));
    }
    browser.raw("POST", path).same_origin().form(&fields).send().await
}
