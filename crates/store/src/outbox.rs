//! The outbox: mails that wait to be sent. A mail is queued in the transaction that causes it, so
//! that it exists exactly if the change took effect. Leases and outcomes are in `outbox_work.rs`, mails
//! that are written later in `mail_requests.rs`.

use std::fmt;

use domain::{DisplayName, EmailAddress, Language, Timestamp, UserId, random};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect, entity::prelude::Uuid,
};

use crate::{
    StoreError,
    database::{Reads, WriteTx},
    entities::mail::{ActiveModel, Column, Entity, Model},
    users,
};

/// The repository of mails, which reads through `C`.
#[derive(Debug)]
pub struct Outbox<'a, C>(pub(crate) &'a C);

/// The id of a mail. It stays the same over all tries to send the mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MailId(pub(crate) Uuid);

/// The delivery state of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailState {
    /// No try has ended yet.
    Queued,
    /// The last try failed, and there will be another.
    Delayed {
        /// The error of the last try.
        error: String,
    },
    /// A mail server accepted the mail.
    Sent,
    /// The mail was given up.
    Failed {
        /// The error of the last try.
        error: String,
    },
}

/// The order in which mails are sent. The first variant comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MailPriority {
    /// A mail to the owner of a confirmed address.
    Owner,
    /// A mail to an unconfirmed address, or caused by a stranger. Their number is unbounded.
    Unproven,
}

impl MailPriority {
    /// The ranks in the order in which mails are claimed: requests, which cost no mail server
    /// anything, and then each priority. The release before gave these the ranks 0 and 1, and
    /// claims no others.
    pub(crate) const RANKS: [i16; 5] =
        [Self::REQUEST, 0, Self::Owner.rank(), 1, Self::Unproven.rank()];
    pub(crate) const REQUEST: i16 = 2;

    pub(crate) const fn rank(self) -> i16 {
        match self {
            Self::Owner => 3,
            Self::Unproven => 4,
        }
    }
}

/// The pause of a mail after a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// The time from which the next try may begin.
    pub until: Timestamp,
    /// Whether the mail server may have accepted the mail already.
    pub is_doubtful: bool,
}

/// The values of a new mail. `Debug` hides them.
#[derive(Clone)]
pub struct NewMail {
    /// The id. In the bodies it stands for the token of the link, which is not stored.
    pub id: MailId,
    /// The account that the mail is about. The mail is part of its export and is deleted with it.
    /// `None` for a mail that says that there is no account.
    pub user_id: Option<UserId>,
    /// The kind, for the log.
    pub kind: &'static str,
    /// The priority.
    pub priority: MailPriority,
    /// The recipient.
    pub to: EmailAddress,
    /// The recipient's display name.
    pub to_name: Option<DisplayName>,
    /// The language.
    pub language: Language,
    /// The subject, on one line.
    pub subject: String,
    /// The body as plain text.
    pub text: String,
    /// The body as HTML.
    pub html: String,
    /// The time after which the mail is useless and is not sent.
    pub expires_at: Timestamp,
}

/// A mail that only this process may try to send, until its lease ends. `Debug` hides its content.
#[derive(Clone)]
pub struct ClaimedMail {
    /// The id of the mail.
    pub id: MailId,
    /// The account that the mail is about, if there is one.
    pub user_id: Option<UserId>,
    /// The kind, for the log.
    pub kind: String,
    /// Whether the mail server may have accepted the mail in an earlier try.
    pub was_doubtful: bool,
    /// The recipient.
    pub to: EmailAddress,
    /// The recipient's display name.
    pub to_name: Option<DisplayName>,
    /// The language.
    pub language: Language,
    /// The subject, on one line.
    pub subject: String,
    /// The body as plain text.
    pub text: String,
    /// The body as HTML.
    pub html: String,
    /// What was asked for, if the mail is not written yet.
    pub request: Option<String>,
    /// The number of tries before this one.
    pub attempts: u32,
    /// The time at which the mail was queued.
    pub created_at: Timestamp,
    /// The time after which the mail is useless and is not sent.
    pub expires_at: Timestamp,
}

impl MailId {
    /// Generates a random id.
    pub fn generate() -> Self {
        Self(sea_orm::sqlx::types::uuid::Builder::from_random_bytes(random::bytes()).into_uuid())
    }

    /// Returns the 16 bytes.
    pub fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }
}

impl fmt::Display for MailId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

// Hides the content, because links in mails give access to accounts.
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
    /// Returns the delivery state of the mail, or `None` if the mail was deleted.
    pub async fn find_state(&self, id: MailId) -> Result<Option<MailState>, StoreError> {
        let row = Entity::find_by_id(id.0).one(self.0.connection()).await?;
        Ok(row.as_ref().map(mail_state))
    }

    /// Returns the time at which the next mail is due, if one is queued.
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
    /// Queues a mail that is due at once, and returns its id.
    pub async fn insert(&self, new: NewMail, now: Timestamp) -> Result<MailId, StoreError> {
        let (id, rank) = (new.id, new.priority.rank());
        let row = due_row(new, rank, None, now);
        Entity::insert(row).exec_without_returning(self.0.connection()).await?;
        Ok(id)
    }

    /// Deletes the mail if it still waits, because its link was voided.
    pub async fn delete_waiting(&self, id: MailId) -> Result<(), StoreError> {
        let waiting = Entity::delete_by_id(id.0).filter(Column::DueAt.is_not_null());
        Ok(waiting.exec(self.0.connection()).await.map(drop)?)
    }
}

/// Where the mail is.
pub(crate) fn mail_state(row: &Model) -> MailState {
    match (row.sent_at, row.failed_at, row.last_error.clone()) {
        (Some(_), ..) => MailState::Sent,
        (None, Some(_), error) => MailState::Failed { error: error.unwrap_or_default() },
        (None, None, Some(error)) => MailState::Delayed { error },
        (None, None, None) => MailState::Queued,
    }
}

/// The row of a mail, or of a request for one, that is due and was not tried yet.
pub(crate) fn due_row(
    new: NewMail,
    rank: i16,
    request: Option<String>,
    now: Timestamp,
) -> ActiveModel {
    ActiveModel {
        id: Set(new.id.0),
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
        priority: Set(rank),
        doubtful_at: Set(None),
        paused_at: Set(Some(now.as_millis())),
        request: Set(request),
    }
}
