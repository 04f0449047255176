//! The server is killed, or a client is gone in the middle: what was acknowledged is
//! there, and nothing is there by half.
//!
//! Panics (CRA-05) are proved where they are caught, in `web::middleware::catch_panic`:
//! no handler of ours panics when it is asked to.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::Duration,
};

use tests::{
    ServerProcess, TestApp, Transport,
    support::{browser::RawRequest, database::Database},
};
use tokio::{io::AsyncWriteExt, net::TcpStream, task::JoinSet, time::sleep};

use crate::fault_steps::{form_again, nobodys_address, promptly, sign_up, signing_up, sqlite_url};

const ROUNDS: u64 = 10;
const CLIENTS: usize = 6;

/// What was acknowledged.
#[derive(Clone, Debug, Default)]
struct Ledger {
    accounts: Arc<Mutex<BTreeSet<String>>>,
    reset_mails: Arc<Mutex<BTreeSet<String>>>,
}

async fn is_acknowledged(request: RawRequest) -> bool {
    matches!(request.try_send().await, Ok(answer) if answer.status() == 303)
}

/// Signs up and asks for resets until the server is gone.
async fn keep_signing_up(
    server: &ServerProcess,
    name: String,
    ledger: Ledger,
    load: &mut JoinSet<()>,
) {
    let mut browser = server.browser(Transport::Plain);
    browser.visit("/signup").await;
    let requests: Vec<_> = (0..200)
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
            ledger.accounts.lock().unwrap().insert(email.clone());
            if !is_acknowledged(forgot).await {
                return;
            }
            ledger.reset_mails.lock().unwrap().insert(email);
        }
    });
}

async fn set(database: &Database, sql: &str) -> BTreeSet<String> {
    database.texts(sql).await.into_iter().collect()
}

/// CRA-01, RST-02: a token is there exactly where its mail is.
#[tokio::test]
async fn what_was_acknowledged_outlives_ten_kills_under_load() {
    let folder = tempfile::tempdir().unwrap();
    let (url, mail) = (sqlite_url(folder.path()), format!("smtp://{}", nobodys_address()));
    let environment = [("LATCHKEY__DATABASE__URL", &*url), ("LATCHKEY__MAIL__URL", &*mail)];
    let ledger = Ledger::default();
    for round in 0..ROUNDS {
        let mut server = ServerProcess::start(&environment).await;
        let mut load = JoinSet::new();
        for client in 0..CLIENTS {
            let name = format!("mia-{round}-{client}");
            keep_signing_up(&server, name, ledger.clone(), &mut load).await;
        }
        sleep(Duration::from_millis(100 + 37 * round)).await;
        server.kill9();
        server.wait().await;
        load.join_all().await;
    }

    let database = Database::connect(&url).await;
    assert_eq!(database.texts("PRAGMA integrity_check").await, ["ok"]);
    assert!(database.texts("PRAGMA foreign_key_check").await.is_empty());
    let accounts = set(&database, "SELECT email FROM users").await;
    let mails = set(&database, "SELECT recipient FROM outbox WHERE text_body <> ''").await;
    let tokens = "SELECT email FROM users JOIN tokens ON users.id = tokens.user_id";
    let ledger_accounts = ledger.accounts.lock().unwrap().clone();
    let ledger_mails = ledger.reset_mails.lock().unwrap().clone();
    assert!(ledger_mails.len() > 20, "only {} requests got through", ledger_mails.len());
    assert!(ledger_accounts.is_subset(&accounts), "{:?}", ledger_accounts.difference(&accounts));
    assert!(ledger_mails.is_subset(&mails), "{:?}", ledger_mails.difference(&mails));
    assert_eq!(set(&database, tokens).await, mails);
}

/// The bytes of a form for `/forgot-password`, as they go over the line.
fn on_the_line(csrf_token: &str, cookies: &str, email: &str) -> Vec<u8> {
    let body = format!("email={email}&csrf_token={csrf_token}");
    format!(
        "POST /forgot-password HTTP/1.1\r\nHost: latchkey.test\r\nCookie: {cookies}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// CRA-03.
#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_is_gone_in_the_middle_leaves_all_or_nothing() {
    let app = TestApp::start().await;
    app.mailbox.catcher().stop().await;
    let mut browser = app.browser(Transport::Plain);
    let emails: Vec<_> = (0..40).map(|n| format!("mia{n}@example.test")).collect();
    for email in &emails {
        sign_up(&mut browser, email).await;
    }
    browser.visit("/forgot-password").await;
    let cookies = browser.cookies().header("/").expect("the form has a cookie");
    let mut clients = JoinSet::new();
    for (n, email) in emails.iter().enumerate() {
        let bytes = on_the_line(&browser.csrf_token(), &cookies, email);
        // Half of them hang up while they send, half while they wait for the answer.
        let (sent, pause) = if n < 20 { (bytes.len() * n / 20, 1) } else { (bytes.len(), n - 20) };
        let address = app.address();
        clients.spawn(async move {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(&bytes[..sent]).await.unwrap();
            sleep(Duration::from_micros(500 * u64::try_from(pause * pause).unwrap())).await;
            stream.set_zero_linger().unwrap();
        });
    }
    clients.join_all().await;

    let last = form_again(&browser, "/forgot-password", &[("email", "mia0@example.test")]);
    assert_eq!(promptly(last).await.status(), 303);
    let tokens = "SELECT email FROM users JOIN tokens ON users.id = tokens.user_id";
    let mails = set(&app.database, "SELECT recipient FROM outbox").await;
    assert_eq!(set(&app.database, tokens).await, mails);
    let early = |email: &String| emails[1..20].contains(email);
    assert!(!mails.iter().any(early), "half a request did something: {mails:?}");
    assert!(mails.len() > 1, "nobody stayed long enough");
}
