//! Passwords at the log-in: what counts in them and how they are kept.

use auth::password::{PasswordHasher, PasswordSettings};
use domain::Password;
use tests::{Backend, TestApp, Transport};

use crate::{
    fault_steps::{count_of, form_again, send_at_once},
    flows::{ADA, MIA, PASSWORD, can_log_in, make_user, post},
};

/// LOG-12.
#[tokio::test]
async fn the_fields_tell_password_managers_what_they_are() {
    let app = TestApp::start().await;
    let mut browser = app.browser(Transport::Plain);
    for (path, label, kind, autocomplete) in [
        ("/login", "Email address", "email", "username webauthn"),
        ("/login", "Password", "password", "current-password"),
        ("/signup", "Email address", "email", "username"),
        ("/signup", "Name", "text", "name"),
        ("/signup", "Password", "password", "new-password"),
        ("/forgot-password", "Email address", "email", "username"),
    ] {
        let control = browser.visit(path).await.by_label(label).unwrap();

        assert_eq!(control.kind, kind, "{path} {label}");
        assert_eq!(control.autocomplete.as_deref(), Some(autocomplete), "{path} {label}");
        assert!(control.inputmode.is_some() && control.value.is_empty(), "{path} {label}");
        assert!(!browser.page().body().contains("onpaste"));
    }
}

/// REG-07: every character counts, to the last one of the longest password.
#[tokio::test]
async fn case_and_spaces_and_the_far_end_of_a_password_count() {
    let app = TestApp::start().await;
    let long = "goose moose caboose ".repeat(20);
    let changed = |at: usize| format!("{}#{}", &long[..at], &long[at + 1..]);
    let padded = " a Goose on the loose ";
    for (email, password, wrong) in [
        ("a@example.test", padded, [" a goose on the loose ", "a Goose on the loose"]),
        ("b@example.test", &long, [&changed(72), &changed(256)]),
        ("c@example.test", &long, [&long[..72], &changed(long.len() - 1)]),
    ] {
        let mut browser = app.browser(Transport::Plain);
        browser.visit("/signup").await;
        let fields = [("email", email), ("name", "Mia"), ("password", password)];
        assert_eq!(post(&browser, "/signup", &fields).await.status(), 303);

        assert!(can_log_in(&app, email, password).await, "{password}");
        for wrong in wrong {
            assert!(!can_log_in(&app, email, wrong).await, "{wrong}");
        }
    }
}

/// TXT-03: a password that was accepted once logs in; only a new one has to be visible.
#[tokio::test]
async fn a_password_with_invisible_characters_of_before_still_logs_in() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let old = "three swans in a van\u{200b}";
    let settings = PasswordSettings { memory_kib: 64, ..PasswordSettings::default() };
    let hasher = PasswordHasher::start(&settings).unwrap();
    let hash = hasher.hash(&Password::parse(old).unwrap()).await.unwrap();
    let set = format!("UPDATE users SET password_hash = '{}'", hash.as_str());
    app.database.execute(&set).await;

    assert!(can_log_in(&app, MIA, old).await);
    assert!(!can_log_in(&app, MIA, old.trim_end_matches('\u{200b}')).await);
}

/// LOG-07 (CVE-2016-2513): a hash with other parameters is replaced when its owner logs in, and
/// only then.
#[tokio::test]
async fn an_outdated_hash_is_renewed_by_the_log_in_that_proves_it() {
    let app = TestApp::with(|settings| settings.password.memory_kib = 128).await;
    let weaker = TestApp::start().await;
    make_user(&weaker, MIA).await;
    make_user(&app, MIA).await;
    let hash = "SELECT password_hash FROM users";
    let old = weaker.database.texts(hash).await.remove(0);
    assert!(old.starts_with("$argon2id$v=19$m=64,"), "{old}");
    app.database.execute(&format!("UPDATE users SET password_hash = '{old}'")).await;

    assert!(!can_log_in(&app, MIA, "not a goose at all").await);
    assert_eq!(app.database.texts(hash).await, [old]);

    assert!(can_log_in(&app, MIA, PASSWORD).await);
    let new = app.database.texts(hash).await.remove(0);
    assert!(new.starts_with("$argon2id$v=19$m=128,t=1,p=1$"), "{new}");
    assert!(can_log_in(&app, MIA, PASSWORD).await);
    assert_eq!(app.database.texts(hash).await, [new]);
}

/// LOG-07: of log-ins at once each would renew the hash, one does, and all were right.
#[tokio::test(flavor = "multi_thread")]
async fn log_ins_at_once_on_an_outdated_hash_all_succeed() {
    for backend in Backend::available() {
        let app = TestApp::on(backend, |settings| settings.password.memory_kib = 128).await;
        let weaker = TestApp::start().await;
        make_user(&weaker, MIA).await;
        make_user(&app, MIA).await;
        let old = weaker.database.texts("SELECT password_hash FROM users").await.remove(0);
        let mut browser = app.browser(Transport::Plain);
        browser.visit("/login").await;
        let fields = [("email", MIA), ("password", PASSWORD)];
        for round in 0..10 {
            app.database.execute(&format!("UPDATE users SET password_hash = '{old}'")).await;

            let forms = (0..3).map(|_| form_again(&browser, "/login", &fields));
            let answers = send_at_once(forms).await;

            assert_eq!(count_of(&answers, 303), 3, "{backend:?} {round}: {answers:?}");
            let new = app.database.texts("SELECT password_hash FROM users").await.remove(0);
            assert!(new.starts_with("$argon2id$v=19$m=128,"), "{backend:?} {round}: {new}");
        }
    }
}

/// LOG-10: the parameters stand in the hash, and no two salts are the same.
#[tokio::test]
async fn two_users_with_one_password_have_two_hashes() {
    let app = TestApp::with(|settings| settings.password = PasswordSettings::default()).await;
    for email in [MIA, ADA] {
        make_user(&app, email).await;
    }

    let hashes = app.database.texts("SELECT password_hash FROM users").await;

    assert!(hashes.iter().all(|hash| hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")));
    assert_ne!(hashes[0], hashes[1]);
}
