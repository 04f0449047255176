//! Tries that count together: spellings, networks, servers.

use auth::Rate;
use tests::{Backend, TestApp};

use super::{QUARTER, WRONG, behind_a_proxy, forgot, log_in_from, open, visitor};
use crate::people::{self, MIA};

/// RTL-03, HDR-02.
#[tokio::test]
async fn only_a_proxy_of_ours_can_name_another_client() {
    let app = open(|settings| settings.limits.login_per_client = Rate::new(5, QUARTER)).await;
    let browser = visitor(&app).await;
    let mut statuses = Vec::new();

    for (n, header) in ["x-forwarded-for", "x-real-ip", "forwarded", "true-client-ip", "via", ""]
        .into_iter()
        .enumerate()
    {
        let value =
            if header == "forwarded" { format!("for=10.1.1.{n}") } else { format!("10.1.1.{n}") };
        let named = [(header, value.as_str())];
        let headers = if header.is_empty() { &[][..] } else { &named[..] };
        let email = format!("user{n}@example.test");
        statuses.push(log_in_from(&browser, headers, &email, WRONG).await.status());
    }

    assert_eq!(statuses, [422, 422, 422, 422, 422, 429]);
}

/// HDR-02: what a proxy of ours says, and no more than that.
#[tokio::test]
async fn a_proxy_of_ours_names_the_client() {
    for (first, second, is_same) in [
        ("198.51.100.7", "198.51.100.8", false),
        ("198.51.100.7", "198.51.100.7", true),
        ("1.1.1.1, 198.51.100.7", "2.2.2.2, 198.51.100.7", true),
        ("1.1.1.1, 198.51.100.7, 127.0.0.1", "2.2.2.2, 198.51.100.7:4711", true),
        ("198.51.100.7, nonsense", "198.51.100.8, nonsense", true),
        ("::ffff:198.51.100.7", "198.51.100.7", true),
        // RTL-04.
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", false),
        ("[2001:db8:1:2::1]:4711", "2001:db8:1:2::2", true),
    ] {
        let app = behind_a_proxy(|settings| {
            settings.limits.login_per_client = Rate::new(1, QUARTER);
        })
        .await;
        let browser = visitor(&app).await;

        let one = [("x-forwarded-for", first), ("x-real-ip", "9.9.9.9")];
        assert_eq!(log_in_from(&browser, &one, "a@example.test", WRONG).await.status(), 422);
        let two = [("x-forwarded-for", second), ("x-real-ip", "8.8.8.8")];
        let status = log_in_from(&browser, &two, "b@example.test", WRONG).await.status();

        assert_eq!(status, if is_same { 429 } else { 422 }, "{first} {second}");
    }
}

/// RTL-06.
#[tokio::test]
async fn spellings_of_an_address_share_its_tries() {
    let app = open(|settings| {
        settings.limits.login_per_account = Rate::new(1, QUARTER);
        settings.limits.forgot_per_address = Rate::new(1, QUARTER);
    })
    .await;
    let browser = visitor(&app).await;
    let spellings =
        ["mia@bücher.test", " MIA@BÜCHER.test", "mia@xn--bcher-kva.test", "Mia@bu\u{308}cher.Test"];

    for (n, spelling) in spellings.into_iter().enumerate() {
        let answer = people::try_log_in(&browser, spelling, WRONG).await;
        assert_eq!(answer.status(), if n == 0 { 422 } else { 429 }, "{spelling}");
        assert_eq!(forgot(&browser, spelling).await.status(), 303, "{spelling}");
    }

    assert_eq!(app.count("outbox").await, 1);
}

/// RTL-07.
#[tokio::test]
async fn tries_are_counted_over_all_servers_and_restarts() {
    for backend in Backend::available() {
        let app = TestApp::on(backend, |settings| {
            settings.limits.enabled = true;
            settings.limits.login_per_account = Rate::new(3, QUARTER);
        })
        .await;
        let twin = app.twin().await;

        let mut statuses = Vec::new();
        for server in [&app, &twin, &app] {
            let browser = visitor(server).await;
            statuses.push(people::try_log_in(&browser, MIA, WRONG).await.status());
        }
        let app = app.restart().await;
        for server in [&app, &twin] {
            let browser = visitor(server).await;
            statuses.push(people::try_log_in(&browser, MIA, WRONG).await.status());
        }

        assert_eq!(statuses, [422, 422, 422, 429, 429], "{backend:?}");
    }
}
