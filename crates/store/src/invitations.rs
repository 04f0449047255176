//! Invitations: addresses that an admin or the operator has invited, each with the role that the
//! account gets. An address has one invitation at a time, and its link works once.
//!
//! An accepted invitation stays until it is old, so that a visitor who opens the link again reads
//! that it was used. It is deleted with the account of the inviter, and with the account that it
//! made. The changes are in `invitation_changes.rs`.

use std::fmt;

use domain::{EmailAddress, Language, Role, Timestamp, TokenHash, User, UserId, random};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    entity::prelude::Uuid, sea_query::Expr,
};

use crate::{
    MailId, MailState, StoreError,
    database::Reads,
    entities::{
        invitation::{Column, Entity, Model},
        mail, user,
    },
    outbox::mail_state,
    users::{self, email, language, uuid},
};

/// The repository of invitations, which reads through `C`.
#[derive(Debug)]
pub struct Invitations<'a, C>(pub(crate) &'a C);

/// The id of an invitation, which gives no access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct InvitationId(pub(crate) Uuid);

/// An invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// The id, which is in the paths of the admin area.
    pub id: InvitationId,
    /// The hash of the token in the link.
    pub token_hash: TokenHash,
    /// The address that was invited.
    pub email: EmailAddress,
    /// The role that the account gets.
    pub role: Role,
    /// The language of the mail.
    pub language: Language,
    /// The admin who invited, or `None` for the operator.
    pub invited_by: Option<UserId>,
    /// The reason that the admin gave.
    pub note: Option<String>,
    /// The id of the latest mail in the outbox.
    pub mail_id: MailId,
    /// The time of the first mail. Another mail does not change it.
    pub created_at: Timestamp,
    /// The time of the latest mail.
    pub sent_at: Timestamp,
    /// The time from which the link is invalid.
    pub expires_at: Timestamp,
    /// The time at which the account was made.
    pub accepted_at: Option<Timestamp>,
    /// The account that was made.
    pub user_id: Option<UserId>,
}

/// An invitation in the list of the admin area, with its inviter, account and mail.
#[derive(Clone, Debug)]
pub struct ListedInvitation {
    /// The invitation as it is stored.
    pub invitation: Invitation,
    /// The account of the admin who invited.
    pub inviter: Option<User>,
    /// The account that has the address, confirmed.
    pub account: Option<UserId>,
    /// Where the latest mail is, unless it was deleted after a while.
    pub mail: Option<MailState>,
}

/// The link of another mail for an invitation. It replaces the one before.
#[derive(Clone, Copy, Debug)]
pub struct NewInvitationLink {
    /// The hash of the token.
    pub token_hash: TokenHash,
    /// The admin who sends it, or `None` for the operator.
    pub invited_by: Option<UserId>,
    /// The id of the mail in the outbox.
    pub mail_id: MailId,
    /// The time at which the mail is queued.
    pub sent_at: Timestamp,
    /// The time from which the link is invalid.
    pub expires_at: Timestamp,
}

/// The end of a page of invitations. The next page begins after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvitationCursor {
    /// The time of the last invitation of the page.
    pub at: Timestamp,
    /// The id of that invitation.
    pub id: InvitationId,
}

/// A page of invitations.
#[derive(Clone, Debug)]
pub struct InvitationPage {
    /// The invitations, the newest first.
    pub invitations: Vec<ListedInvitation>,
    /// The end of this page, if there is another one.
    pub next: Option<InvitationCursor>,
}

impl InvitationId {
    /// Generates a random id.
    pub fn generate() -> Self {
        Self(sea_orm::sqlx::types::uuid::Builder::from_random_bytes(random::bytes()).into_uuid())
    }

    /// Reads an id from its 16 bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes))
    }

    /// Returns the 16 bytes.
    pub fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }

    /// Reads an id as it is printed.
    pub fn parse(text: &str) -> Option<Self> {
        Uuid::try_parse(text).ok().map(Self)
    }
}

