//! What strangers cannot keep an owner from.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use auth::Rate;

use super::{WRONG, behind_a_proxy, forgot, log_in_from, visitor};
use crate::people::{self, MIA};

const NEW_PASSWORD: &str = "a horse of another colour";
/// How long the owner takes from the mail to the new password.
const TEN_MINUTES: Duration = Duration::from_mins(10);
/// How often a stranger tries.
const PACE: Duration = Duration::from_secs(12);

/// RTL-05, RES-09: the total is that of mails to addresses without an account, whatever their
/// number and sender.
#[tokio::test]
async fn strangers_who_use_up_the_mails_in_all_keep_no_owner_from_theirs() {
    let app = behind_a_proxy(|settings| {
        settings.limits.forgot_in_all = Rate::new(3, Duration::from_hours(1));
    })
    .await;
    people::sign_up(&app, MIA).await;
    let browser = visitor(&app).await;
    let token = browser.csrf_token();
    let ask = |email: String, network: usize| {
        let fields = [("csrf_token", token.as_str()), ("email", email.as_str())];
        let request = browser.raw("POST", "/forgot-password").same_origin().form(&fields);
        request.header("x-forwarded-for", &format!("2001:db8:0:{network}::1")).send()
    };

    for n in 0..6 {
        let answer = ask(format!("nobody{n}@example.test"), n).await;
        assert_eq!((answer.status(), answer.header("retry-after")), (303, None), "{n}");
    }
    people::mails_sent(&app).await;
    assert_eq!(app.count("outbox").await, 3);
    assert_eq!(ask(MIA.to_owned(), 7).await.status(), 303);

    people::mails_sent(&app).await;
    assert_eq!(app.count("outbox").await, 4);
    let path = app.mailbox.latest_to(MIA).await.link("/reset-password/");
    let mut owner = app.browser(tests::Transport::Plain);
    assert_eq!(owner.visit(&path).await.status(), 200);
}

/// RTL-05, RST-06: a stranger guesses and asks for links for ever, from as many networks as
/// it takes; the owner reads the mail when it comes, takes ten minutes over it, and is in.
/// The stranger goes on until the owner has logged in.
#[tokio::test]
async fn an_owner_gets_in_by_the_mail_whatever_a_stranger_keeps_asking_for() {
    let app = behind_a_proxy(|_| {}).await;
    people::sign_up(&app, MIA).await;
    let stranger = visitor(&app).await;
    let networks = AtomicUsize::new(0);
    let guess = async || {
        let network = networks.fetch_add(1, Ordering::Relaxed);
        let from = format!("2001:db8:{:x}:{:x}::1", network >> 16, network & 0xffff);
        let from = [("x-forwarded-for", from.as_str())];
        log_in_from(&stranger, &from, MIA, WRONG).await.status()
    };
    let bother = async || {
        assert!(matches!(guess().await, 422 | 429));
        assert_eq!(forgot(&stranger, MIA).await.status(), 303);
        people::mails_sent(&app).await;
        app.clock.advance(PACE);
    };
    for _ in 0..40 {
        bother().await;
    }
    let mut owner = app.browser(tests::Transport::Plain);
    owner.visit("/forgot-password").await;
    owner.form("forgot-password-form").fill("email", MIA).submit().await;
    let mails = app.mailbox.count_to(MIA).await;
    for _ in 0..=60 {
        if app.mailbox.count_to(MIA).await > mails {
            break;
        }
        bother().await;
    }

    let path = app.mailbox.latest_to(MIA).await.link("/reset-password/");
    for _ in 0..TEN_MINUTES.as_secs() / PACE.as_secs() {
        bother().await;
    }
    owner.visit(&path).await;
    assert!(owner.page().has_form("reset-password-form"), "{}", owner.text());
    owner.form("reset-password-form").fill("password", NEW_PASSWORD).submit().await;
    for _ in 0..30 {
        guess().await;
    }
    assert_eq!(guess().await, 429, "of the account no try is left for a stranger");

    assert_eq!(people::try_log_in(&owner, MIA, NEW_PASSWORD).await.status(), 303);
}
