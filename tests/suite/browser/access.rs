//! Accessible pages: axe finds no violation on any page in any state, in light and dark, on a
//! desktop and on a phone. Nothing overflows a narrow window.

use serde_json::json;
use tests::{AxeRules, Colours, Mailbox, Window};
use thirtyfour::Key;

use super::{MIA, ROOT, Visitor, promote, site, site_with, site_with_admin};

const PHONE: (u32, u32) = (390, 844);
const DESK: (u32, u32) = (1280, 800);
const LOOKS: &[((u32, u32), Colours, AxeRules)] = &[
    (DESK, Colours::Light, AxeRules::All),
    (DESK, Colours::Dark, AxeRules::Colours),
    (PHONE, Colours::Dark, AxeRules::Colours),
    (PHONE, Colours::Light, AxeRules::All),
];
const ANONYMOUS: &[&str] = &["/", "/signup", "/login", "/forgot-password", "/nope", GONE];
const ADMIN: &[&str] = &["/profile", "/admin/users", "/admin/users?q=nobody"];
const GONE: &str = "/reset-password/gone";

/// A form, wrong answers, and the element that appears when the form is shown again.
type ErrorState = (&'static str, Vec<(&'static str, &'static str)>, &'static str);

/// OUT-11.
#[tokio::test]
async fn axe_finds_nothing_on_the_pages_of_everybody() {
    let server = site().await;
    let Some(visitor) = Visitor::at(&server, Window::default()).await else { return };
    for path in ANONYMOUS {
        visitor.open(path).await;
        is_sound(&visitor, path).await;
    }
    visitor.leave().await;
}

/// OUT-11: content that htmx has swapped into the page.
#[tokio::test]
async fn axe_finds_nothing_in_forms_with_errors() {
    let server = site().await;
    let Some(visitor) = Visitor::at(&server, Window::default()).await else { return };
    for (form, answers, sign) in error_states() {
        visitor.open(form).await;
        for (field, text) in answers {
            visitor.fill(field, text).await;
        }
        visitor.press(Key::Enter).await;
        visitor.wait_for(&format!("document.querySelector({sign:?})")).await;
        is_sound(&visitor, &format!("{form} with errors")).await;
    }
    visitor.leave().await;
}

/// OUT-11.
#[tokio::test]
async fn axe_finds_nothing_on_the_pages_of_a_user() {
    let mailbox = Mailbox::start().await;
    let mail = format!("smtp://{}", mailbox.address());
    let server = site_with(&[("LATCHKEY__MAIL__URL", &mail)]).await;
    promote(&server, MIA).await;
    let Some(visitor) = Visitor::at(&server, Window::default()).await else { return };

    visitor.open("/forgot-password").await;
    visitor.fill("email", MIA).await;
    visitor.submit("forgot-password-form").await;
    visitor.wait_for_path("/forgot-password/sent").await;
    is_sound(&visitor, "/forgot-password/sent").await;
    visitor
        .open(&mailbox.wait_for_link(MIA, "/reset-password/").await.link("/reset-password/"))
        .await;
    is_sound(&visitor, "/reset-password").await;
    visitor.log_in(MIA).await;
    visitor.wait_for_path("/profile").await;
    is_sound(&visitor, "/profile with its flash").await;
    for path in ["/admin/users", "/admin/users?q=nobody"] {
        visitor.open(path).await;
        is_sound(&visitor, path).await;
    }
    visitor.leave().await;
}

/// OUT-11: a refused page, and a list with several pages.
#[tokio::test]
async fn axe_finds_nothing_on_a_refusal_and_on_a_long_list() {
    let server = site_with_admin().await;
    let Some(visitor) = Visitor::at(&server, Window::default()).await else { return };
    visitor.log_in(MIA).await;
    visitor.open("/admin/users").await;
    visitor.wait_for("document.querySelector('h1').innerText.includes('have access')").await;
    is_sound(&visitor, "/admin/users of a user").await;
    visitor.log_out().await;

    for n in 0..60 {
        super::add_account(&server, &format!("goose{n}@example.test"), &format!("Goose {n}")).await;
    }
    visitor.log_in(ROOT).await;
    visitor.open("/admin/users").await;
    visitor.wait_for("document.querySelectorAll('tbody tr').length == 50").await;
    is_sound(&visitor, "/admin/users of 60").await;
    visitor.click("nav [rel=next]").await;
    visitor.wait_for("document.querySelectorAll('tbody tr').length == 12").await;
    is_sound(&visitor, "/admin/users, the older").await;
    visitor.leave().await;
}

