//! The server is killed before and after each step of a mail: into the outbox, to the mail server,
//! and out of the outbox.

use std::time::{Duration, Instant};

use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection};
use tempfile::TempDir;
use tests::{Mail, Mailbox, ServerProcess, Transport, support::database::Database};
use tokio::time::{sleep, timeout};
use xtask::mail_catcher::{Fault, Stage};

use crate::{
    cast::MIA,
    fault_steps::{PATIENCE, at_once, form, promptly, sqlite_url, wait_for_text},
    flows::sign_up,
};

/// A server on which Mia has an account, and the mailbox for her mails.
struct Scene {
    mailbox: Mailbox,
    folder: TempDir,
    server: ServerProcess,
}

impl Scene {
    async fn begin() -> Self {
        let (mailbox, folder) = (Mailbox::start().await, tempfile::tempdir().unwrap());
        let server = start(&mailbox, &folder).await;
        sign_up(&mut server.browser(Transport::Plain), MIA).await;
        let scene = Self { mailbox, folder, server };
        scene.mailbox.wait_for_link(MIA, "/confirm-address/").await;
        let database = scene.database().await;
        wait_for_text(&database, "SELECT CAST(COUNT(sent_at) AS TEXT) FROM outbox", "1").await;
        database.execute("DELETE FROM outbox").await;
        scene
    }

    async fn ask_for_reset(&self) {
        let mut browser = self.server.browser(Transport::Plain);
        let answer = promptly(form(&mut browser, "/forgot-password", &[("email", MIA)]).await);
        assert_eq!(answer.await.status(), 303);
    }

    /// Whether the server has connected more often than for the mail of the sign-up.
    fn is_sending(&self) -> bool {
        self.mailbox.catcher().connections() > 1
    }

    async fn database(&self) -> Database {
        Database::connect(&sqlite_url(self.folder.path())).await
    }

    /// Opens a connection that can take the write lock from the server.
    async fn stranger(&self) -> DatabaseConnection {
        let mut options = ConnectOptions::new(sqlite_url(self.folder.path()));
        options.max_connections(1).sqlx_logging(false);
        sea_orm::Database::connect(options).await.unwrap()
    }

    async fn kill(&mut self) {
        self.server.kill9();
        self.server.wait().await;
    }

    /// Lets a successor send all pending mails. Returns Mia's mails besides that of her sign-up.
    async fn mails_in_the_end(self) -> Vec<Mail> {
        self.mailbox.catcher().set_fault(Fault::None);
        let database = self.database().await;
        // Ends the dead server's lease, or the pause after a failed try.
        database.execute("UPDATE outbox SET due_at = 1 WHERE due_at IS NOT NULL").await;
        let mut successor = start(&self.mailbox, &self.folder).await;
        wait_for_text(&database, "SELECT CAST(COUNT(due_at) AS TEXT) FROM outbox", "0").await;
        successor.sigterm();
        successor.wait().await;
        let sent = database.texts("SELECT recipient FROM outbox WHERE sent_at IS NOT NULL").await;
        assert!(sent.iter().all(|recipient| recipient == MIA) && sent.len() < 2, "{sent:?}");
        self.mailbox.all_to(MIA).await.split_off(1)
    }
}

async fn start(mailbox: &Mailbox, folder: &TempDir) -> ServerProcess {
    let (url, mail) = (sqlite_url(folder.path()), format!("smtp://{}", mailbox.address()));
    ServerProcess::start(&[("LATCHKEY__DATABASE__URL", &*url), ("LATCHKEY__MAIL__URL", &*mail)])
        .await
}

async fn until(mut is_so: impl AsyncFnMut() -> bool, what: &str) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so().await {
        assert!(Instant::now() < deadline, "{what}");
        sleep(Duration::from_millis(5)).await;
    }
}

