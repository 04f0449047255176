//! Addresses that are given, taken and given back at both servers at once.

use auth::Order;
use tests::Browser;

use super::{Pair, assert_one_won, rounds, statuses};
use crate::{
    fault_steps::{count_of, send_at_once},
    people::address,
};

impl Pair {
    /// Asks for another address; the path of the link that confirms it.
    async fn ask(&self, browser: &Browser, new: &str) -> String {
        let answer = self.form(0, browser, "/settings/email", &[("email", new)]).send().await;
        assert_eq!(answer.status(), 303, "{}", answer.body);
        self.link(new, "/confirm-email/").await
    }

    /// The ids of the accounts with the address.
    async fn owners(&self, email: &str) -> Vec<String> {
        let sql = format!("SELECT id::text FROM users WHERE email = '{email}'");
        self.database.texts(&sql).await
    }
}

/// EML-03, RAC-01.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_accounts_that_take_one_address_at_two_servers_one_has_it() {
    let Some(pair) = Pair::start("open").await else { return };
    for round in rounds() {
        let wanted = format!("wanted{round}@example.test");
        let emails = ["mia", "leo"].map(|name| format!("{name}{round}@example.test"));
        let mut links = Vec::new();
        for (n, email) in emails.iter().enumerate() {
            pair.sign_up(email).await;
            let browser = pair.logged_in(email).await;
            let answer = pair.form(n, &browser, "/settings/email", &[("email", &wanted)]);
            assert_eq!(answer.send().await.status(), 303, "round {round}");
            links.push(pair.mailbox.nth_to(&wanted, n + 1).await.link("/confirm-email/"));
        }
        let anonymous = pair.browser().await;
        let forms = links.iter().enumerate().map(|(n, link)| pair.form(n, &anonymous, link, &[]));

        let answers = send_at_once(forms).await;

        assert_one_won(&answers, &[422], &format!("round {round}"));
        assert_eq!(pair.owners(&wanted).await.len(), 1, "round {round}");
        let [mia, leo] = [pair.owners(&emails[0]).await, pair.owners(&emails[1]).await];
        assert_eq!(mia.len() + leo.len(), 1, "round {round}: the other stays as it was");
    }
}

/// EML-02, RAC-01.
#[tokio::test(flavor = "multi_thread")]
async fn an_undo_beside_a_change_at_another_server_ends_with_the_old_address() {
    let Some(pair) = Pair::start("open").await else { return };
    for round in rounds() {
        let [old, new, third] =
            ["old", "new", "third"].map(|name| format!("{name}{round}@example.test"));
        pair.sign_up(&old).await;
        pair.operator
            .administration()
            .order(&address(&old), Order::Confirm)
            .await
            .expect("there is the account");
        let browser = pair.logged_in(&old).await;
        let owner = pair.owners(&old).await;
        let confirm = pair.ask(&browser, &new).await;
        assert_eq!(pair.form(1, &browser, &confirm, &[]).send().await.status(), 303);
        let undo = pair.link(&old, "/undo-email/").await;
        let confirm = pair.ask(&browser, &third).await;
        let anonymous = pair.browser().await;
        let forms = [
            pair.form(round, &anonymous, &undo, &[]),
            pair.form(round + 1, &browser, &confirm, &[]),
        ];

        let answers = send_at_once(forms).await;

        // 403: the undo has ended the session that the other form belongs to.
        let is_told = |status: &u16| matches!(status, 303 | 403 | 410);
        assert!(statuses(&answers).iter().all(is_told), "round {round}: {answers:?}");
        assert_ne!(count_of(&answers, 303), 0, "round {round}: {answers:?}");
        assert_eq!(answers.len(), statuses(&answers).len(), "round {round}: one has to wait");
        assert_eq!(pair.owners(&old).await, owner, "round {round}");
        assert!(pair.owners(&third).await.is_empty(), "round {round}");
        let sessions = "SELECT 'one' FROM sessions";
        assert_eq!(pair.count(sessions).await, 0, "round {round}");
    }
}
