//! The queued mails. A mail is written in the transaction of its cause. Any number of servers share
//! the work, because leasing is one statement (`outbox_work.rs`).

use std::fmt;

use domain::{DisplayName, EmailAddress, Language, Timestamp, UserId, random};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect, entity::prelude::Uuid,
};

use crate::{
    StoreError,
    database::{Reads, WriteTx},
    entities::mail::{ActiveModel, Column, Entity},
    users,
};

/// The outbox, read through `C`.
#[derive(Debug)]
pub struct Outbox<'a, C>(pub(crate) &'a C);

/// A mail's id, the same over all tries to send it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MailId(pub(crate) Uuid);

/// Where a mail is on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailState {
    /// It was not tried yet, or its first try is not over.
    Queued,
    /// A try failed, and there will be another.
    Delayed {
        /// The error.
        error: String,
    },
    /// A mail server took it.
    Sent,
    /// It was given up.
    Failed {
        /// The error.
        error: String,
    },
}

/// Which mails go first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MailPriority {
    /// To the owner of an address, who waits for it.
    Owner,
    /// To an unproven address, or caused by a stranger: there can be any number of them.
    Unproven,
}

impl MailPriority {
    pub(crate) const ALL: [Self; 2] = [Self::Owner, Self::Unproven];

    pub(crate) const fn rank(self) -> i16 {
        match self {
            Self::Owner => 0,
            Self::Unproven => 1,
        }
    }
}

/// Why and until when a mail waits after a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// When the next try may begin.
    pub until: Timestamp,
    /// Whether the mail server may have the mail already.
    pub is_doubtful: bool,
}

/// A mail to be sent.
#[derive(Clone)]
pub struct NewMail {
    /// The account that the mail is about, in its export and deleted with it. `None` for a mail
    /// that says that there is no account.
    pub user_id: Option<UserId>,
    /// The kind, for the log.
    pub kind: &'static str,
    /// Whether it goes before others.
    pub priority: MailPriority,
    /// The recipient.
    pub to: EmailAddress,
    /// The recipient's display name.
    pub to_name: Option<DisplayName>,
    /// The language.
    pub language: Language,
    /// One line.
    pub subject: String,
    /// The whole mail as plain text.
    pub text: String,
    /// The whole mail as HTML.
    pub html: String,
    /// From when on it is of no use.
    pub expires_at: Timestamp,
}

/// A mail that this process alone may try to send until its lease ends.
#[derive(Clone)]
pub struct ClaimedMail {
    /// The mail's id.
    pub id: MailId,
    /// The account that it is about, if there is one.
    pub user_id: Option<UserId>,
    /// The kind, for the log.
    pub kind: String,
    /// Whether the mail server may have it already.
    pub was_doubtful: bool,
    /// The recipient.
    pub to: EmailAddress,
    /// The recipient's display name.
    pub to_name: Option<DisplayName>,
    /// The language.
    pub language: Language,
    /// One line.
    pub subject: String,
    /// The whole mail as plain text.
    pub text: String,
    /// The whole mail as HTML.
    pub html: String,
    /// Tries before this one.
    pub attempts: u32,
    /// When it was queued.
    pub created_at: Timestamp,
    /// From when on it is of no use.
    pub expires_at: Timestamp,
}

impl MailId {
    /// An id that no mail has.
    pub fn generate() -> Self {
        Self(sea_orm::sqlx::types::uuid::Builder::from_random_bytes(random::bytes()).into_uuid())
    }
}

impl fmt::Display for MailId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

// Prints no content: links in mails open accounts.
impl fmt::Debug for NewMail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewMail(…)")
    }
}

impl fmt::Debug for ClaimedMail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClaimedMail({})", self.id)
    }
}

impl<C: Reads> Outbox<'_, C> {
    /// Where the mail is on its way; `None` when it is not known any more.
    pub async fn find_state(&self, id: MailId) -> Result<Option<MailState>, StoreError> {
        let row = Entity::find_by_id(id.0).one(self.0.connection()).await?;
        Ok(row.map(|row| match (row.sent_at, row.failed_at, row.last_error) {
            (Some(_), ..) => MailState::Sent,
            (None, Some(_), error) => MailState::Failed { error: error.unwrap_or_default() },
            (None, None, Some(error)) => MailState::Delayed { error },
            (None, None, None) => MailState::Queued,
        }))
    }

    /// When the next mail is due, if any is waiting.
    pub async fn next_due_at(&self) -> Result<Option<Timestamp>, StoreError> {
        let due: Option<Option<i64>> = Entity::find()
            .select_only()
            .column_as(Column::DueAt.min(), "due_at")
            .filter(Column::DueAt.is_not_null())
            .into_tuple()
            .one(self.0.connection())
            .await?;
        Ok(due.flatten().map(Timestamp::from_millis))
    }
}

impl Outbox<'_, WriteTx> {
    /// Queues a mail, due at once.
    pub async fn insert(&self, new: NewMail, now: Timestamp) -> Result<MailId, StoreError> {
        let id = MailId::generate();
        let row = ActiveModel {
            id: Set(id.0),
            recipient: Set(new.to.as_str().to_owned()),
            recipient_name: Set(new.to_name.map(|name| name.as_str().to_owned())),
            subject: Set(new.subject),
            text_body: Set(new.text),
            html_body: Set(new.html),
            created_at: Set(now.as_millis()),
            expires_at: Set(new.expires_at.as_millis()),
            due_at: Set(Some(now.as_millis())),
            attempts: Set(0),
            sent_at: Set(None),
            failed_at: Set(None),
            last_error: Set(None),
            language: Set(new.language.tag().to_owned()),
            user_id: Set(new.user_id.map(users::uuid)),
            kind: Set(new.kind.to_owned()),
            priority: Set(new.priority.rank()),
            doubtful_at: Set(None),
            paused_at: Set(Some(now.as_millis())),
        };
        Entity::insert(row).exec_without_returning(self.0.connection()).await?;
        Ok(id)
    }
}
