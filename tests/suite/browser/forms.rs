//! Forms with htmx: fields are checked one by one, a form is sent once, and typed text is never
//! lost.

use tests::{ServerProcess, Transport, Window, support::process::free_port};
use thirtyfour::Key;
use tokio::{sync::mpsc, task::JoinSet};

use super::{MIA, PASSWORD, Visitor, database, site};

/// REG-05.
#[tokio::test]
async fn a_field_is_judged_when_it_is_left_and_the_next_one_is_not_disturbed() {
    let server = site().await;
    let Some(visitor) = Visitor::at(&server, Window::moving()).await else { return };
    visitor.open("/signup").await;
    visitor.mark().await;

    visitor.fill("email", "nobody").await;
    visitor.press(Key::Tab + "Mia M").await;
    visitor.wait_for("document.querySelector('#email-error')").await;
    visitor.press("üller").await;

    assert_eq!(visitor.focused().await, "name");
    assert_eq!(visitor.find("#name").await.value().await.unwrap().unwrap(), "Mia Müller");
    assert_eq!(visitor.find("#email").await.value().await.unwrap().unwrap(), "nobody");
    assert!(visitor.text("#email-error").await.contains("email address"));
    assert!(!visitor.eval::<bool>("return Boolean(document.querySelector('#name-error'))").await);

    visitor.fill("email", "somebody@example.test").await;
    visitor.press(Key::Tab).await;
    visitor.wait_for("!document.querySelector('#email-error')").await;
    assert!(visitor.is_marked().await);
    visitor.leave().await;
}

#[tokio::test]
async fn a_form_with_errors_comes_back_in_place_with_the_focus_on_the_first() {
    let server = site().await;
    let Some(visitor) = Visitor::at(&server, Window::moving()).await else { return };
    visitor.open("/signup").await;
    visitor.mark().await;

    visitor.fill("name", "Mia").await;
    visitor.submit("signup-form").await;
    visitor.wait_for("document.querySelector('#password-error')").await;

    visitor.wait_for("document.activeElement.id == 'email'").await;
    assert_eq!(visitor.find("#name").await.value().await.unwrap().unwrap(), "Mia");
    let described: Vec<bool> = visitor
        .eval(
            "return ['email', 'password'].map(id => { const it = document.getElementById(id); \
             return it.ariaInvalid == 'true' && it.getAttribute('aria-describedby').split(' ')\
             .every(id => document.getElementById(id)); })",
        )
        .await;
    assert_eq!(described, [true, true]);

    visitor.click("#signup-form a[href='#password']").await;
    assert_eq!(visitor.focused().await, "password");
    visitor.fill("email", "new@example.test").await;
    visitor.press(Key::Tab).await;
    visitor.wait_for("!document.querySelector(\".summary a[href='#email']\")").await;
    // One error needs no summary.
    assert!(visitor.eval::<bool>("return !document.querySelector('.summary')").await);
    visitor.fill("email", MIA).await;
    visitor.fill("password", PASSWORD).await;
    visitor.submit("signup-form").await;
    visitor.wait_for("document.querySelector('#email-error a[href=\"/login\"]')").await;
    assert!(visitor.is_marked().await);
    visitor.leave().await;
}

/// RAC-01 for a visitor who clicks several times.
#[tokio::test]
async fn three_clicks_on_the_button_send_the_form_once() {
    let server = site().await;
    let Some(visitor) = Visitor::at(&server, Window::moving()).await else { return };
    visitor.open("/signup").await;
    visitor.fill("email", "three@example.test").await;
    visitor.fill("name", "Three").await;
    visitor.fill("password", PASSWORD).await;

    let button = visitor.find("#signup-form [type=submit]").await;
    let chain = visitor.chromium().driver().action_chain();
    let chain = chain.move_to_element_center(&button).click().click().click();
    chain.perform().await.unwrap();
    visitor.wait_for_path("/login").await;

    let sent: usize = visitor
        .eval(
            "return performance.getEntriesByType('resource')\
             .filter(it => new URL(it.name).pathname == '/signup').length",
        )
        .await;
    assert_eq!(sent, 1);
    assert_eq!(database(&server).await.count("users").await, 2);
    visitor.leave().await;
}

