//! Sessions, roles and accounts that end on one server while they are used on the other.

use std::time::Duration;

use auth::{AdminSecret, Order, SeedAdmin};
use domain::{DisplayName, Password};
use tests::{Answer, Browser, RawRequest};

use super::{Pair, rounds, session_in, statuses};
use crate::{
    fault_steps::{PASSWORD, send_at_once},
    people::{address, session_of},
};

const SESSIONS: &str = "SELECT 'one' FROM sessions";

impl Pair {
    /// Creates an admin and logs in.
    async fn admin(&self, email: &str) -> Browser {
        let seed = SeedAdmin {
            email: address(email),
            name: DisplayName::parse("Ada").unwrap(),
            secret: AdminSecret::Password(Password::parse(PASSWORD).unwrap()),
            promote: false,
        };
        self.operator.administration().seed_admin(seed).await.expect("the address is free");
        self.logged_in(email).await
    }

    /// Confirms the address of the account, and returns the path that changes its role.
    async fn role_path(&self, email: &str) -> String {
        let confirmed = self.operator.administration().order(&address(email), Order::Confirm).await;
        confirmed.expect("the account exists");
        let user = self.operator.administration().find_user(&address(email)).await.unwrap();
        format!("/admin/users/{}/role", user.expect("the account exists").id)
    }

    /// Log-in requests for the account from the form in `browser`, half of them with "remember me".
    fn log_ins(&self, count: usize, browser: &Browser, email: &str) -> Vec<RawRequest> {
        let fields = [("email", email), ("password", PASSWORD), ("remember", "1")];
        // Even forms go to one server and odd ones to the other, and each gets both kinds.
        let sent = |n: usize| if n % 4 < 2 { &fields[..2] } else { &fields[..] };
        (0..count).map(|n| self.form(n, browser, "/login", sent(n))).collect()
    }

    /// Creates an account and logs in to it eight times at once, while an operator carries out an
    /// order on it. The delay before the order varies by round.
    async fn log_in_beside(&self, order: Order, round: usize, browser: &Browser) -> Vec<Answer> {
        let email = format!("mia{round}@example.test");
        self.sign_up(&email).await;
        let log_ins = self.log_ins(8, browser, &email);
        let delay = Duration::from_micros(500 * (round as u64 % 20));
        let (operator, owner) = (self.operator.clone(), address(&email));
        let ordered = tokio::spawn(async move {
            tokio::time::sleep(delay).await;
            operator.administration().order(&owner, order).await
        });

        let answers = send_at_once(log_ins).await;

        ordered.await.unwrap().expect("the account exists");
        answers
    }
}

/// SES-07, RAC-03.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ends_at_one_server_is_not_revived_by_its_use_at_the_other() {
    let Some(pair) = Pair::start("open").await else { return };
    for round in rounds() {
        let email = format!("mia{round}@example.test");
        pair.sign_up(&email).await;
        let (owner, other) = (pair.logged_in(&email).await, pair.logged_in(&email).await);
        let end = pair.form(round, &owner, "/settings/sessions/end-others", &[]);
        let uses = (0..6).map(|n| match n % 2 {
            0 => pair.request(n, &other, "GET", "/profile"),
            _ => pair.form(round + 1, &other, "/settings/profile", &[("name", "Mia Muster")]),
        });

        let answers = send_at_once(uses.chain([end])).await;

        assert!(statuses(&answers).iter().all(|it| *it < 400), "round {round}");
        assert!(!pair.is_alive(&session_of(&other)).await, "round {round}");
        assert!(pair.is_alive(&session_of(&owner)).await, "round {round}");
        let own =
            format!("{SESSIONS} WHERE user_id = (SELECT id FROM users WHERE email = '{email}')");
        assert_eq!(pair.count(&own).await, 1, "round {round}");
    }
}

/// SES-15.
#[tokio::test(flavor = "multi_thread")]
async fn thirty_log_ins_at_two_servers_leave_twenty_sessions() {
    let Some(pair) = Pair::start("open").await else { return };
    let browser = pair.browser().await;
    for round in rounds() {
        let email = format!("mia{round}@example.test");
        pair.sign_up(&email).await;

        let answers = send_at_once(pair.log_ins(30, &browser, &email)).await;

        assert!(statuses(&answers).iter().all(|it| *it == 303), "round {round}");
        let own =
            format!("{SESSIONS} WHERE user_id = (SELECT id FROM users WHERE email = '{email}')");
        assert_eq!(pair.count(&own).await, 20, "round {round}");
        let mut alive = 0;
        for session in answers.iter().filter_map(session_in) {
            alive += usize::from(pair.is_alive(&session).await);
        }
        assert_eq!(alive, 20, "round {round}");
    }
}