/// OUT-11: without mails and with some.
#[tokio::test]
async fn axe_finds_nothing_on_the_page_of_mails() {
    let mailbox = Mailbox::start().await;
    let mail = format!("smtp://{}", mailbox.address());
    let settings = [("LATCHKEY_ENV", "development"), ("LATCHKEY__MAIL__URL", &*mail)];
    let server = tests::ServerProcess::start(&settings).await;
    let Some(visitor) = Visitor::at(&server, Window::default()).await else { return };
    visitor.open("/dev/mail").await;
    is_sound(&visitor, "/dev/mail without a mail").await;

    for email in [MIA, "nobody@example.test"] {
        visitor.open("/forgot-password").await;
        visitor.fill("email", email).await;
        visitor.submit("forgot-password-form").await;
        mailbox.latest_to(email).await;
    }
    visitor.open("/dev/mail").await;
    visitor.wait_for("document.querySelectorAll('article').length == 2").await;
    is_sound(&visitor, "/dev/mail").await;
    visitor.leave().await;
}

/// WCAG 2.2, 1.4.10 (reflow) and 1.4.4 (text at 200 %).
#[tokio::test]
async fn nothing_sticks_out_of_a_narrow_window_nor_does_large_text() {
    let server = site_with_admin().await;
    super::add_account(&server, "long@example.test", &"W".repeat(80)).await;
    let narrow = Window { width: 320, height: 640, ..Window::default() };
    let Some(visitor) = Visitor::at(&server, narrow).await else { return };

    nothing_sticks_out(&visitor, "320 pixels").await;
    let metrics = json!({"width": 640, "height": 800, "deviceScaleFactor": 1, "mobile": false});
    visitor.chromium().devtools("Emulation.setDeviceMetricsOverride", metrics).await;
    let sizes = json!({"fontSizes": {"standard": 32, "fixed": 26}});
    visitor.chromium().devtools("Page.setFontSizes", sizes).await;
    nothing_sticks_out(&visitor, "200 %").await;
    visitor.leave().await;
}

/// OUT-11: German words are longer. WCAG 2.2, 1.4.10 (reflow).
#[tokio::test]
async fn nothing_sticks_out_of_a_narrow_window_in_german() {
    let server = site_with_admin().await;
    super::add_account(&server, "long@example.test", &"W".repeat(80)).await;
    let narrow = Window { width: 320, height: 640, ..Window::default() };
    let Some(visitor) = Visitor::at(&server, narrow).await else { return };
    visitor.open("/login").await;
    visitor.click("#language-form button[lang=de]").await;
    visitor.wait_for("document.documentElement.lang == 'de'").await;
    visitor.wait_for_path("/login").await;

    nothing_sticks_out(&visitor, "320 pixels in German").await;
    visitor.open("/signup").await;
    is_sound(&visitor, "/signup in German").await;
    visitor.leave().await;
}

fn error_states() -> [ErrorState; 3] {
    [
        ("/signup", vec![("email", "nobody"), ("password", "short")], "main a[href='#password']"),
        ("/login", vec![("email", MIA), ("password", "not the password")], "#login-form-error"),
        ("/forgot-password", vec![("email", "nobody")], "#email-error"),
    ]
}

/// Checks a desktop and a phone in light and dark. Waits for animations to end, because axe
/// measures colours.
pub(super) async fn is_sound(visitor: &Visitor, state: &str) {
    let chromium = visitor.chromium();
    for &((width, height), colours, rules) in LOOKS {
        chromium.emulate(Window { width, height, colours, ..Window::default() }).await;
        visitor.wait_for("document.getAnimations().length == 0").await;
        let found = chromium.axe_violations(rules).await.unwrap_or_default();
        assert_eq!(found, Vec::<String>::new(), "{state}, {width} pixels, {colours:?}");
    }
    let doubled: Vec<String> = visitor
        .eval(
            "const ids = [...document.querySelectorAll('[id]')].map(it => it.id); \
             return ids.filter((id, at) => ids.indexOf(id) != at)",
        )
        .await;
    assert_eq!(doubled, Vec::<String>::new(), "{state}");
}

async fn nothing_sticks_out(visitor: &Visitor, window: &str) {
    for path in ANONYMOUS {
        visitor.open(path).await;
        fits(visitor, &format!("{path} at {window}")).await;
    }
    visitor.open("/signup").await;
    visitor.fill("email", &"x".repeat(90)).await;
    visitor.submit("signup-form").await;
    visitor.wait_for("document.querySelector('#password-error')").await;
    fits(visitor, &format!("/signup with errors at {window}")).await;
    for email in [ROOT, "long@example.test"] {
        visitor.log_in(email).await;
        for path in ADMIN {
            visitor.open(path).await;
            fits(visitor, &format!("{path} of {email} at {window}")).await;
        }
        visitor.log_out().await;
    }
}

pub(super) async fn fits(visitor: &Visitor, state: &str) {
    let widths: [f64; 2] = visitor
        .eval("const d = document.documentElement; return [d.scrollWidth, d.clientWidth]")
        .await;
    assert!(widths[0] <= widths[1], "{state}: {widths:?}");
}
