//! What a developer sees who leaves a page open.

use tests::{ServerProcess, Window};

use super::Visitor;

const DEVELOPMENT: (&str, &str) = ("LATCHKEY_ENV", "development");

/// `cargo xtask dev` starts the server again after each change.
#[tokio::test]
async fn an_open_page_loads_itself_when_the_server_was_started_again() {
    let mut server = ServerProcess::start(&[DEVELOPMENT]).await;
    let Some(visitor) = Visitor::at(&server, Window::default()).await else { return };
    visitor.open("/login").await;
    visitor.mark().await;
    let asked = "performance.getEntriesByType('resource').filter(it => it.name.endsWith('/dev/version')).length";
    visitor.wait_for(&format!("{asked} > 1")).await;
    assert!(visitor.is_marked().await, "the server is the same");

    server.sigterm();
    assert!(server.wait().await.success());
    let address = server.address().to_string();
    let place = [
        DEVELOPMENT,
        ("LATCHKEY__SERVER__LISTEN", address.as_str()),
        ("LATCHKEY__SERVER__PUBLIC_URL", server.public_url().as_str()),
    ];
    let _again = ServerProcess::start(&place).await;

    visitor.wait_for("!window.mark && document.readyState == 'complete'").await;
    assert_eq!(visitor.path().await, "/login");
    // The console tells of the time without a server.
    let _outage = visitor.chromium().console().await;
    visitor.leave().await;
}
