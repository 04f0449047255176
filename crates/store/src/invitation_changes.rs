//! Changes of invitations: a new one, another link, its acceptance and its end. Each is one statement
//! where two could come at once, so that a link makes one account.

use domain::{EmailAddress, Timestamp, TokenHash, UserId};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter,
    sea_query::{Expr, Query, ReturningClause},
};

use crate::{
    Invitation, InvitationId, Invitations, MailId, NewInvitationLink, StoreError,
    database::{Reads, WriteTx},
    entities::invitation::{ActiveModel, Column, Entity, Model},
    invitations::invitation,
    users::uuid,
};

impl Invitations<'_, WriteTx> {
    /// Adds an invitation, in place of one of the address that was accepted or has expired.
    ///
    /// Fails with [`Constraint::InvitedEmail`](crate::Constraint::InvitedEmail) if the address has
    /// an open one.
    pub async fn insert(&self, new: Invitation) -> Result<(), StoreError> {
        let is_over = Condition::any()
            .add(Column::AcceptedAt.is_not_null())
            .add(Column::ExpiresAt.lte(new.created_at.as_millis()));
        let over = Condition::all().add(Column::Email.eq(new.email.as_str())).add(is_over);
        Entity::delete_many().filter(over).exec(self.0.connection()).await?;
        let row = ActiveModel {
            id: Set(new.id.0),
            token_hash: Set(new.token_hash.as_bytes().to_vec()),
            email: Set(new.email.as_str().to_owned()),
            role: Set(new.role.as_str().to_owned()),
            language: Set(new.language.tag().to_owned()),
            invited_by: Set(new.invited_by.map(uuid)),
            note: Set(new.note),
            mail_id: Set(new.mail_id.0),
            created_at: Set(new.created_at.as_millis()),
            sent_at: Set(new.sent_at.as_millis()),
            expires_at: Set(new.expires_at.as_millis()),
            accepted_at: Set(new.accepted_at.map(Timestamp::as_millis)),
            user_id: Set(new.user_id.map(uuid)),
        };
        Ok(Entity::insert(row).exec_without_returning(self.0.connection()).await.map(drop)?)
    }

    /// Replaces the link of an invitation that is not accepted, and returns the mail before.
    /// Returns `None` if there is no such invitation.
    pub async fn renew(
        &self,
        id: InvitationId,
        link: &NewInvitationLink,
    ) -> Result<Option<MailId>, StoreError> {
        let Some(former) = self.find(id).await?.filter(|it| it.accepted_at.is_none()) else {
            return Ok(None);
        };
        let renewed = Entity::update_many()
            .col_expr(Column::TokenHash, Expr::value(link.token_hash.as_bytes().to_vec()))
            .col_expr(Column::InvitedBy, Expr::value(link.invited_by.map(uuid)))
            .col_expr(Column::MailId, Expr::value(link.mail_id.0))
            .col_expr(Column::SentAt, Expr::value(link.sent_at.as_millis()))
            .col_expr(Column::ExpiresAt, Expr::value(link.expires_at.as_millis()))
            .filter(Column::Id.eq(id.0))
            .filter(Column::MailId.eq(former.mail_id.0))
            .filter(Column::AcceptedAt.is_null())
            .exec(self.0.connection())
            .await?;
        Ok((renewed.rows_affected == 1).then_some(former.mail_id))
    }

    /// Accepts the invitation with this link and returns it. Returns `None` if it is unknown,
    /// accepted or expired. Of simultaneous attempts one succeeds.
    pub async fn accept(
        &self,
        token_hash: &TokenHash,
        now: Timestamp,
    ) -> Result<Option<Invitation>, StoreError> {
        let mut update = Query::update();
        update
            .table(Entity)
            .value(Column::AcceptedAt, now.as_millis())
            .and_where(Column::TokenHash.eq(token_hash.as_bytes().to_vec()))
            .and_where(Column::ExpiresAt.gt(now.as_millis()))
            .and_where(Column::AcceptedAt.is_null())
            .returning(ReturningClause::All);
        let row = self.0.connection().query_one(&update).await?;
        row.map(|row| invitation(Model::from_query_result(&row, "")?)).transpose()
    }

    /// Assigns an accepted invitation to the account that it has made.
    pub async fn assign(&self, id: InvitationId, user_id: UserId) -> Result<(), StoreError> {
        let assign = Entity::update_many().col_expr(Column::UserId, Expr::value(uuid(user_id)));
        let assign = assign.filter(Column::Id.eq(id.0));
        Ok(assign.exec(self.0.connection()).await.map(drop)?)
    }

    /// Deletes an invitation that is not accepted and returns it. Returns `None` if there is none.
    pub async fn delete_open(&self, id: InvitationId) -> Result<Option<Invitation>, StoreError> {
        let mut delete = Query::delete();
        delete
            .from_table(Entity)
            .and_where(Column::Id.eq(id.0))
            .and_where(Column::AcceptedAt.is_null())
            .returning(ReturningClause::All);
        let row = self.0.connection().query_one(&delete).await?;
        row.map(|row| invitation(Model::from_query_result(&row, "")?)).transpose()
    }

    /// Deletes the invitations of the user that are not accepted, and returns how many.
    pub async fn delete_open_by_user(&self, user_id: UserId) -> Result<u64, StoreError> {
        let open = Condition::all().add(Column::AcceptedAt.is_null());
        let by_user = open.add(Column::InvitedBy.eq(uuid(user_id)));
        let done = Entity::delete_many().filter(by_user).exec(self.0.connection()).await?;
        Ok(done.rows_affected)
    }

    /// Deletes the invitation of this address.
    pub async fn delete_of_address(&self, email: &EmailAddress) -> Result<(), StoreError> {
        let of_address = Entity::delete_many().filter(Column::Email.eq(email.as_str()));
        Ok(of_address.exec(self.0.connection()).await.map(drop)?)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::{Language, Role, Token, TokenPurpose};

    use super::*;
    use crate::{
        Constraint, Store,
        testing::{NOW, insert_user, migrate_down_below, stores},
    };

    const WEEK: Duration = Duration::from_hours(7 * 24);
    const MIGRATION: &str = "m20261129_000091_create_invitations";

    fn new(email: &str, invited_by: Option<UserId>) -> Invitation {
        Invitation {
            id: InvitationId::generate(),
            token_hash: Token::generate().hash(TokenPurpose::Invitation),
            email: EmailAddress::parse(email).unwrap(),
            role: Role::named("editor"),
            language: Language::German,
            invited_by,
            note: Some("joins us".to_owned()),
            mail_id: MailId::generate(),
            created_at: NOW,
            sent_at: NOW,
            expires_at: NOW + WEEK,
            accepted_at: None,
            user_id: None,
        }
    }

    async fn keep(store: &Store, new: &Invitation) -> Result<(), StoreError> {
        let tx = store.begin().await.unwrap();
        tx.invitations().insert(new.clone()).await?;
        tx.commit().await
    }

    async fn accept(store: &Store, hash: TokenHash, now: Timestamp) -> Option<Invitation> {
        let tx = store.begin().await.unwrap();
        let accepted = tx.invitations().accept(&hash, now).await.unwrap();
        tx.commit().await.unwrap();
        accepted
    }

    /// INV-02, RAC-01.
    #[tokio::test]
    async fn of_many_uses_of_an_invitation_at_once_one_succeeds() {
        for test in stores().await {
            let store = &test.store;
            let one = new("mia@example.org", None);
            keep(store, &one).await.unwrap();
            assert_eq!(accept(store, one.token_hash, one.expires_at).await, None, "too late");

            let uses = (0..12).map(|_| {
                let store = store.clone();
                tokio::spawn(async move { accept(&store, one.token_hash, NOW).await })
            });
            let mut winners = 0;
            for one_use in uses.collect::<Vec<_>>() {
                winners += usize::from(one_use.await.unwrap().is_some());
            }
            assert_eq!(winners, 1);
            let found = store.invitations().find_by_token(&one.token_hash, NOW).await.unwrap();
            assert_eq!(found.unwrap().accepted_at, Some(NOW));
        }
    }

    /// INV-03: also of two admins at once.
    #[tokio::test]
    async fn an_address_has_one_open_invitation() {
        for test in stores().await {
            let store = &test.store;
            let one = new("mia@example.org", None);
            keep(store, &one).await.unwrap();
            let again = keep(store, &new("mia@example.org", None)).await.unwrap_err();
            assert!(matches!(again, StoreError::Conflict(Constraint::InvitedEmail)), "{again:?}");

            let later = Invitation { created_at: one.expires_at, ..new("mia@example.org", None) };
            keep(store, &later).await.unwrap();
            accept(store, later.token_hash, NOW).await.unwrap();
            keep(store, &new("mia@example.org", None)).await.unwrap();

            let open = store.invitations().list(None, 9).await.unwrap().invitations;
            assert_eq!(open.len(), 1);
        }
    }

    #[tokio::test]
    async fn another_link_replaces_the_one_before_and_a_revoked_invitation_is_gone() {
        for test in stores().await {
            let store = &test.store;
            let one = new("mia@example.org", None);
            keep(store, &one).await.unwrap();
            let link = NewInvitationLink {
                token_hash: Token::generate().hash(TokenPurpose::Invitation),
                invited_by: None,
                mail_id: MailId::generate(),
                sent_at: NOW + WEEK,
                expires_at: NOW + WEEK * 2,
            };
            let tx = store.begin().await.unwrap();
            let former = tx.invitations().renew(one.id, &link).await.unwrap();
            assert_eq!(former, Some(one.mail_id));
            tx.commit().await.unwrap();
            assert_eq!(accept(store, one.token_hash, NOW).await, None);

            let tx = store.begin().await.unwrap();
            let gone = tx.invitations().delete_open(one.id).await.unwrap().unwrap();
            assert_eq!((gone.mail_id, gone.email), (link.mail_id, one.email));
            assert_eq!(tx.invitations().renew(one.id, &link).await.unwrap(), None);
            tx.commit().await.unwrap();
            assert_eq!(accept(store, link.token_hash, NOW).await, None);
        }
    }

    /// INV-05: rows go with the inviter and with the account that they made.
    #[tokio::test]
    async fn an_invitation_goes_with_its_inviter_and_with_its_account() {
        for test in stores().await {
            let store = &test.store;
            let ada = insert_user(store, "ada@example.org", Role::ADMIN).await;
            let mia = insert_user(store, "mia@example.org", Role::USER).await;
            let (open, made) = (new("leo@example.org", Some(ada)), new("mia@example.org", None));
            for one in [&open, &made] {
                keep(store, one).await.unwrap();
            }
            accept(store, made.token_hash, NOW).await.unwrap();
            let tx = store.begin().await.unwrap();
            tx.invitations().assign(made.id, mia).await.unwrap();
            tx.commit().await.unwrap();
            let invitations = store.invitations();
            assert_eq!(invitations.list_by_user(ada).await.unwrap(), [open]);
            assert_eq!(invitations.list_to_user(mia, None).await.unwrap().len(), 1);

            let tx = store.begin().await.unwrap();
            for user in [ada, mia] {
                tx.users().delete(user).await.unwrap();
            }
            tx.commit().await.unwrap();

            assert!(invitations.list(None, 9).await.unwrap().invitations.is_empty());
        }
    }

    #[tokio::test]
    async fn invitations_are_paged_and_the_schema_goes_down_and_up() {
        for test in stores().await {
            let store = &test.store;
            for n in 0..5 {
                keep(store, &new(&format!("goose{n}@example.org"), None)).await.unwrap();
            }
            let (mut seen, mut after) = (Vec::new(), None);
            loop {
                let page = store.invitations().list(after, 2).await.unwrap();
                let emails =
                    page.invitations.into_iter().map(|one| one.invitation.email.to_string());
                seen.extend(emails);
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            seen.sort();
            seen.dedup();
            assert_eq!(seen.len(), 5);

            migrate_down_below(store, MIGRATION).await;
            store.migrate_up().await.unwrap();
            assert!(store.invitations().list(None, 9).await.unwrap().invitations.is_empty());
        }
    }
}
