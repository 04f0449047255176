//! Mail servers that refuse, or cannot be reached.

use tests::Mailbox;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
};
use xtask::mail_catcher::{Fault, Stage};

use super::{Desk, Expected};
use crate::fault_steps::unused_address;

/// A server that answers each line with the next of these replies; its address.
async fn scripted(replies: &'static [&'static str]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (read, mut write) = stream.into_split();
            let mut lines = BufReader::new(read).lines();
            for reply in replies {
                if write.write_all(reply.as_bytes()).await.is_err() {
                    break;
                }
                let Ok(Some(_)) = lines.next_line().await else { break };
            }
        }
    });
    address.to_string()
}

#[tokio::test]
async fn a_mail_server_that_cannot_be_used_is_told_by_its_step() {
    const HELLO: &str = "220 test\r\n";
    let bad_login = scripted(&[HELLO, "250-test\r\n250 AUTH PLAIN\r\n", "535 no\r\n"]).await;
    let no_tls = scripted(&[HELLO, "250 test\r\n", "502 no\r\n"]).await;
    let no_smtp = scripted(&["HTTP/1.1 400 Bad Request\r\n\r\n"]).await;
    let cases: [(String, Expected<'_>); 5] = [
        (
            format!("smtp://{}", unused_address()),
            ("mail_server", "problem", "no connection", "host and port"),
        ),
        (
            format!("smtp://user:s3cret-canary@{bad_login}"),
            ("mail_server", "problem", "replied 535", "user and password"),
        ),
        (format!("smtp+starttls://{no_tls}"), ("mail_server", "problem", "STARTTLS", "mail.url")),
        (format!("smtps://{no_smtp}"), ("mail_server", "problem", "smtps://", "")),
        (format!("smtp://{no_smtp}"), ("mail_server", "problem", "is no reply", "log")),
    ];
    for (url, expected) in cases {
        let desk = Desk::new().await.with("LATCHKEY__MAIL__URL", &url);
        let report = desk.examine_with(&["--mail-to", "ada@example.test"]).await;
        report.tells(expected);
        report.tells(("test_mail", "skipped", "", ""));
        assert!(!report.text.contains("canary"), "{}", report.text);
    }
}

#[tokio::test]
async fn a_test_mail_that_is_refused_is_told() {
    let mailbox = Mailbox::start().await;
    mailbox.catcher().set_fault(Fault::ReplyAt(Stage::Rcpt, 550));
    let url = format!("smtp://{}", mailbox.address());
    let desk = Desk::new().await.with("LATCHKEY__MAIL__URL", &url);

    let report = desk.examine_with(&["--mail-to", "ada@example.test"]).await;

    report.tells(("mail_server", "ok", "", ""));
    report.tells(("test_mail", "problem", "replied 550", "mail.from"));
    assert!(!report.text.contains("ada@"), "{}", report.text);
}

#[tokio::test]
async fn a_sender_that_no_mail_server_knows_is_told() {
    let desk = Desk::new().await.with("LATCHKEY__MAIL__FROM", "no-reply@localhost");

    desk.tells(("mail_dns", "warning", "localhost", "mail.from")).await;
}
