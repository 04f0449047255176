//! Accounts that are disabled while a proof of the address is about to be mailed: the proof would
//! be valid again once the account is enabled.

use auth::{Client, LogIn, LogInError, Order, ResendProofError, SignupMode};
use domain::{EmailAddress, Password};
use tests::{Backend, TestApp};

use crate::{
    fault_steps::outrun,
    people::{self, PASSWORD, ZOE, mails_sent},
};

const DISABLED: &str = "UPDATE users SET disabled_at = 1";

fn client() -> Client {
    Client::new([192, 0, 2, 1].into(), "tests")
}

/// LOG-06, RAC-02: the password was right, and the account was disabled before the mail.
#[tokio::test(flavor = "multi_thread")]
async fn a_log_in_that_was_judged_before_the_order_mails_no_proof() {
    for backend in Backend::available() {
        let confirmed = |settings: &mut web::Settings| {
            settings.accounts.signup = SignupMode::Confirmed;
        };
        let app = TestApp::on(backend, confirmed).await;
        people::sign_up(&app, ZOE).await;
        let logged_in = "INSERT INTO security_events (id, user_id, event, actor, created_at, \
             ip_address, user_agent, request_id) SELECT id, id, 'logged_in', 'owner', 1, '', '', '' \
             FROM users";
        app.database.execute(logged_in).await;
        let accounts = app.idle_accounts().await;
        let log_in = LogIn {
            email: EmailAddress::parse(ZOE).unwrap(),
            password: Password::parse(PASSWORD).unwrap(),
            remember: false,
            next_path: None,
            remembered: None,
        };
        let judging = accounts.clone();
        let log_in =
            Box::pin(async move { judging.sessions().log_in(log_in, None, &client()).await });

        let led =
            outrun(&app.database, DISABLED, log_in, || accounts.operations().hash_count() > 0)
                .await;

        assert!(matches!(led, Err(LogInError::Unconfirmed(_))), "{backend:?}: {led:?}");
        assert_eq!(app.count("outbox").await, 0, "{backend:?}");
        let owed = "SELECT email FROM address_proofs WHERE user_id IS NOT NULL";
        assert_eq!(app.database.texts(owed).await, Vec::<String>::new(), "{backend:?}");
    }
}

/// LOG-06: who was logged in until just now.
#[tokio::test]
async fn who_was_let_in_before_the_order_is_mailed_no_proof() {
    for backend in Backend::available() {
        let app = TestApp::on(backend, |_| {}).await;
        people::sign_up(&app, ZOE).await;
        let principal = people::principal(&app, ZOE).await;
        let email = EmailAddress::parse(ZOE).unwrap();
        app.accounts().administration().order(&email, Order::Disable).await.unwrap();

        let sent = app.accounts().registration().send_proof(&principal).await;

        assert!(matches!(sent, Err(ResendProofError::NoProof)), "{backend:?}: {sent:?}");
        assert_eq!(app.count("address_proofs").await, 0, "{backend:?}");
        assert_eq!(app.count("outbox").await, 0, "{backend:?}");
    }
}

/// LOG-06: a browser that waits for the mail is sent no other one.
#[tokio::test]
async fn a_browser_that_waited_before_the_order_is_mailed_no_other_proof() {
    for backend in Backend::available() {
        let app = TestApp::on(backend, |_| {}).await;
        people::sign_up(&app, ZOE).await;
        let proof = people::proof(&app, ZOE).await;
        mails_sent(&app).await;
        let mails = app.count("outbox").await;
        app.clock.advance(auth::RESEND_PAUSE);
        app.database.execute(DISABLED).await;

        let sent = app.accounts().registration().resend_proof(&proof.cookie, &client()).await;

        assert_eq!(sent, Err(ResendProofError::NoProof), "{backend:?}");
        assert_eq!(app.count("outbox").await, mails, "{backend:?}");
    }
}