/// SES-02, SES-17: after a change of role, many simultaneous requests in a remembered session leave
/// one renewed session, which is still remembered.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_renewed_at_two_servers_is_one_session() {
    let Some(pair) = Pair::start("open").await else { return };
    let admin = pair.admin("ada@example.test").await;
    for round in rounds() {
        let email = format!("mia{round}@example.test");
        pair.sign_up(&email).await;
        let mut user = pair.browser().await;
        let form = user.form("login-form").fill("email", &email).fill("password", PASSWORD);
        form.check("remember").submit().await;
        let path = pair.role_path(&email).await;
        let promotion = pair.form(round, &admin, &path, &[("role", "admin")]);
        assert_eq!(promotion.send().await.status(), 303, "round {round}");

        let pages = (0..10).map(|n| pair.request(n, &user, "GET", "/profile"));
        let answers = send_at_once(pages).await;

        assert!(statuses(&answers).iter().all(|it| matches!(it, 200 | 303)), "round {round}");
        let renewed: Vec<_> = answers.iter().filter_map(session_in).collect();
        assert!(!renewed.is_empty(), "round {round}: no request renewed it");
        assert!(!pair.is_alive(&session_of(&user)).await, "round {round}");
        let mut alive = 0;
        for session in &renewed {
            alive += usize::from(pair.is_alive(session).await);
        }
        assert_eq!(alive, 1, "round {round}: {}", renewed.len());
        let own = format!(
            "SELECT remember::text FROM sessions \
             WHERE user_id = (SELECT id FROM users WHERE email = '{email}')"
        );
        assert_eq!(pair.database.texts(&own).await, ["true"], "round {round}");
    }
}

/// ADM-03, RAC-04.
#[tokio::test(flavor = "multi_thread")]
async fn admins_who_demote_each_other_at_two_servers_leave_one() {
    let Some(pair) = Pair::start("open").await else { return };
    for round in rounds() {
        pair.database.execute("UPDATE users SET role = 'user'").await;
        let emails = ["ada", "bob"].map(|name| format!("{name}{round}@example.test"));
        let admins = [pair.admin(&emails[0]).await, pair.admin(&emails[1]).await];
        let paths = [pair.role_path(&emails[1]).await, pair.role_path(&emails[0]).await];
        let forms = [0, 1].map(|n| pair.form(n, &admins[n], &paths[n], &[("role", "user")]));

        let answers = send_at_once(forms).await;

        let statuses = statuses(&answers);
        let is_expected = |status: &u16| matches!(status, 303 | 403 | 422);
        assert!(statuses.iter().all(is_expected), "round {round}: {statuses:?}");
        let left = pair.count("SELECT email FROM users WHERE role = 'admin'").await;
        assert_eq!(left, 1, "round {round}: {statuses:?}");
    }
}

/// RAC-08.
#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_deleted_beside_log_ins_leaves_nothing() {
    let Some(pair) = Pair::start("open").await else { return };
    let browser = pair.browser().await;
    for round in rounds() {
        let answers = pair.log_in_beside(Order::Delete, round, &browser).await;

        let statuses = statuses(&answers);
        assert!(statuses.iter().all(|it| matches!(it, 303 | 422)), "round {round}: {statuses:?}");
        for session in answers.iter().filter_map(session_in) {
            assert!(!pair.is_alive(&session).await, "round {round}");
        }
        assert_eq!(pair.count(SESSIONS).await, 0, "round {round}");
        assert_eq!(pair.count("SELECT email FROM users").await, 0, "round {round}");
        let identifying =
            "SELECT event FROM security_events WHERE user_id IS NOT NULL OR ip_address <> ''";
        assert_eq!(pair.count(identifying).await, 0, "round {round}");
    }
}

/// RAC-02.
#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_disabled_beside_log_ins_has_no_session() {
    let Some(pair) = Pair::start("open").await else { return };
    let browser = pair.browser().await;
    for round in rounds() {
        let answers = pair.log_in_beside(Order::Disable, round, &browser).await;

        assert!(statuses(&answers).iter().all(|it| matches!(it, 303 | 422)), "round {round}");
        assert_eq!(pair.count(SESSIONS).await, 0, "round {round}");
    }
}
