//! Shared by the tests of this folder: a store with an outbox, and what goes into it.

use std::{sync::LazyLock, time::Duration};

use base64::{Engine, prelude::BASE64_STANDARD};
use domain::{Brand, DisplayName, EmailAddress, Language, Role, Timestamp, User, UserId};
use store::{ClaimedMail, DatabaseSettings, MailId, MailPriority, NewMail, Store};

use super::{LinkKey, Writer, envelope::Envelope, site::MailSite};
use crate::keys::{KeyPurpose, SecretKey};

/// 2026-01-01T00:00:00Z.
pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_767_225_600_000);

pub(super) fn site() -> MailSite {
    MailSite::new("https://app.test".parse().unwrap(), &Brand::EXAMPLE)
}

/// The envelope of a mail that is good for an hour.
pub(super) fn envelope() -> Envelope<'static> {
    static SITE: LazyLock<MailSite> = LazyLock::new(site);
    Envelope::new(&SITE, MailId::generate(), Duration::from_hours(1), NOW)
}

/// `der` as a section of PEM.
pub(super) fn pem(label: &str, der: &[u8]) -> String {
    let base64 = BASE64_STANDARD.encode(der);
    format!("-----BEGIN {label}-----\n{base64}\n-----END {label}-----\n")
}

/// The recipient of the mails in tests.
pub(super) fn mia() -> User {
    User {
        id: UserId::generate(),
        email: EmailAddress::parse("mia@example.org").unwrap(),
        name: DisplayName::parse("Mia Muster").unwrap(),
        role: Role::USER,
        language: Language::English,
        created_at: NOW,
        confirmed_at: Some(NOW),
        disabled_at: None,
        delete_after: None,
        last_seen_at: None,
        second_factor_since: None,
        factor_reset_at: None,
        device_generation: 0,
    }
}

/// The lines of a mail that are links.
pub(super) fn links(text: &str) -> Vec<&str> {
    text.lines().filter(|line| line.contains("://")).collect()
}

/// A writer that writes nothing.
pub(super) fn writer() -> Writer {
    let secret = SecretKey::new(vec![7; 32]).unwrap();
    let links = LinkKey::new(secret.derive(KeyPurpose::MailLink));
    Writer::new(links, async |_| Ok(()))
}

pub(super) async fn store() -> Store {
    let url = "sqlite::memory:".to_owned().try_into().unwrap();
    let settings = DatabaseSettings { url, ..DatabaseSettings::default() };
    let store = Store::connect(&settings, Duration::ZERO).await.unwrap();
    store.migrate_up().await.unwrap();
    store
}

pub(super) fn new_mail(to: &str) -> NewMail {
    NewMail {
        id: MailId::generate(),
        user_id: None,
        kind: "password_reset",
        priority: MailPriority::Owner,
        to: EmailAddress::parse(to).unwrap(),
        to_name: None,
        language: Language::German,
        subject: "Reset your password".to_owned(),
        text: "Hello Zoë,\n\nhttps://app.test/reset-password/secret\n".to_owned(),
        html: "<p>Zoë</p>".to_owned(),
        expires_at: NOW + Duration::from_hours(1),
    }
}

pub(super) async fn queue(store: &Store, mail: NewMail) {
    let tx = store.begin().await.unwrap();
    tx.outbox().insert(mail, NOW).await.unwrap();
    tx.commit().await.unwrap();
}

pub(super) async fn claim(store: &Store, now: Timestamp) -> Vec<ClaimedMail> {
    let tx = store.begin().await.unwrap();
    let mails = tx.outbox().claim(10, Duration::from_mins(1), now).await.unwrap();
    tx.commit().await.unwrap();
    mails
}
