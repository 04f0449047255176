//! The requests of the browser, their targets and sizes, and the protection against framing.

use tests::Window;

use super::{Visitor, site};

/// Measures the whole first visit of the log-in page, headers included.
#[tokio::test]
async fn the_first_visit_of_the_log_in_page_costs_little_and_asks_no_other_server() {
    let server = site().await;
    let Some(visitor) = Visitor::at(&server, Window::default()).await else { return };

    visitor.open("/login").await;
    visitor.wait_for("document.readyState == 'complete'").await;

    let entries = "[...performance.getEntriesByType('navigation'), \
        ...performance.getEntriesByType('resource')]";
    let sizes: Vec<(String, u64)> =
        visitor.eval(&format!("return {entries}.map(it => [it.name, it.transferSize])")).await;
    let total: u64 = sizes.iter().map(|(_, size)| size).sum();
    assert!((5_000..=40 * 1024).contains(&total), "{total}: {sizes:#?}");
    let base = server.public_url().as_str();
    assert!(sizes.iter().all(|(name, _)| name.starts_with(base)), "{sizes:#?}");
    assert!(sizes.len() >= 5, "{sizes:#?}");

    visitor.open("/signup").await;
    let again: u64 = visitor
        .eval("return performance.getEntriesByType('resource').reduce((n, it) => n + it.transferSize, 0)")
        .await;
    assert_eq!(again, 0, "files that never change are kept");
    visitor.leave().await;
}

/// OUT-12: the browser shows its own error page in the frame.
#[tokio::test]
async fn no_page_can_be_framed() {
    let server = site().await;
    let Some(visitor) = Visitor::at(&server, Window::default()).await else { return };
    let framed = server.public_url().join("login").unwrap();
    visitor.chromium().visit(&framed).await;
    let page = format!("data:text/html,<title>x</title><iframe src='{framed}'></iframe>");
    visitor.chromium().driver().goto(&page).await.unwrap();

    visitor.find("iframe").await.enter_frame().await.unwrap();
    let shown: [String; 2] =
        visitor.eval("return [location.protocol, document.documentElement.innerText]").await;

    assert_eq!(shown[0], "chrome-error:");
    assert!(!shown[1].contains("Latchkey"), "{shown:?}");
    visitor.chromium().driver().enter_default_frame().await.unwrap();
    visitor.leave().await;
}
