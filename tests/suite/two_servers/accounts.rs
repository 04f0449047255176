//! The same account, the same link, the same code: wanted by many at both servers.

use tests::{Answer, Browser, Transport};

use super::{Pair, assert_one_won, client, rounds, statuses};
use crate::{
    fault_steps::{NEW_PASSWORD, send_at_once, signing_up},
    flows::sign_up,
    people::{address, code_in},
};

/// Ways to write one address.
fn spellings(round: usize) -> [String; 3] {
    let email = format!("mia{round}@example.test");
    [
        email.clone(),
        email.to_uppercase().replace("EXAMPLE.TEST", "Example.Test"),
        format!(" {email} "),
    ]
}

impl Pair {
    /// Signs up twenty times at once, in each of these spellings, by the form that
    /// `browser` shows.
    async fn sign_up_twenty_times(&self, browser: &Browser, spellings: &[String]) -> Vec<Answer> {
        let spellings = spellings.iter().cycle().take(20).enumerate();
        let forms =
            spellings.map(|(n, email)| self.form(n, browser, "/signup", &signing_up(email)));
        send_at_once(forms).await
    }
}

/// REG-03, RAC-01.
#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_sign_ups_at_two_servers_one_makes_the_account() {
    let Some(pair) = Pair::start("open").await else { return };
    let browser = pair.browser().await;
    for round in rounds() {
        let spellings = spellings(round);

        let answers = pair.sign_up_twenty_times(&browser, &spellings).await;

        assert_one_won(&answers, &[422], &format!("round {round}"));
        let own = format!("SELECT email FROM users WHERE email = '{}'", spellings[0]);
        assert_eq!(pair.count(&own).await, 1, "round {round}");
        assert_eq!(pair.events(&spellings[0], "signed_up").await, 1, "round {round}");
    }
    assert_eq!(pair.count("SELECT email FROM users").await, rounds().len());
}

/// REG-02, REG-03, RAC-01.
#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_sign_ups_at_two_servers_no_visitor_learns_which_counts() {
    let Some(pair) = Pair::start("confirmed").await else { return };
    let browser = pair.browser().await;
    for round in rounds() {
        let spellings = spellings(round);

        let answers = pair.sign_up_twenty_times(&browser, &spellings).await;

        let statuses = statuses(&answers);
        assert!(!statuses.is_empty() && statuses.iter().all(|it| *it == 303), "{statuses:?}");
        let of = |table| format!("SELECT email FROM {table} WHERE email = '{}'", spellings[0]);
        assert_eq!(pair.count(&of("users")).await, 0, "round {round}");
        let proofs = pair.count(&of("address_proofs")).await;
        assert_eq!(proofs, statuses.len(), "round {round}: one for each browser");
    }
}

/// RST-04, RAC-01.
#[tokio::test(flavor = "multi_thread")]
async fn of_twelve_uses_of_a_reset_link_at_two_servers_one_counts() {
    let Some(pair) = Pair::start("open").await else { return };
    let browser = pair.browser().await;
    for round in rounds() {
        let email = format!("mia{round}@example.test");
        pair.sign_up(&email).await;
        pair.operator
            .credentials()
            .request_password_reset(&address(&email), &client())
            .await
            .unwrap();
        let link = pair.link(&email, "/reset-password/").await;
        let passwords: Vec<_> = (0..12).map(|n| format!("{NEW_PASSWORD} {n}")).collect();
        let uses = passwords.iter().enumerate();
        let forms = uses.map(|(n, new)| pair.form(n, &browser, &link, &[("password", new)]));

        let answers = send_at_once(forms).await;

        assert_one_won(&answers, &[410], &format!("round {round}"));
        assert_eq!(pair.events(&email, "password_reset").await, 1, "round {round}");
        let log_ins = passwords.iter().enumerate().map(|(n, password)| {
            pair.form(n, &browser, "/login", &[("email", &email), ("password", password)])
        });
        assert_one_won(&send_at_once(log_ins).await, &[422], &format!("round {round}"));
    }
}

/// RAC-01.
#[tokio::test(flavor = "multi_thread")]
async fn of_many_uses_of_a_link_and_a_code_at_two_servers_one_confirms() {
    let Some(pair) = Pair::start("open").await else { return };
    for round in rounds() {
        let email = format!("mia{round}@example.test");
        let mut browser = pair.servers[0].browser(Transport::Plain);
        sign_up(&mut browser, &email).await;
        let mail = pair.mailbox.wait_for_link(&email, "/confirm-address/").await;
        let (link, code) = (mail.link("/confirm-address/"), code_in(&mail));
        let uses = (0..12).map(|n| match n % 4 {
            0 | 1 => pair.form(n, &browser, &link, &[]),
            _ => pair.form(n, &browser, "/mailbox/code", &[("code", &code)]),
        });

        let answers = send_at_once(uses).await;

        assert!(statuses(&answers).contains(&303), "round {round}");
        assert_eq!(pair.events(&email, "address_confirmed").await, 1, "round {round}");
        let confirmed = "SELECT email FROM users WHERE confirmed_at IS NOT NULL";
        assert_eq!(pair.count(confirmed).await, round + 1, "round {round}");
    }
}
