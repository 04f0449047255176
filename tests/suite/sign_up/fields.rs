//! The fields of the sign-up form: what they take and what they say otherwise.

use tests::{TestApp, Transport};

use crate::flows::{MIA, PASSWORD, can_log_in, make_user, post};

use super::sign_up;

/// REG-06, TXT-04: the reason is named, where the mistake is; nothing is stored and no
/// password is sent back.
#[tokio::test]
async fn each_mistake_is_told_at_its_field_and_the_rest_is_kept() {
    let app = TestApp::start().await;
    let mut browser = app.browser(Transport::Plain);
    let before = app.database_digest().await;
    let (long_email, long_name) = (format!("{}@x.test", "a".repeat(65)), "n".repeat(81));
    for (field, wrong, reason) in [
        ("email", "", "Enter your email address"),
        ("email", "mia", "like name@example.org"),
        ("email", &long_email, "too long for an email address"),
        ("name", "  ", "Enter a name"),
        ("name", &long_name, "at most 80 characters"),
        ("name", "\u{3164}", "Enter a name"),
        ("name", "Mi\u{e000}a", "can’t be displayed"),
        ("name", "Z\u{301}\u{302}\u{303}\u{304}\u{305}oe", "too many accents"),
        ("name", "You won, see http://evil.test/x", "can’t contain a web address"),
        ("name", "mia@x.test", "can’t contain a web address"),
        ("password", "three swans in a van\u{200b}", "invisible characters"),
        ("password", "", "Choose a password"),
        ("password", "fourteen chars", "at least 15 characters"),
        ("password", "passwordpassword", "This password is too common"),
        ("password", "abcdefghijklmnopqrst", "This password is too common"),
        ("password", "LatchkeyLatchkey", "The name of this site"),
        ("password", "mia@example.test", "Your address"),
        ("password", "Mia Gooseberry-Ott 1", "Your name"),
    ] {
        browser.visit("/signup").await;
        let form =
            browser.form("signup-form").fill("email", MIA).fill("name", "Mia Gooseberry-Ott");
        let page = form.fill("password", PASSWORD).fill(field, wrong).submit().await;

        assert_eq!(page.status(), 422, "{wrong}");
        assert_eq!(page.invalid_fields(), [field], "{wrong}");
        let error = page.field_error(field).unwrap();
        assert!(error.contains(reason), "{wrong}: {error}");
        assert_eq!(page.focused().as_deref(), Some(field), "{wrong}");
        let kept = |name| page.field("signup-form", name).unwrap().value;
        assert_eq!(kept("email"), if field == "email" { wrong } else { MIA });
        assert_eq!(kept("password"), "");
        assert!(!page.body().contains(PASSWORD), "{wrong}");
    }
    assert_eq!(app.database_digest().await, before);
    assert_eq!(app.accounts().operations().hash_count(), 0);
}

/// REG-04, INP-03: a form cannot say more than it asks.
#[tokio::test]
async fn fields_that_the_form_does_not_have_are_ignored() {
    let app = TestApp::start().await;
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/signup").await;
    let fields = [
        ("email", MIA),
        ("name", "Mia"),
        ("password", PASSWORD),
        ("role", "admin"),
        ("is_admin", "1"),
        ("id", "1"),
        ("email_verified", "1"),
        ("user[role]", "admin"),
    ];

    assert_eq!(post(&browser, "/signup", &fields).await.status(), 303);

    assert_eq!(app.database.texts("SELECT role FROM users").await, ["user"]);
    assert_eq!(app.database.texts("SELECT email FROM users").await, [MIA]);
}

/// REG-05: characters are what a person counts; the upper bound is in bytes and
/// spares the hasher (CVE-2013-1443).
#[tokio::test]
async fn a_password_is_long_enough_from_the_first_character_to_the_last_byte() {
    let app = TestApp::start().await;
    let words = "goose 🪿 loose moose caboose ";
    let of = |chars: usize| words.chars().cycle().take(chars).collect::<String>();
    let (full, over) = ("🪿 goose!!".repeat(86)[..1024].to_owned(), "é".repeat(512) + "e");
    for (at, (password, status)) in [
        (of(14), 422),
        (of(15), 303),
        (of(64), 303),
        (of(128), 303),
        (of(256), 303),
        (full, 303),
        (over, 422),
        ("goose moose ".repeat(1000), 422),
    ]
    .into_iter()
    .enumerate()
    {
        let email = format!("user{at}@example.test");
        let before = app.accounts().operations().hash_count();

        assert_eq!(sign_up(&app, &email, "Mia", &password).await.status(), status, "{password}");

        let hashed = app.accounts().operations().hash_count() - before;
        assert_eq!(hashed, u64::from(status == 303), "{password}");
        assert!(status == 422 || can_log_in(&app, &email, &password).await, "{password}");
    }
}

/// REG-07: no rules about kinds of characters.
#[tokio::test]
async fn a_passphrase_in_lower_case_letters_alone_is_taken() {
    let app = TestApp::start().await;

    let answer = sign_up(&app, MIA, "Mia", "goosemoosecaboosenoose").await;

    assert_eq!(answer.status(), 303);
}

