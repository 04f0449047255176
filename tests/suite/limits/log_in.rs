//! Log-ins: the tries of an account, of a network and of a browser.

use std::time::Duration;

use auth::Rate;
use tests::Transport;

use super::{QUARTER, WRONG, behind_a_proxy, log_in_from, open, visitor};
use crate::{
    flows::{NEW_PASSWORD, post},
    people::{self, MIA, PASSWORD},
};

/// RTL-09: from many networks on one account.
#[tokio::test]
async fn ten_wrong_passwords_use_up_the_tries_of_an_account_from_wherever_they_come() {
    let app = behind_a_proxy(|_| {}).await;
    people::sign_up(&app, MIA).await;
    let browser = visitor(&app).await;

    for n in 1..=10 {
        let from = format!("198.51.100.{n}");
        let answer = log_in_from(&browser, &[("x-forwarded-for", &from)], MIA, WRONG).await;
        assert_eq!(answer.status(), 422, "{n}");
    }
    let hashed = app.accounts().operations().hash_count();
    let from = [("x-forwarded-for", "203.0.113.1")];
    let answer = log_in_from(&browser, &from, MIA, PASSWORD).await;

    assert_eq!((answer.status(), answer.header("retry-after")), (429, Some("90")));
    assert_eq!(app.accounts().operations().hash_count(), hashed, "a refused try costs no hash");
    assert_eq!(app.count("sessions").await, 0);
    app.clock.advance(Duration::from_secs(89));
    assert_eq!(log_in_from(&browser, &from, MIA, PASSWORD).await.status(), 429);
    app.clock.advance(Duration::from_secs(1));
    assert_eq!(log_in_from(&browser, &from, MIA, PASSWORD).await.status(), 303);
}

/// RTL-09: one password tried on many accounts.
#[tokio::test]
async fn sixty_wrong_passwords_use_up_the_tries_of_a_network_on_whatever_accounts() {
    let app = behind_a_proxy(|_| {}).await;
    let browser = visitor(&app).await;
    let from = [("x-forwarded-for", "198.51.100.7")];

    for n in 1..=60 {
        let email = format!("user{n}@example.test");
        assert_eq!(log_in_from(&browser, &from, &email, WRONG).await.status(), 422, "{n}");
    }

    assert_eq!(log_in_from(&browser, &from, "new@example.test", WRONG).await.status(), 429);
    let other = [("x-forwarded-for", "198.51.100.8")];
    assert_eq!(log_in_from(&browser, &other, "new@example.test", WRONG).await.status(), 422);
}

/// A network without tries does not use up those of the accounts that it tries.
#[tokio::test]
async fn a_try_that_the_network_has_not_left_counts_against_no_account() {
    let app = behind_a_proxy(|settings| {
        settings.limits.login_per_client = Rate::new(1, QUARTER);
        settings.limits.login_per_account = Rate::new(1, QUARTER);
    })
    .await;
    people::sign_up(&app, MIA).await;
    let browser = visitor(&app).await;
    let from = [("x-forwarded-for", "198.51.100.7")];
    assert_eq!(log_in_from(&browser, &from, "x@example.test", WRONG).await.status(), 422);

    assert_eq!(log_in_from(&browser, &from, MIA, WRONG).await.status(), 429);

    let other = [("x-forwarded-for", "198.51.100.8")];
    assert_eq!(log_in_from(&browser, &other, MIA, PASSWORD).await.status(), 303);
}

/// RTL-09: an account that strangers have locked is no way to ask without end.
#[tokio::test]
async fn a_try_that_the_account_has_not_left_counts_against_the_network() {
    let app = behind_a_proxy(|settings| {
        settings.limits.login_per_client = Rate::new(5, QUARTER);
        settings.limits.login_per_account = Rate::new(1, QUARTER);
    })
    .await;
    let browser = visitor(&app).await;
    let from = [("x-forwarded-for", "198.51.100.7")];
    let mut statuses = Vec::new();
    for _ in 0..5 {
        statuses.push(log_in_from(&browser, &from, MIA, WRONG).await.status());
    }
    assert_eq!(statuses, [422, 429, 429, 429, 429]);
    let free_at = app.database.rows("throttles").await;

    assert_eq!(log_in_from(&browser, &from, "new@example.test", WRONG).await.status(), 429);

    assert_eq!(app.database.rows("throttles").await, free_at);
    let other = [("x-forwarded-for", "198.51.100.8")];
    assert_eq!(log_in_from(&browser, &other, "new@example.test", WRONG).await.status(), 422);
}

/// RTL-02.
#[tokio::test]
async fn logging_in_to_an_account_of_ones_own_buys_no_further_tries() {
    let app = open(|settings| settings.limits.login_per_client = Rate::new(5, QUARTER)).await;
    people::sign_up(&app, MIA).await;
    people::sign_up(&app, "attacker@example.test").await;
    let browser = visitor(&app).await;

    let mut statuses = Vec::new();
    for round in 0..6 {
        let own = round % 2 == 0;
        let (email, password) =
            if own { ("attacker@example.test", PASSWORD) } else { (MIA, WRONG) };
        statuses.push(people::try_log_in(&browser, email, password).await.status());
    }

    assert_eq!(statuses, [303, 422, 303, 422, 303, 429]);
}

