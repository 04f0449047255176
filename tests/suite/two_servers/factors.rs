//! A second factor that is given at two servers at once.

use auth::{LogIn, Order};
use domain::{Clock, Password};
use tests::Browser;

use super::{Pair, client, rounds, session_in, statuses};
use crate::{
    factors::{self, Protection, SECOND},
    fault_steps::{PASSWORD, send_at_once},
    people::address,
};

impl Pair {
    /// Makes an account with a phone and recovery codes.
    async fn protected(&self, email: &str) -> Protection {
        self.sign_up(email).await;
        let confirmed = self.operator.administration().order(&address(email), Order::Confirm).await;
        confirmed.expect("the account exists");
        let log_in = LogIn {
            email: address(email),
            password: Password::parse(PASSWORD).unwrap(),
            remember: false,
            next_path: None,
            remembered: None,
        };
        let begun = self.operator.sessions().log_in(log_in, None, &client()).await;
        let principal = begun.expect("no factor is asked for yet").principal;
        factors::protect_by(&self.operator, &Clock::system(), &principal).await
    }

    /// A browser that has given the password.
    async fn at_second_step(&self, email: &str) -> Browser {
        let mut browser = self.browser().await;
        let form = browser.form("login-form").fill("email", email);
        let page = form.fill("password", PASSWORD).submit().await;
        assert_eq!(page.path(), SECOND, "{email}: {}", page.visible_text());
        browser
    }
}

/// The code that is good for longest of those that the phone did not show yet.
fn next_code(protection: &Protection) -> String {
    protection.phone.code_at(Clock::system().now().as_seconds() + 30)
}

/// MFA-01, MFA-03, Better Auth #8067, #9572: of twenty uses of one log-in and one code at two
/// servers one begins a session.
#[tokio::test(flavor = "multi_thread")]
async fn a_code_given_at_two_servers_begins_one_session() {
    let Some(pair) = Pair::start("open").await else { return };
    for round in rounds() {
        let email = format!("mia{round}@example.test");
        let protection = pair.protected(&email).await;
        let code = next_code(&protection);
        for (field, code) in [("code", &code), ("recovery_code", &protection.codes[0])] {
            let browser = pair.at_second_step(&email).await;
            let uses = (0..20).map(|n| pair.form(n, &browser, SECOND, &[(field, code)]));

            let answers = send_at_once(uses).await;

            let what = format!("round {round}, {field}");
            statuses(&answers);
            assert_eq!(answers.iter().filter_map(session_in).count(), 1, "{what}");
            assert_eq!(pair.count("SELECT 'one' FROM sessions").await, 1, "{what}");
            pair.database.execute("DELETE FROM sessions").await;
        }
    }
}

/// MFA-02, Better Auth #10210: of twenty wrong codes of a log-in at two servers five are looked at.
#[tokio::test(flavor = "multi_thread")]
async fn of_wrong_codes_at_two_servers_no_more_are_looked_at() {
    let Some(pair) = Pair::start("open").await else { return };
    for round in rounds() {
        let email = format!("mia{round}@example.test");
        let protection = pair.protected(&email).await;
        let browser = pair.at_second_step(&email).await;
        let wrong = protection.phone.wrong_code();
        let uses = (0..20).map(|n| pair.form(n, &browser, SECOND, &[("code", &wrong)]));

        let answers = send_at_once(uses).await;

        let looked_at = statuses(&answers).into_iter().filter(|it| *it == 422).count();
        assert!(looked_at <= 5, "round {round}: {looked_at}");
        let right = pair.form(round, &browser, SECOND, &[("code", &next_code(&protection))]);
        assert_eq!(session_in(&right.send().await), None, "round {round}: the log-in is over");
    }
}
