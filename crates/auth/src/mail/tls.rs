//! Tests of the mailer's demands on the certificate of a mail server, with servers that show an
//! insufficient one (HDR-05).

use std::{
    io::Write,
    net::TcpStream,
    sync::{Arc, Mutex},
    time::Duration,
};

use domain::Clock;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer},
};
use tokio::{sync::watch, time};

use super::{
    MailSettings, Mailer, Outbox, OutboxWorker,
    mail_url::Encryption,
    test_server::{self, Reply, converse},
    testing::{self, NOW},
};

/// The certificate of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    Good,
    SelfSigned,
    WrongHost,
    Expired,
}

/// A certificate for the host in the URL, and the one that it can be traced back to.
fn certificate(shown: Shown) -> (ServerConfig, String) {
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let host = if shown == Shown::WrongHost { "127.0.0.2" } else { "127.0.0.1" };
    let mut parameters = CertificateParams::new([host.to_owned()]).unwrap();
    if shown == Shown::Expired {
        parameters.not_after = date_time_ymd(2025, 1, 1);
    }
    let key = KeyPair::generate().unwrap();
    let certificate = if shown == Shown::SelfSigned {
        parameters.self_signed(&key).unwrap()
    } else {
        parameters.signed_by(&key, &authority).unwrap()
    };
    let chain = vec![CertificateDer::from(certificate.der().to_vec())];
    let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    let server = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    (server, testing::pem("CERTIFICATE", authority.der()))
}

/// A mail server behind TLS; returns its port and the commands it receives.
fn server(config: ServerConfig, encryption: Encryption) -> (u16, Arc<Mutex<Vec<String>>>) {
    let (config, told) = (Arc::new(config), Arc::new(Mutex::new(Vec::new())));
    let heard = Arc::clone(&told);
    let port = test_server::listen(0, move |mut stream| {
        let greeting = (encryption == Encryption::Tls).then_some("220 test");
        if encryption == Encryption::StartTls {
            offer_tls(&mut stream);
        }
        let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
        // A client that refuses the certificate ends its conversation only.
        let _ended = converse(StreamOwned::new(connection, stream), greeting, |command| {
            heard.lock().unwrap().push(command.to_owned());
            answer(command)
        });
    });
    (port, told)
}

fn offer_tls(stream: &mut TcpStream) {
    let offered = converse(&mut *stream, Some("220 test"), |command| match command {
        "STARTTLS" => Reply::End,
        _ => Reply::Say("250-test\r\n250 STARTTLS"),
    });
    offered.and_then(|()| write!(stream, "220 go\r\n")).unwrap();
}

fn answer(command: &str) -> Reply {
    Reply::Say(match command {
        "." => "250 taken",
        "DATA" => "354 go",
        _ => "250-test\r\n250 AUTH PLAIN",
    })
}

/// The commands that the server received during one try to send a mail, and whether the mail still
/// waits.
async fn try_once(shown: Shown, encryption: Encryption) -> (Vec<String>, bool) {
    let (config, root) = certificate(shown);
    let (port, told) = server(config, encryption);
    let scheme = if encryption == Encryption::Tls { "smtps" } else { "smtp+starttls" };
    let url = format!("{scheme}://mia:s3cret@127.0.0.1:{port}").parse().unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), root).unwrap();
    let ca_file = Some(file.path().display().to_string().try_into().unwrap());
    let mailer = Mailer::new(MailSettings { url, ca_file, ..MailSettings::default() });
    let (store, outbox) = (testing::store().await, Outbox::new());
    testing::queue(&store, testing::new_mail("mia@example.org")).await;
    let (writer, clock) = (testing::writer(), Clock::manual(NOW));
    let worker = OutboxWorker::new(store.clone(), mailer, writer, outbox, clock);
    let (stop, stopped) = watch::channel(false);
    let working = tokio::spawn(worker.polling_every(Duration::from_millis(10)).run(stopped));

    // The pause after a failed try is shorter than the lease during one.
    let pause = NOW + Duration::from_secs(5);
    let due = loop {
        let due = store.outbox().next_due_at().await.unwrap();
        if due.is_none_or(|due| due > NOW && due <= pause) {
            break due;
        }
        time::sleep(Duration::from_millis(5)).await;
    };
    stop.send_replace(true);
    working.await.unwrap();
    let told = told.lock().unwrap().clone();
    (told, due.is_some())
}

/// HDR-05, MAI-05: by a private CA.
#[tokio::test]
async fn a_mail_goes_to_a_server_that_proves_itself_and_stays_owed_to_any_other() {
    for encryption in [Encryption::Tls, Encryption::StartTls] {
        let (told, is_owed) = try_once(Shown::Good, encryption).await;
        assert!(told.iter().any(|line| line == "."), "{encryption:?}: {told:?}");
        assert!(!is_owed, "{encryption:?}");

        for shown in [Shown::SelfSigned, Shown::WrongHost, Shown::Expired] {
            let (told, is_owed) = try_once(shown, encryption).await;
            assert_eq!(told, Vec::<String>::new(), "{shown:?}, {encryption:?}");
            assert!(is_owed, "{shown:?}, {encryption:?}");
        }
    }
}
