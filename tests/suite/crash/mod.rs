//! The server is killed, or a client disconnects in the middle: everything acknowledged exists, and
//! nothing is half done.
//!
//! Panics (CRA-05) are tested where they are caught, in `web::middleware::catch_panic`, and where
//! they would hold a lock, in `store::database`, because no handler can be made to panic.

#![expect(clippy::indexing_slicing, reason = "an expectation that does not hold is a failed test")]

mod clients;
mod mail;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
    time::Duration,
};

use tests::{
    Mail, Mailbox, ServerProcess, Transport,
    support::{browser::RawRequest, database::Database},
};
use tokio::{net::TcpStream, task::JoinSet, time::sleep};

use crate::{
    cast::ADA,
    fault_steps::{
        NEW_PASSWORD, Operator, count_of, form_again, send_at_once, signing_up, sqlite_url,
        wait_for_text,
    },
    people::log_in,
};

const ROUNDS: u64 = 25;
/// The most rounds, for a machine under load.
const MAX_ROUNDS: u64 = 125;
/// The number of acknowledged actions of each kind that makes the test meaningful.
const ENOUGH: usize = 20;
const CLIENTS: usize = 4;
const RESET: &str = "Reset your Latchkey password";
const NOTICE: &str = "Your Latchkey password was changed";

/// A set of addresses.
type Addresses = Arc<Mutex<BTreeSet<String>>>;

/// The acknowledged work: the addresses that got an account, a mail with a link, a new password, or
/// another role.
#[derive(Clone, Debug, Default)]
struct Ledger {
    accounts: Addresses,
    reset_mails: Addresses,
    passwords: Addresses,
    roles: Addresses,
}

impl Ledger {
    /// Whether enough actions of each kind were acknowledged.
    fn is_full(&self) -> bool {
        let Self { accounts, reset_mails, passwords, roles } = self;
        [accounts, reset_mails, passwords, roles].into_iter().all(|it| noted(it).len() > ENOUGH)
    }
}

async fn is_acknowledged(request: RawRequest) -> bool {
    matches!(request.try_send().await, Ok(answer) if answer.status() == 303)
}

fn note(addresses: &Addresses, email: &str) {
    addresses.lock().unwrap().insert(email.to_owned());
}

fn noted(addresses: &Addresses) -> BTreeSet<String> {
    addresses.lock().unwrap().clone()
}

/// Signs up and requests resets until the server is killed.
async fn keep_signing_up(
    server: &ServerProcess,
    name: String,
    ledger: Ledger,
    load: &mut JoinSet<()>,
) {
    let mut browser = server.browser(Transport::Plain);
    browser.visit("/signup").await;
    let requests: Vec<_> = (0..100)
        .map(|n| {
            let email = format!("{name}-{n}@example.test");
            let sign_up = form_again(&browser, "/signup", &signing_up(&email));
            let forgot = form_again(&browser, "/forgot-password", &[("email", &*email)]);
            (email, sign_up, forgot)
        })
        .collect();
    load.spawn(async move {
        for (email, sign_up, forgot) in requests {
            if !is_acknowledged(sign_up).await {
                return;
            }
            note(&ledger.accounts, &email);
            if !is_acknowledged(forgot).await {
                return;
            }
            note(&ledger.reset_mails, &email);
        }
    });
}

/// Uses every link that arrives until the server is killed.
async fn keep_resetting(
    server: &ServerProcess,
    mailbox: &Arc<Mailbox>,
    ledger: Ledger,
    load: &mut JoinSet<()>,
) {
    let mut browser = server.browser(Transport::Plain);
    browser.visit("/login").await;
    let reset = form_again(&browser, "/reset-password/", &[("password", NEW_PASSWORD)]);
    let (mailbox, address) = (Arc::clone(mailbox), server.address());
    load.spawn(async move {
        let mut used = noted(&ledger.passwords);
        while TcpStream::connect(address).await.is_ok() {
            sleep(Duration::from_millis(5)).await;
            for mail in mailbox.catcher().mails() {
                let is_reset = String::from_utf8_lossy(&mail.data).contains(RESET);
                if !is_reset || !used.insert(mail.to[0].clone()) {
                    continue;
                }
                let read = Mail::parse(&mail.data);
                let reset = reset.clone().to_path(&read.link("/reset-password/"));
                match reset.try_send().await {
                    Ok(answer) if answer.status() == 303 => note(&ledger.passwords, &mail.to[0]),
                    Ok(answer) => assert_eq!(answer.status(), 410, "{}", answer.body),
                    Err(_) => return,
                }
            }
        }
    });
}

/// Makes users admins until the server is killed.
async fn keep_promoting(
    server: &ServerProcess,
    database: &Database,
    ledger: Ledger,
    load: &mut JoinSet<()>,
) {
    let mut browser = server.browser(Transport::Plain);
    log_in(&mut browser, ADA).await;
    database.execute("UPDATE users SET confirmed_at = created_at").await;
    let users = "SELECT lower(hex(id)) || ' ' || email FROM users WHERE role = 'user' LIMIT 60";
    let users = database.texts(users).await;
    let requests: Vec<_> = users
        .iter()
        .filter_map(|user| user.split_once(' '))
        .map(|(id, email)| {
            let cuts = [&id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..]];
            let action = format!("/admin/users/{}/role", cuts.join("-"));
            (email.to_owned(), form_again(&browser, &action, &[("role", "admin")]))
        })
        .collect();
    load.spawn(async move {
        for (email, promote) in requests {
            if !is_acknowledged(promote).await {
                return;
            }
            note(&ledger.roles, &email);
        }
    });
}

