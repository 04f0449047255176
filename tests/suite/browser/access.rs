//! Pages that everybody can use: axe finds nothing on any page in any state, in light
//! and dark, on a desk and on a phone; nothing sticks out of a narrow window.

use serde_json::json;
use tests::{Colours, Mailbox, ServerProcess, Window};

use super::{MIA, ROOT, Visitor, site_with_admin};

const PHONE: (u32, u32) = (390, 844);
const DESK: (u32, u32) = (1280, 800);
const ANONYMOUS: [&str; 6] = ["/", "/signup", "/login", "/forgot-password", "/nope", GONE];
const ADMIN: [&str; 3] = ["/profile", "/admin/users", "/admin/users?q=nobody"];
const GONE: &str = "/reset-password/gone";

/// OUT-11.
#[tokio::test]
async fn axe_finds_nothing_in_light_on_a_desk() {
    axe_finds_nothing(DESK, Colours::Light).await;
}

/// OUT-11.
#[tokio::test]
async fn axe_finds_nothing_in_the_dark_on_a_phone() {
    axe_finds_nothing(PHONE, Colours::Dark).await;
}

/// OUT-11.
#[tokio::test]
async fn axe_finds_nothing_in_the_dark_on_a_desk() {
    axe_finds_nothing(DESK, Colours::Dark).await;
}

/// OUT-11.
#[tokio::test]
async fn axe_finds_nothing_in_light_on_a_phone() {
    axe_finds_nothing(PHONE, Colours::Light).await;
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

/// Where `LATCHKEY_SCREENSHOT` names a file.
#[tokio::test]
async fn the_readme_takes_its_picture() {
    let Some(file) = std::env::var_os("LATCHKEY_SCREENSHOT") else { return };
    let server = site_with_admin().await;
    let Some(visitor) = Visitor::at(&server, Window::default()).await else { return };
    visitor.open("/signup").await;
    visitor.fill("email", "ada@example").await;
    visitor.fill("name", "Ada Lovelace").await;
    visitor.fill("password", "a goose").await;
    visitor.wait_for("document.querySelector('#email-error')").await;
    visitor.wait_for("document.querySelector('#password-length').innerText").await;

    std::fs::write(file, visitor.chromium().screenshot().await).unwrap();

    visitor.leave().await;
}

async fn axe_finds_nothing((width, height): (u32, u32), colours: Colours) {
    let mailbox = Mailbox::start().await;
    let mail = format!("smtp://{}", mailbox.address());
    let server = ServerProcess::start(&[("LATCHKEY__MAIL__URL", &mail)]).await;
    let window = Window { width, height, colours, ..Window::default() };
    let Some(visitor) = Visitor::at(&server, window).await else { return };
    super::add_account(&server, MIA, "Mia").await;
    super::promote(&server, MIA).await;

    for path in ANONYMOUS {
        visitor.open(path).await;
        is_sound(&visitor, path).await;
    }
    for (form, state) in error_states() {
        visitor.open(form).await;
        for (field, text) in state {
            visitor.fill(field, text).await;
        }
        visitor.click("main form [type=submit]").await;
        visitor.wait_for("document.querySelector('[aria-invalid=true], .trouble')").await;
        is_sound(&visitor, &format!("{form} with errors")).await;
    }
    ask_for_a_link(&visitor).await;
    is_sound(&visitor, "/forgot-password with its flash").await;
    visitor.open(&mailbox.latest_to(MIA).await.link("/reset-password/")).await;
    is_sound(&visitor, "/reset-password").await;
    visitor.log_in(MIA).await;
    is_sound(&visitor, "/profile with its flash").await;
    for path in ADMIN {
        visitor.open(path).await;
        is_sound(&visitor, path).await;
    }
    visitor.leave().await;
}

fn error_states() -> [(&'static str, Vec<(&'static str, &'static str)>); 3] {
    [
        ("/signup", vec![("email", "nobody"), ("password", "short")]),
        ("/login", vec![("email", MIA), ("password", "not the password")]),
        ("/forgot-password", vec![("email", "nobody")]),
    ]
}

async fn ask_for_a_link(visitor: &Visitor) {
    visitor.open("/forgot-password").await;
    visitor.fill("email", MIA).await;
    visitor.submit("forgot-password-form").await;
    visitor.wait_for("document.querySelector('#flash').innerText").await;
}

/// axe measures colours: it must not look while one page fades into the next.
async fn is_sound(visitor: &Visitor, state: &str) {
    visitor.wait_for("document.getAnimations().length == 0").await;
    let found = visitor.chromium().axe_violations().await.unwrap_or_default();
    assert_eq!(found, Vec::<String>::new(), "{state}");
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

async fn fits(visitor: &Visitor, state: &str) {
    let widths: [f64; 2] = visitor
        .eval("const d = document.documentElement; return [d.scrollWidth, d.clientWidth]")
        .await;
    assert!(widths[0] <= widths[1], "{state}: {widths:?}");
}