/// A right password uses no try: no owner locks the account by logging in.
#[tokio::test]
async fn right_passwords_do_not_use_up_the_tries_of_the_account() {
    let app = open(|settings| settings.limits.login_per_account = Rate::new(2, QUARTER)).await;
    people::sign_up(&app, MIA).await;
    let browser = visitor(&app).await;

    for _ in 0..5 {
        assert_eq!(people::try_log_in(&browser, MIA, PASSWORD).await.status(), 303);
    }
    let wrong = [people::try_log_in(&browser, MIA, WRONG).await.status(), {
        people::try_log_in(&browser, MIA, WRONG).await.status()
    }];

    assert_eq!(wrong, [422, 422]);
    assert_eq!(people::try_log_in(&browser, MIA, WRONG).await.status(), 429);
}

/// RTL-05.
#[tokio::test]
async fn strangers_cannot_lock_an_owner_out_of_a_browser_that_was_logged_in_before() {
    let app = open(|_| {}).await;
    people::sign_up(&app, MIA).await;
    let mut owner = people::logged_in(&app, Transport::Plain, MIA).await;
    owner.form("logout-form").submit().await;
    let stranger = visitor(&app).await;
    for _ in 0..10 {
        assert_eq!(people::try_log_in(&stranger, MIA, WRONG).await.status(), 422);
    }
    assert_eq!(people::try_log_in(&stranger, MIA, PASSWORD).await.status(), 429);

    people::log_in(&mut owner, MIA).await;

    let device =
        owner.cookies().get("__Host-latchkey-device").expect("a device cookie").value.clone();
    let forged = format!("__Host-latchkey-device={device}x");
    let token = stranger.csrf_token();
    let csrf = stranger.cookies().header("/").unwrap_or_default();
    let fields = [("csrf_token", token.as_str()), ("email", MIA), ("password", PASSWORD)];
    let request = stranger.raw("POST", "/login").same_origin().form(&fields);
    let request = request.with_cookies(Some(format!("{csrf}; {forged}")));
    assert_eq!(request.send().await.status(), 429, "a forged device cookie is none");
}

/// RTL-05: the device cookie is for one account and has a limit of its own.
#[tokio::test]
async fn a_browser_that_was_logged_in_before_has_ten_tries_and_for_that_account_alone() {
    let app = open(|settings| {
        settings.limits.login_per_account = Rate::new(1, QUARTER);
        settings.limits.login_per_device = Rate::new(3, QUARTER);
    })
    .await;
    people::sign_up(&app, MIA).await;
    people::sign_up(&app, "noah@example.test").await;
    let mut owner = people::logged_in(&app, Transport::Plain, MIA).await;
    owner.form("logout-form").submit().await;
    owner.visit("/login").await;

    let mut own = Vec::new();
    let mut other = Vec::new();
    for _ in 0..4 {
        own.push(people::try_log_in(&owner, MIA, WRONG).await.status());
        other.push(people::try_log_in(&owner, "noah@example.test", WRONG).await.status());
    }

    assert_eq!(own, [422, 422, 422, 429]);
    assert_eq!(other, [422, 429, 429, 429]);
}

/// RTL-05, RST-09: a proof that the owner gives while strangers guess from many networks.
/// It lets the owner in, and the count of the strangers does not tell that it was given.
#[tokio::test]
async fn the_browser_of_a_reset_gets_in_however_strangers_go_on_guessing() {
    let app = behind_a_proxy(|_| {}).await;
    people::sign_up(&app, MIA).await;
    let stranger = visitor(&app).await;
    let guess = async |network: usize| {
        let network = format!("2001:db8:0:{network}::1");
        let headers = [("x-forwarded-for", network.as_str())];
        log_in_from(&stranger, &headers, MIA, WRONG).await.status()
    };
    for network in 0..10 {
        assert_eq!(guess(network).await, 422);
    }
    let path = people::reset_path(&app, MIA).await;
    let mut owner = app.browser(Transport::Plain);
    owner.visit(&path).await;
    let other = visitor(&app).await;

    let form = owner.form("reset-password-form").fill("password", NEW_PASSWORD);
    form.submit().await;

    for network in 10..25 {
        assert_eq!(guess(network).await, 429, "the count tells of the reset");
    }
    assert_eq!(people::try_log_in(&other, MIA, NEW_PASSWORD).await.status(), 429);
    people::mails_sent(&app).await;
    let mails = app.count("outbox").await;
    assert_eq!(people::try_log_in(&owner, MIA, NEW_PASSWORD).await.status(), 303);
    assert_eq!(app.count("outbox").await, mails, "the owner is told of their own browser");
}

/// RTL-05, ENU-08: other ways in which an owner takes the password away from a stranger.
#[tokio::test]
async fn a_password_that_is_voided_leaves_the_count_of_the_account_as_it_was() {
    for way in ["/not-me/", "/undo-email/"] {
        let app = open(|_| {}).await;
        people::sign_up(&app, MIA).await;
        let path = match way {
            "/not-me/" => people::compromise_report_path(&app, MIA).await,
            _ => people::undo_path(&app, MIA, "new-mia@example.test").await,
        };
        let stranger = visitor(&app).await;
        for _ in 0..10 {
            assert_eq!(people::try_log_in(&stranger, MIA, WRONG).await.status(), 422);
        }
        let mut owner = app.browser(Transport::Plain);
        owner.visit(&path).await;

        assert_eq!(post(&owner, &path, &[]).await.status(), 303, "{way}");

        assert_eq!(people::try_log_in(&stranger, MIA, WRONG).await.status(), 429, "{way}");
        let reset = people::newest_link(&app, MIA, "/reset-password/").await;
        owner.visit(&reset).await;
        owner.form("reset-password-form").fill("password", NEW_PASSWORD).submit().await;
        assert_eq!(people::try_log_in(&owner, MIA, NEW_PASSWORD).await.status(), 303, "{way}");
    }
}
