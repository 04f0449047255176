//! Answers that no honest authenticator gives: each is refused, changes nothing and is no error of
//! the server.

use serde_json::{Value, json};
use tests::{
    Authenticator, Browser, TestApp, Transport,
    authenticator::{BACKED_UP, BACKUP_ELIGIBLE, PRESENT, VERIFIED},
};

use super::{
    EVE, NEW, add_passkey, app_with_mia, app_with_passkey, confirmed_user, options, passkeys,
};

/// A lie of the authenticator, by its name.
type Lie = (&'static str, fn(&mut Authenticator));

/// Lies that both kinds of answer can contain. The origins are those of GHSA-f7pm-6hr8-7ggm, of
/// lbuchs#123 and of webauthn-rs before 0.5.5: a suffix, a subdomain, another port and another scheme.
const LIES: [Lie; 11] = [
    ("another relying party", |it| "evil.test".clone_into(&mut it.rp_id)),
    ("the parent domain", |it| "test".clone_into(&mut it.rp_id)),
    ("an origin that ends like ours", |it| "https://evil-latchkey.test".clone_into(&mut it.origin)),
    ("a subdomain", |it| "https://sub.latchkey.test".clone_into(&mut it.origin)),
    ("another port", |it| "https://latchkey.test:8443".clone_into(&mut it.origin)),
    ("no encryption", |it| "http://latchkey.test".clone_into(&mut it.origin)),
    ("an origin that is none", |it| "null".clone_into(&mut it.origin)),
    ("no verification of the user", |it| it.flags = PRESENT),
    ("no user present", |it| it.flags = VERIFIED),
    ("a backup of what cannot be backed up", |it| it.flags |= BACKED_UP),
    ("another type", |it| it.kind = Some("webauthn.other")),
];

/// Changes an answer that was right.
type Damage = (&'static str, fn(&mut Value));

const DAMAGES: [Damage; 6] = [
    ("nothing", |it| *it = json!({})),
    ("a list", |it| *it = json!([1, 2])),
    ("no client data", |it| put(it, "/response/clientDataJSON", "")),
    ("client data that are no JSON", |it| put(it, "/response/clientDataJSON", "AAAA")),
    ("another id", |it| put(it, "/rawId", "AAAA")),
    ("deep nesting", |it| *it = nested()),
];

fn put(answer: &mut Value, place: &str, text: &str) {
    *answer.pointer_mut(place).expect("a part of an answer") = json!(text);
}

fn nested() -> Value {
    (0..100).fold(json!(1), |inner, _| json!([inner]))
}

async fn refuse_registration(app: &TestApp, browser: &mut Browser, what: &str, answer: &str) {
    let page = browser.form("new-passkey-form").fill("passkey", answer).submit().await;
    assert_eq!(page.status(), 422, "{what}: {}", page.visible_text());
    assert_eq!(app.count("passkeys").await, 0, "{what}");
}

/// MFA-07, CVE-2026-8830: what the page asked for is checked on the server.
#[tokio::test]
async fn a_new_passkey_that_is_not_what_was_asked_for_is_refused() {
    let (app, mut browser) = app_with_mia(TestApp::start().await, Transport::Plain).await;
    let algorithms: [Lie; 3] = [
        ("Ed25519", |it| it.algorithm = -8),
        ("ES512", |it| it.algorithm = -36),
        ("another meaning of the key", |it| it.algorithm = -37),
    ];
    for (what, lie) in LIES.into_iter().chain(algorithms) {
        let mut authenticator = Authenticator::new(app.public_url());
        lie(&mut authenticator);
        let answer = authenticator.create(&options(browser.visit(NEW).await));
        refuse_registration(&app, &mut browser, what, &answer).await;
    }
    let mut other = Authenticator::new(app.public_url());
    let earlier = options(browser.visit(NEW).await);
    browser.visit(NEW).await;
    refuse_registration(&app, &mut browser, "another challenge", &other.create(&earlier)).await;

    // The control: without a lie it is taken.
    let page = add_passkey(&mut browser, &mut Authenticator::new(app.public_url())).await;
    assert_eq!(page.flash(), "Passkey added.");
}

/// INP-03: bytes that are no answer at all.
#[tokio::test]
async fn a_damaged_answer_for_a_new_passkey_is_refused() {
    let (app, mut browser) = app_with_mia(TestApp::start().await, Transport::Plain).await;
    for (what, damage) in DAMAGES {
        let mut authenticator = Authenticator::new(app.public_url());
        let answer = authenticator.create(&options(browser.visit(NEW).await));
        let mut answer: Value = serde_json::from_str(&answer).unwrap();
        damage(&mut answer);
        if what != "another id" {
            refuse_registration(&app, &mut browser, what, &answer.to_string()).await;
        }
    }
    // The attestation, cut off at each of its bytes.
    for kept in (0..250).step_by(7) {
        let mut authenticator = Authenticator::new(app.public_url());
        let answer = authenticator.create(&options(browser.visit(NEW).await));
        let mut answer: Value = serde_json::from_str(&answer).unwrap();
        let attestation = answer["response"]["attestationObject"].as_str().unwrap().to_owned();
        answer["response"]["attestationObject"] =
            json!(attestation[..kept.min(attestation.len() - 4)]);
        refuse_registration(&app, &mut browser, &format!("{kept}"), &answer.to_string()).await;
    }
    for length in [17 * 1024, 63 * 1024] {
        browser.visit(NEW).await;
        let answer = format!("{{\"id\":\"{}\"}}", "A".repeat(length));
        refuse_registration(&app, &mut browser, &format!("{length}"), &answer).await;
    }
}

/// INP-02: beyond the limit of a body.
#[tokio::test]
async fn an_answer_of_64_kib_is_too_large() {
    let (app, mut browser) = app_with_mia(TestApp::start().await, Transport::Plain).await;
    browser.visit(NEW).await;
    let answer = "A".repeat(64 * 1024);

    let sent = crate::flows::post(&browser, NEW, &[("passkey", &answer)]).await;

    assert_eq!(sent.status(), 413);
    assert_eq!(app.count("passkeys").await, 0);
}

async fn refuse_log_in(app: &TestApp, what: &str, answer: impl FnOnce(&str) -> String) {
    let before = (passkeys(app).await, app.count("sessions").await);
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/login").await;
    let answer = answer(&options(browser.page()));

    let page = browser.form("login-form").fill("passkey", &answer).submit().await;

    assert_eq!(page.status(), 422, "{what}: {}", page.visible_text());
    assert_eq!((passkeys(app).await, app.count("sessions").await), before, "{what}");
}

/// PSK-01, PSK-03, CVE-2026-8830: nothing is stored of an answer that is not right.
#[tokio::test]
async fn a_use_of_a_passkey_that_is_not_what_was_asked_for_is_refused() {
    let (app, mut authenticator) = app_with_passkey(TestApp::start().await).await;
    for (what, lie) in LIES {
        let mut liar = authenticator.copied();
        lie(&mut liar);
        refuse_log_in(&app, what, |options| liar.get(options)).await;
    }
    for (what, damage) in DAMAGES {
        let mut honest = authenticator.copied();
        refuse_log_in(&app, what, |options| {
            let mut answer: Value = serde_json::from_str(&honest.get(options)).unwrap();
            damage(&mut answer);
            answer.to_string()
        })
        .await;
    }
    for part in ["authenticatorData", "signature", "clientDataJSON"] {
        for kept in [0, 1, 20, 60] {
            let mut honest = authenticator.copied();
            refuse_log_in(&app, part, |options| {
                let mut answer: Value = serde_json::from_str(&honest.get(options)).unwrap();
                let text = answer["response"][part].as_str().unwrap().to_owned();
                answer["response"][part] = json!(text[..kept.min(text.len() - 4)]);
                answer.to_string()
            })
            .await;
        }
    }

    // The control: without a lie it logs in.
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/login").await;
    assert!(super::log_in_with(&mut browser, &mut authenticator).await.is_logged_in());
}

/// PSK-03, CVE-2026-0723: the right credential id, signed by another key. CVE-2026-31835: flags that a
/// wrong signature vouches for are not stored.
#[tokio::test]
async fn a_signature_by_another_key_changes_nothing() {
    let (app, authenticator) = app_with_passkey(TestApp::start().await).await;
    for flags in [0, BACKUP_ELIGIBLE, BACKUP_ELIGIBLE | BACKED_UP] {
        let mut forged = authenticator.copied();
        forged.replace_key();
        forged.flags |= flags;
        forged.counter = 1_000;
        refuse_log_in(&app, "another key", |options| forged.get(options)).await;
    }
}

/// PSK-02: the passkey of one account, with the handle of another, or with none.
#[tokio::test]
async fn a_passkey_opens_no_other_account() {
    let (app, authenticator) = app_with_passkey(TestApp::start().await).await;
    let mut eve = confirmed_user(&app, Transport::Plain, EVE).await;
    let mut of_eve = Authenticator::new(app.public_url());
    assert_eq!(add_passkey(&mut eve, &mut of_eve).await.flash(), "Passkey added.");
    let handles = [of_eve.user_handle.clone(), Vec::new(), vec![0; 16], vec![1; 64]];

    for handle in handles {
        let mut liar = authenticator.copied();
        liar.user_handle = handle;
        refuse_log_in(&app, "another handle", |options| liar.get(options)).await;
    }
}