/// OTG-02.
#[tokio::test]
async fn a_server_that_does_not_answer_costs_nothing_that_was_typed() {
    let folder = tempfile::tempdir().unwrap();
    let listen = format!("127.0.0.1:{}", free_port());
    let url = format!("http://{listen}");
    let file = format!("sqlite://{}/latchkey.db?mode=rwc", folder.path().display());
    let environment = [
        ("LATCHKEY__SERVER__LISTEN", listen.as_str()),
        ("LATCHKEY__SERVER__PUBLIC_URL", url.as_str()),
        ("LATCHKEY__DATABASE__URL", file.as_str()),
    ];
    let mut server = ServerProcess::start(&environment).await;
    let Some(visitor) = Visitor::at(&server, Window::moving()).await else { return };
    visitor.open("/signup").await;
    visitor.fill("email", "late@example.test").await;
    visitor.fill("name", "Late").await;
    visitor.fill("password", PASSWORD).await;

    server.kill9();
    server.wait().await;
    visitor.submit("signup-form").await;
    visitor
        .wait_for("document.querySelector('#alerts').innerText.includes('reach the server')")
        .await;
    assert_eq!(visitor.find("#name").await.value().await.unwrap().unwrap(), "Late");
    visitor.wait_for("document.activeElement.matches('#signup-form [type=submit]')").await;
    assert!(!visitor.complaints().await.iter().any(|it| it.contains("Uncaught")));

    let _server = ServerProcess::start(&environment).await;
    visitor.submit("signup-form").await;
    visitor.wait_for_path("/login").await;
    assert_eq!(visitor.text("#alerts").await, "");
    // The console may report the unanswered request only now.
    assert!(!visitor.complaints().await.iter().any(|it| it.contains("Uncaught")));
    visitor.leave().await;
}

/// LOG-12.
#[tokio::test]
async fn a_password_can_be_shown_and_its_length_is_told() {
    let server = site().await;
    let Some(visitor) = Visitor::at(&server, Window::moving()).await else { return };
    visitor.open("/signup").await;

    visitor.fill("password", "short").await;
    visitor.wait_for("document.querySelector('#password-length').innerText.includes('5')").await;
    visitor.click(".reveal, [data-reveal=password]").await;
    assert_eq!(visitor.focused().await, "password");
    let toggled = "const [i, b] = document.querySelectorAll('#password, [data-reveal]'); \
        return [i.type, b.ariaPressed]";
    assert_eq!(visitor.eval::<[String; 2]>(toggled).await, ["text", "true"]);

    visitor.press("er than it could be").await;
    visitor.wait_for("/enough/i.test(document.querySelector('#password-length').innerText)").await;
    visitor.fill("email", "nobody").await;
    visitor.submit("signup-form").await;
    visitor.wait_for("document.querySelector('#email-error')").await;
    visitor.wait_for("document.querySelector('#password').type == 'password'").await;
    visitor.leave().await;
}

/// LOG-09: the form is shown again with the reason, and no lost connection is reported.
#[tokio::test]
async fn a_server_that_is_too_busy_says_so_in_the_form() {
    let environment = [
        ("LATCHKEY__PASSWORD__MAX_CONCURRENT", "1"),
        ("LATCHKEY__PASSWORD__MEMORY_KIB", "65536"),
        ("LATCHKEY__PASSWORD__ITERATIONS", "16"),
        ("LATCHKEY__SERVER__REQUEST_TIMEOUT", "5m"),
    ];
    let server = ServerProcess::start(&environment).await;
    let Some(visitor) = Visitor::at(&server, Window::moving()).await else { return };
    visitor.open("/login").await;
    visitor.mark().await;
    visitor.fill("email", MIA).await;
    visitor.fill("password", PASSWORD).await;

    let crowd = fill_the_queue(&server).await;
    visitor.submit("login-form").await;
    visitor.wait_for("document.querySelector('#login-form-error, #alerts *')").await;

    assert!(visitor.text("#login-form-error").await.contains("A lot of people are logging in"));
    assert_eq!(visitor.text("#alerts").await, "");
    assert_eq!(visitor.find("#email").await.value().await.unwrap().unwrap(), MIA);
    assert!(visitor.is_marked().await);
    visitor.wait_for("document.activeElement.id == 'password'").await;
    let told = visitor.complaints().await;
    assert!(told.iter().all(|it| it.contains("the server responded with a status of 503")));
    drop(crowd);
    visitor.leave().await;
}

/// Starts log-ins that wait for one another. Those that do not fit are repeated, so that the queue
/// stays full. Returns when one did not fit.
async fn fill_the_queue(server: &ServerProcess) -> JoinSet<()> {
    let mut browser = server.browser(Transport::Plain);
    browser.visit("/login").await;
    let token = browser.csrf_token();
    let (refused, mut refusals) = mpsc::unbounded_channel();
    let mut crowd = JoinSet::new();
    for _ in 0..50 {
        let fields = [("csrf_token", token.as_str()), ("email", MIA), ("password", PASSWORD)];
        let request = browser.raw("POST", "/login").same_origin().form(&fields);
        let refused = refused.clone();
        crowd.spawn(async move {
            while request.clone().send().await.status() == 503 {
                let _nobody_waits = refused.send(());
            }
        });
    }
    refusals.recv().await.unwrap();
    crowd
}
