//! A PostgreSQL server that stops taking writes, as a primary does that fails over: found
//! out by readiness, and forgotten by every connection once it takes writes again.

use std::time::Duration;

use tests::Transport;
use tokio::time::sleep;

use crate::{
    database_faults::{assert_unavailable, server_with_mia, set_door},
    fault_steps::{form_again, postgres_database, postgres_server, promptly, signing_up},
};

/// OTG-05, OTG-06: a server that becomes read-only, as a primary does that fails over, is
/// found out by readiness and is 503 to writes; when it takes writes again, no connection
/// that was made meanwhile refuses them.
#[tokio::test]
async fn a_database_that_takes_no_writes_is_not_ready_and_is_forgotten_when_it_does() {
    let Some((url, name)) = postgres_database().await else { return };
    let (server, _) = server_with_mia(&url).await;
    let postgres = postgres_server().await;
    let mut anonymous = server.browser(Transport::Plain);
    anonymous.visit("/signup").await;
    let sign_up_as = |n: u32| {
        let email = format!("zoe{n}@example.test");
        form_again(&anonymous, "/signup", &signing_up(&email))
    };
    let set = async |read_only: &str| {
        let sql = format!("ALTER DATABASE {name} SET default_transaction_read_only = {read_only}");
        postgres.execute(&sql).await;
    };

    set("on").await;
    set_door(&postgres, &name, true).await;
    sleep(Duration::from_millis(1_100)).await;
    for n in 0..4 {
        assert_unavailable(&promptly(sign_up_as(n)).await);
    }
    let probe = promptly(anonymous.raw("GET", "/readyz")).await;
    assert_eq!((probe.status(), &*probe.body), (503, "database takes no writes"));

    set("off").await;
    let mut refused = 0;
    for n in 10..30 {
        refused += u32::from(promptly(sign_up_as(n)).await.status() != 303);
    }
    assert!(refused <= 1, "{refused}");
    sleep(Duration::from_millis(1_100)).await;
    assert_eq!(promptly(anonymous.raw("GET", "/readyz")).await.status(), 200);
}