/// The `Message-ID`s of the mails that arrived, by recipient and subject.
type Arrived = BTreeMap<(String, String), BTreeSet<String>>;

/// Collects the mails of each round, because the mail catcher keeps a bounded number.
async fn collect(mailbox: &Mailbox, arrived: &mut Arrived) {
    for mail in mailbox.all().await {
        let id = mail.header("message-id").unwrap().to_owned();
        arrived.entry((mail.to[0].clone(), mail.subject)).or_default().insert(id);
    }
}

async fn set(database: &Database, sql: &str) -> BTreeSet<String> {
    database.texts(sql).await.into_iter().collect()
}

async fn mailed(database: &Database, subject: &str) -> BTreeSet<String> {
    set(database, &format!("SELECT recipient FROM outbox WHERE subject = '{subject}'")).await
}

#[track_caller]
fn assert_holds(all: &BTreeSet<String>, acknowledged: &Addresses) {
    let acknowledged = noted(acknowledged);
    assert!(acknowledged.len() > ENOUGH, "only {} requests got through", acknowledged.len());
    let lost: Vec<_> = acknowledged.difference(all).collect();
    assert!(lost.is_empty(), "{lost:?}");
}

/// Asserts that rows which are written together exist together, or not at all.
async fn assert_nothing_by_half(database: &Database, ledger: &Ledger) {
    assert_eq!(database.texts("PRAGMA integrity_check").await, ["ok"]);
    assert!(database.texts("PRAGMA foreign_key_check").await.is_empty());
    let (links, notices) = (mailed(database, RESET).await, mailed(database, NOTICE).await);
    assert_holds(&set(database, "SELECT email FROM users").await, &ledger.accounts);
    let requests = set(database, "SELECT recipient FROM outbox WHERE request IS NOT NULL").await;
    assert_holds(&links.union(&requests).cloned().collect(), &ledger.reset_mails);
    assert_holds(&notices, &ledger.passwords);
    let admins = set(database, "SELECT email FROM users WHERE role = 'admin'").await;
    assert_holds(&admins, &ledger.roles);
    // A token exists exactly if its mail exists and the token is unused.
    let tokens = "SELECT email FROM users JOIN tokens ON users.id = tokens.user_id";
    let unspent: BTreeSet<_> = links.difference(&notices).cloned().collect();
    assert_eq!(set(database, tokens).await, unspent);
}

/// CRA-01, RST-02.
#[tokio::test]
async fn what_was_acknowledged_outlives_kills_under_load() {
    let (folder, mailbox) = (tempfile::tempdir().unwrap(), Arc::new(Mailbox::start().await));
    let (url, mail) = (sqlite_url(folder.path()), format!("smtp://{}", mailbox.address()));
    let environment = [("LATCHKEY__DATABASE__URL", &*url), ("LATCHKEY__MAIL__URL", &*mail)];
    let xtask = Operator::on(folder.path(), &url);
    xtask.run(&["migrate"]).await.succeeded();
    let seed = ["seed-admin", "--email", ADA, "--password-stdin"];
    xtask.run_with(&seed, crate::fault_steps::PASSWORD).await.succeeded();
    let (ledger, mut arrived) = (Ledger::default(), Arrived::new());
    for round in 0..MAX_ROUNDS {
        if round >= ROUNDS && ledger.is_full() {
            break;
        }
        let mut server = ServerProcess::start(&environment).await;
        let (mut load, database) = (JoinSet::new(), Database::connect(&url).await);
        keep_promoting(&server, &database, ledger.clone(), &mut load).await;
        keep_resetting(&server, &mailbox, ledger.clone(), &mut load).await;
        for client in 0..CLIENTS {
            let name = format!("mia-{round}-{client}");
            keep_signing_up(&server, name, ledger.clone(), &mut load).await;
        }
        sleep(Duration::from_millis(40 + round * 97 % 260)).await;
        server.kill9();
        server.wait().await;
        load.join_all().await;
        collect(&mailbox, &mut arrived).await;
    }

    let database = Database::connect(&url).await;
    assert_nothing_by_half(&database, &ledger).await;
    // Ends the leases of the dead servers.
    database.execute("UPDATE outbox SET due_at = 1 WHERE due_at IS NOT NULL").await;
    let server = ServerProcess::start(&environment).await;
    wait_for_text(&database, "SELECT CAST(COUNT(due_at) AS TEXT) FROM outbox", "0").await;
    collect(&mailbox, &mut arrived).await;
    let owed = set(&database, "SELECT recipient || '/' || subject FROM outbox").await;
    let sent = arrived.keys().map(|(to, subject)| format!("{to}/{subject}")).collect();
    assert_eq!(owed, sent, "a mail is lost, or one was sent that is not owed");
    // The admin uses a new browser in each round.
    let is_once = |to: &str| to != ADA;
    let doubles: Vec<_> =
        arrived.iter().filter(|((to, _), ids)| is_once(to) && ids.len() > 1).collect();
    assert!(doubles.is_empty(), "{doubles:?}");
    let mut browser = server.browser(Transport::Plain);
    browser.visit("/login").await;
    let changed: Vec<_> = noted(&ledger.passwords).into_iter().collect();
    // At most as many at once as the server can hash in time.
    for some in changed.chunks(8) {
        let log_ins = some.iter().map(|email| {
            form_again(&browser, "/login", &[("email", email), ("password", NEW_PASSWORD)])
        });
        assert_eq!(count_of(&send_at_once(log_ins).await, 303), some.len(), "{some:?}");
    }
}
