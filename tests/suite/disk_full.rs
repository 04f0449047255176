//! A disk without room: writes are refused with a page that says so, reads go on, and
//! nothing that was acknowledged is lost.

use std::time::Duration;

use tests::{ServerProcess, Transport, support::database::Database};

use crate::{
    cast::MIA,
    fault_steps::{form_again, promptly, signing_up, unused_address},
    flows::sign_up,
    people::log_in,
};

/// RES-07, OTG-06: the operating system takes not one byte more.
#[tokio::test]
async fn a_full_disk_refuses_writes_and_is_over_when_there_is_room() {
    let mail = format!("smtp://{}", unused_address());
    let server = ServerProcess::start(&[("LATCHKEY__MAIL__URL", &*mail)]).await;
    let mut browser = server.browser(Transport::Plain);
    sign_up(&mut browser, MIA).await;
    log_in(&mut browser, MIA).await;
    let mut anonymous = server.browser(Transport::Plain);
    anonymous.visit("/signup").await;
    let sign_up_as = |email: &str| form_again(&anonymous, "/signup", &signing_up(email));

    server.limit_files(Some(0));
    for n in 0..20 {
        let refused = promptly(sign_up_as(&format!("mia{n}@example.test"))).await;
        assert_eq!(refused.status(), 503, "{}", refused.body);
        assert!(refused.is_html() && refused.header("retry-after").is_some());
        assert_eq!(promptly(browser.raw("GET", "/profile")).await.status(), 200);
    }
    let forgot = form_again(&anonymous, "/forgot-password", &[("email", MIA)]);
    assert_eq!(promptly(forgot).await.status(), 503);
    // What an earlier probe found out may be told for a second.
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    let probe = promptly(browser.raw("GET", "/readyz")).await;
    assert_eq!((probe.status(), &*probe.body), (503, "database takes no writes"));

    server.limit_files(None);
    assert_eq!(promptly(sign_up_as("zoe@example.test")).await.status(), 303);
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    assert_eq!(promptly(browser.raw("GET", "/readyz")).await.status(), 200);
    let url = format!("sqlite://{}/latchkey.db", server.folder().path().display());
    let database = Database::connect(&url).await;
    assert_eq!(database.texts("PRAGMA integrity_check").await, ["ok"]);
    let emails = database.texts("SELECT email FROM users ORDER BY email").await;
    assert_eq!(emails, [MIA, "zoe@example.test"]);
    assert!(browser.visit("/profile").await.is_logged_in());
}