/// CRA-02: everything is written, but not committed.
#[tokio::test]
async fn a_server_that_is_killed_before_the_commit_owes_no_mail() {
    let mut scene = Scene::begin().await;
    let endless = "SELECT COUNT(*) FROM sqlite_schema a, sqlite_schema b, sqlite_schema c, \
        sqlite_schema d, sqlite_schema e, sqlite_schema f, sqlite_schema g, sqlite_schema h";
    let trigger = format!("CREATE TRIGGER stall AFTER INSERT ON outbox BEGIN {endless}; END");
    scene.database().await.execute(&trigger).await;
    let stranger = scene.stranger().await;
    stranger.execute_unprepared("PRAGMA busy_timeout = 0").await.unwrap();
    let mut browser = scene.server.browser(Transport::Plain);
    let asking = form(&mut browser, "/forgot-password", &[("email", MIA)]).await.try_send();
    let asking = tokio::spawn(asking);
    let is_writing = async || match stranger.execute_unprepared("BEGIN IMMEDIATE").await {
        Ok(_) => stranger.execute_unprepared("ROLLBACK").await.is_err(),
        Err(_) => true,
    };
    until(is_writing, "the mail is not written").await;
    sleep(Duration::from_millis(200)).await;
    assert!(is_writing().await, "the transaction is over");

    scene.kill().await;

    assert!(asking.await.unwrap().is_err(), "an answer to what was not done");
    let database = scene.database().await;
    database.execute("DROP TRIGGER stall").await;
    assert_eq!((database.count("outbox").await, database.count("tokens").await), (0, 0));
    assert_eq!(scene.mails_in_the_end().await.len(), 0);
}

/// CRA-01, CRA-02: the mail is in the outbox, and the mail server has not received it or has not
/// acknowledged it.
#[tokio::test]
async fn a_mail_owed_by_a_server_that_was_killed_is_sent_by_its_successor() {
    let faults = [
        (Fault::Refuse, 1),
        (Fault::SilentAt(Stage::Data), 1),
        (Fault::SilentAt(Stage::AfterData), 2),
        (Fault::DropAt(Stage::AfterData), 2),
    ];
    at_once(faults.into_iter().map(async |(fault, most)| {
        let mut scene = Scene::begin().await;
        scene.mailbox.catcher().set_fault(fault);
        scene.ask_for_reset().await;
        until(async || scene.is_sending(), "nobody sends the mail").await;
        scene.kill().await;

        let mails = scene.mails_in_the_end().await;
        let ids: Vec<_> = mails.iter().map(|mail| mail.header("message-id")).collect();
        assert!((1..=most).contains(&mails.len()), "{fault:?}: {ids:?}");
        assert!(ids.iter().all(|id| *id == ids[0] && id.is_some()), "{fault:?}: {ids:?}");
        assert!(mails.iter().all(|mail| mail.links() == mails[0].links()), "{fault:?}: one link");
    }))
    .await;
}

/// CRA-01, CRA-02: the mail server has acknowledged the mail, and the server is killed before it
/// can record that.
#[tokio::test]
async fn a_mail_that_was_taken_and_not_noted_comes_twice_with_one_message_id() {
    let mut scene = Scene::begin().await;
    let stranger = scene.stranger().await;
    scene.mailbox.catcher().set_fault(Fault::HoldAt(Stage::Data));
    scene.ask_for_reset().await;
    until(async || scene.is_sending(), "nobody sends the mail").await;
    stranger.execute_unprepared("BEGIN IMMEDIATE").await.unwrap();
    scene.mailbox.catcher().set_fault(Fault::None);
    let has_sent = async || scene.server.log().matches("mail sent").count() == 2;
    until(has_sent, "the mail is not taken").await;

    scene.kill().await;
    stranger.execute_unprepared("ROLLBACK").await.unwrap();

    let unsent = "SELECT recipient FROM outbox WHERE sent_at IS NULL AND due_at IS NOT NULL";
    assert_eq!(scene.database().await.texts(unsent).await, [MIA], "it was noted");
    let mails = timeout(PATIENCE, scene.mails_in_the_end()).await.unwrap();
    let ids: Vec<_> = mails.iter().map(|mail| mail.header("message-id").unwrap()).collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(ids[0], ids[1]);
    assert_eq!(mails[0].link("/reset-password/"), mails[1].link("/reset-password/"));
}