/// REG-09, REG-10, INP-07 (GHSA-7rqj-j65f-68wh, CVE-2019-19844).
#[tokio::test]
async fn what_only_looks_like_an_address_is_refused() {
    let app = TestApp::start().await;
    for email in [
        "victim\u{ff20}x.test",
        "a@b@c.test",
        "a@x.test,b@y.test",
        "a@x.test b@y.test",
        "m\u{131}ke@x.test",
        "mike@x.te\u{17f}t@x.test",
        "b@x",
        "b@x\n",
        "-oQ@x.test",
        "\"a b\"@x.test",
        "b@[127.0.0.1]",
        "b@127.0.0.1",
        "mia@x.test\r\nBcc: all@x.test",
        "mia@x.test\u{2028}",
        "<mia@x.test>",
        "@x.test",
        "mia@",
        "a..b@x.test",
    ] {
        let answer = sign_up(&app, email, "Mia", PASSWORD).await;

        assert_eq!(answer.status(), 422, "{email:?}");
        assert!(answer.body.contains("id=\"email-error\""), "{email:?}");
    }
    assert_eq!(app.count("users").await, 0);
}

/// REG-10: a domain has one account whether it is written in Unicode or in ASCII.
#[tokio::test]
async fn the_spellings_of_a_domain_are_one_address() {
    let app = TestApp::start().await;
    make_user(&app, "mia@xn--bcher-kva.test").await;

    for email in ["mia@bücher.test", "mia@bu\u{308}cher.test", "MIA@BÜCHER.test"] {
        let answer = sign_up(&app, email, "Mia", PASSWORD).await;

        assert_eq!(answer.status(), 422, "{email}");
        assert!(answer.body.contains("already has an account"), "{email}");
    }
}

/// REG-11: what would break a mail's header, a page or a log is no name.
#[tokio::test]
async fn a_name_that_would_do_harm_is_refused() {
    let app = TestApp::start().await;
    let endless = "n".repeat(10_000);
    for name in ["Mia\r\nBcc: all@x.test", "Mia\0", "Mia\u{202e}aiM", "\u{200b}", &endless] {
        let answer = sign_up(&app, MIA, name, PASSWORD).await;

        assert_eq!(answer.status(), 422, "{name:?}");
        assert!(answer.body.contains("id=\"name-error\""), "{name:?}");
    }
    assert_eq!(app.count("users").await, 0);
}

/// INP-01: nothing invisible and nothing broken gets in, in any field.
#[tokio::test]
async fn characters_that_cannot_be_typed_are_refused_in_each_field() {
    let app = TestApp::start().await;
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/signup").await;
    let token = browser.csrf_token();
    let answers = [("email", MIA), ("name", "Mia"), ("password", "a+goose+on+the+loose")];
    for field in ["email", "name", "password"] {
        for bad in ["%00", "%ff", "%EF%BF%BD", "%E2%80%A8", "%E2%80%AE", "%E2%81%A6"] {
            let pairs = answers.map(|(name, value)| {
                format!("{name}={value}{}", if name == field { bad } else { "" })
            });
            let body = format!("csrf_token={token}&{}", pairs.join("&"));

            let request = browser.raw("POST", "/signup").same_origin();
            let answer = request.body("application/x-www-form-urlencoded", body).send().await;

            assert_eq!(answer.status(), 422, "{field} {bad}");
            assert!(answer.body.contains(&format!("id=\"{field}-error\"")), "{field} {bad}");
        }
    }
    assert_eq!((app.count("users").await, app.accounts().operations().hash_count()), (0, 0));
}

/// What is sent back is what HTML can show.
#[tokio::test]
async fn a_field_with_a_control_character_comes_back_without_it() {
    let app = TestApp::start().await;
    for transport in Transport::ALL {
        let mut browser = app.browser(transport);
        browser.visit("/signup").await;

        let page = browser.form("signup-form").fill("name", "M\0i\u{1b}a").submit().await;

        assert!(page.field_error("name").unwrap().contains("can’t be displayed"), "{transport:?}");
        assert_eq!(page.field("signup-form", "name").unwrap().value, "Mia", "{transport:?}");
    }
}

/// INP-03: of two values none counts.
#[tokio::test]
async fn a_field_that_comes_twice_or_not_at_all_is_an_error_of_that_field() {
    let app = TestApp::start().await;
    for transport in [Transport::Plain, Transport::HtmxPartial] {
        let mut browser = app.browser(transport);
        browser.visit("/signup").await;
        let all = [("email", MIA), ("name", "Mia"), ("password", PASSWORD)];
        for at in 0..all.len() {
            let error = format!("id=\"{}-error\"", all[at].0);
            let doubled = [&all[..], &all[at..=at]].concat();
            let missing = [&all[..at], &all[at + 1..]].concat();
            for fields in [doubled, missing] {
                let answer = post(&browser, "/signup", &fields).await;

                assert_eq!(answer.status(), 422, "{transport:?} {fields:?}");
                assert!(answer.body.contains(&error), "{transport:?} {fields:?}");
                assert_eq!(answer.body.matches("aria-invalid=\"true\"").count(), 1, "{fields:?}");
            }
        }
    }
    assert_eq!(app.count("users").await, 0);
}

/// INP-06: the length is looked at before any Unicode form is made of it
/// (CVE-2023-46695).
#[tokio::test]
async fn a_field_full_of_combining_marks_is_refused_without_work() {
    let app = TestApp::start().await;
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/signup").await;
    let token = browser.csrf_token();
    for field in ["email", "name", "password"] {
        let marks = "\u{301}".repeat(31_000);
        let body = format!("csrf_token={token}&{field}={marks}@x.test");
        let request = browser.raw("POST", "/signup").same_origin();
        let request = request.body("application/x-www-form-urlencoded", body);

        let begun = std::time::Instant::now();
        let answer = request.send().await;

        assert_eq!(answer.status(), 422, "{field}");
        assert!(begun.elapsed().as_millis() < 1_000, "{field}: {:?}", begun.elapsed());
    }
    assert_eq!(app.accounts().operations().hash_count(), 0);
}