impl fmt::Display for InvitationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<C: Reads> Invitations<'_, C> {
    /// Returns the invitation with this id.
    pub async fn find(&self, id: InvitationId) -> Result<Option<Invitation>, StoreError> {
        self.find_where(Column::Id.eq(id.0).into()).await
    }

    /// Returns the invitation with this link, if it has not expired. An accepted one is returned,
    /// too.
    pub async fn find_by_token(
        &self,
        token_hash: &TokenHash,
        now: Timestamp,
    ) -> Result<Option<Invitation>, StoreError> {
        let token = Column::TokenHash.eq(token_hash.as_bytes().to_vec());
        let is_current = Column::ExpiresAt.gt(now.as_millis());
        self.find_where(Condition::all().add(token).add(is_current)).await
    }

    /// Returns the invitation of the address that is not accepted. An expired one is returned, too.
    pub async fn find_by_email(
        &self,
        email: &EmailAddress,
    ) -> Result<Option<Invitation>, StoreError> {
        let open = Condition::all().add(Column::AcceptedAt.is_null());
        self.find_where(open.add(Column::Email.eq(email.as_str()))).await
    }

    /// Returns up to `limit` invitations after the cursor `after`, the newest first.
    pub async fn list(
        &self,
        after: Option<InvitationCursor>,
        limit: u64,
    ) -> Result<InvitationPage, StoreError> {
        let mut query = Entity::find();
        if let Some(after) = after {
            let place = Expr::tuple([Expr::col(Column::CreatedAt), Expr::col(Column::Id)]);
            let (at, id) = (Expr::value(after.at.as_millis()), Expr::value(after.id.0));
            query = query.filter(place.lt(Expr::tuple([at, id])));
        }
        let mut rows = query
            .order_by_desc(Column::CreatedAt)
            .order_by_desc(Column::Id)
            .limit(limit + 1)
            .all(self.0.connection())
            .await?;
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        let has_more = rows.len() > most;
        rows.truncate(most);
        let next = rows.last().filter(|_| has_more).map(|row| InvitationCursor {
            at: Timestamp::from_millis(row.created_at),
            id: InvitationId(row.id),
        });
        let invitations = self.with_details(invitations(rows)?).await?;
        Ok(InvitationPage { invitations, next })
    }

    /// Adds the inviters, accounts and mails, with one query for each of the three.
    async fn with_details(
        &self,
        found: Vec<Invitation>,
    ) -> Result<Vec<ListedInvitation>, StoreError> {
        let connection = self.0.connection();
        let ids = found.iter().filter_map(|it| it.invited_by).map(uuid);
        let inviters = user::Entity::find().filter(user::Column::Id.is_in(ids));
        let inviters: Vec<User> =
            inviters.all(connection).await?.iter().map(users::user).collect::<Result<_, _>>()?;
        let emails = found.iter().map(|it| it.email.as_str());
        let accounts = user::Entity::find()
            .filter(user::Column::Email.is_in(emails))
            .filter(user::Column::ConfirmedAt.is_not_null())
            .all(connection)
            .await?;
        let ids = found.iter().map(|it| it.mail_id.0);
        let mails =
            mail::Entity::find().filter(mail::Column::Id.is_in(ids)).all(connection).await?;
        let listed = |it: Invitation| ListedInvitation {
            inviter: inviters.iter().find(|user| Some(user.id) == it.invited_by).cloned(),
            account: accounts
                .iter()
                .find(|row| row.email == it.email.as_str())
                .map(|row| UserId::from_bytes(row.id.into_bytes())),
            mail: mails.iter().find(|row| row.id == it.mail_id.0).map(mail_state),
            invitation: it,
        };
        Ok(found.into_iter().map(listed).collect())
    }

    /// Returns the invitations that the user sent, the newest first.
    pub async fn list_by_user(&self, user_id: UserId) -> Result<Vec<Invitation>, StoreError> {
        self.list_where(Column::InvitedBy.eq(uuid(user_id)).into()).await
    }

    /// Returns the invitation that made the account, and the one of this address, the newest first.
    pub async fn list_to_user(
        &self,
        user_id: UserId,
        confirmed: Option<&EmailAddress>,
    ) -> Result<Vec<Invitation>, StoreError> {
        let mut to_user = Condition::any().add(Column::UserId.eq(uuid(user_id)));
        if let Some(email) = confirmed {
            to_user = to_user.add(Column::Email.eq(email.as_str()));
        }
        self.list_where(to_user).await
    }

    async fn find_where(&self, which: Condition) -> Result<Option<Invitation>, StoreError> {
        let found = Entity::find().filter(which).one(self.0.connection()).await?;
        found.map(invitation).transpose()
    }

    async fn list_where(&self, which: Condition) -> Result<Vec<Invitation>, StoreError> {
        let found = Entity::find().filter(which).order_by_desc(Column::CreatedAt);
        invitations(found.all(self.0.connection()).await?)
    }
}

fn invitations(rows: Vec<Model>) -> Result<Vec<Invitation>, StoreError> {
    rows.into_iter().map(invitation).collect()
}

pub(crate) fn invitation(row: Model) -> Result<Invitation, StoreError> {
    let hash = <[u8; 32]>::try_from(row.token_hash);
    let user = |id: Uuid| UserId::from_bytes(id.into_bytes());
    Ok(Invitation {
        id: InvitationId(row.id),
        token_hash: TokenHash::from_bytes(hash.map_err(|_| StoreError::corrupt("an invitation"))?),
        email: email(&row.email)?,
        role: Role::from_database(&row.role),
        language: language(&row.language),
        invited_by: row.invited_by.map(user),
        note: row.note,
        mail_id: MailId(row.mail_id),
        created_at: Timestamp::from_millis(row.created_at),
        sent_at: Timestamp::from_millis(row.sent_at),
        expires_at: Timestamp::from_millis(row.expires_at),
        accepted_at: row.accepted_at.map(Timestamp::from_millis),
        user_id: row.user_id.map(user),
    })
}
