//! The first admin: made by the operator and never by the program itself.
//!
//! A stranger may have signed up with the address of the future admin (pre-hijacking). A password
//! that comes with the promotion ends everything that the stranger has set.

use std::time::Duration;

use domain::{DisplayName, EmailAddress, Language, Password, Role, SecurityEvent, User, UserId};
use store::{Constraint, NewUser, RoleChange, StoreError, WriteTx};

use crate::{
    Fault,
    address_proof::confirm,
    fault::ending_in_fault,
    mail::messages,
    password::{PasswordHash, PasswordProblem},
    password_reset::replace_password,
    services::Administration,
    timeline::{Origin, record},
};

/// How long an invitation to set a password is good for.
const INVITE_LIFETIME: Duration = Duration::from_hours(24);

/// An admin to be made.
#[derive(Clone, Debug)]
pub struct SeedAdmin {
    /// The admin's address.
    pub email: EmailAddress,
    /// The display name of the admin.
    pub name: DisplayName,
    /// The source of the admin's password.
    pub secret: AdminSecret,
    /// Whether an account that exists may become an admin's.
    pub promote: bool,
}

/// The source of an admin's password.
#[derive(Clone, Debug)]
pub enum AdminSecret {
    /// The operator knows it.
    Password(Password),
    /// The admin sets it, by a link that is mailed.
    Invite,
    /// The account keeps its password.
    Kept,
}

/// The result of seeding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seeded {
    /// A new admin.
    Created,
    /// An admin without a password or a session, and a mail in the outbox.
    Invited,
    /// An account that was there before, as an admin now, with all that it had.
    Promoted,
    /// An account that was there before, as an admin now, with the new password and
    /// without the sessions and links that it had.
    PromotedWithNewPassword,
    /// Everything as it was.
    AlreadyAdmin,
}

/// Why there is no such admin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SeedAdminError {
    /// The address has an account without the role, and promoting was not asked for.
    #[error("the address has an account that is no admin")]
    NotPromoted,
    /// The address has no account, so there is no password to keep.
    #[error("the address has no account")]
    NoAccount,
    /// The account is disabled: no log-in succeeds, and no link for it works.
    #[error("the account is disabled")]
    Disabled,
    /// An account that had the address lately can still go back to it.
    #[error("the address is reserved")]
    Reserved,
    /// The password is not good enough.
    #[error("the password is refused")]
    Password(PasswordProblem),
    /// Anything that is no fault of the operator's.
    #[error(transparent)]
    Fault(#[from] Fault),
}

ending_in_fault!(SeedAdminError);

impl Administration<'_> {
    /// The account with this address.
    pub async fn find_user(self, email: &EmailAddress) -> Result<Option<User>, Fault> {
        self.0.find_user(email).await
    }

    /// Makes sure that there is such an admin. Seeding twice, or twice at once,
    /// makes one, and changes nothing of an account that is an admin's already.
    pub async fn seed_admin(self, seed: SeedAdmin) -> Result<Seeded, SeedAdminError> {
        if let Some(user) = self.find_user(&seed.email).await? {
            return self.promote(&user, &seed).await;
        }
        let user = self.new_admin(&seed);
        let Some(hash) = self.hash_admin_secret(&seed.secret, &user).await? else {
            return Err(SeedAdminError::NoAccount);
        };
        match self.insert_admin(&user, &seed.secret, &hash).await {
            Ok(seeded) => Ok(seeded),
            Err(StoreError::Conflict(Constraint::UserEmail)) => {
                match self.find_user(&seed.email).await? {
                    Some(user) => self.promote(&user, &seed).await,
                    None => Err(self.why_taken(&seed.email).await?),
                }
            }
            Err(other) => Err(other.into()),
        }
    }

    /// Why an address without an account could not be had.
    async fn why_taken(self, email: &EmailAddress) -> Result<SeedAdminError, Fault> {
        let changes = self.0.store.email_changes();
        let reserver = changes.find_reserver(email, self.0.clock.now()).await?;
        Ok(reserver.map_or(SeedAdminError::Fault(Fault::Internal), |_| SeedAdminError::Reserved))
    }

    async fn promote(self, user: &User, seed: &SeedAdmin) -> Result<Seeded, SeedAdminError> {
        match (user.role.is_admin(), seed.promote) {
            (true, _) => return Ok(Seeded::AlreadyAdmin),
            (false, false) => return Err(SeedAdminError::NotPromoted),
            (false, true) => {}
        }
        let hash = self.hash_admin_secret(&seed.secret, user).await?;
        match self.promote_with(user, &seed.secret, hash.as_ref()).await? {
            RoleChange::Changed(_) => {}
            RoleChange::Unchanged => return Ok(Seeded::AlreadyAdmin),
            RoleChange::LastAdmin | RoleChange::Unconfirmed | RoleChange::NoSuchUser => {
                return Err(SeedAdminError::NoAccount);
            }
        }
        tracing::info!(target_user = %user.id, "promoted to admin by the operator");
        Ok(match seed.secret {
            AdminSecret::Password(_) => Seeded::PromotedWithNewPassword,
            AdminSecret::Invite => Seeded::Invited,
            AdminSecret::Kept => Seeded::Promoted,
        })
    }

    /// One transaction: at no moment is there an admin with a password that another person chose.
    async fn promote_with(
        self,
        user: &User,
        secret: &AdminSecret,
        hash: Option<&PasswordHash>,
    ) -> Result<RoleChange, SeedAdminError> {
        let tx = self.0.store.begin().await?;
        let change = tx.users().promote(user.id).await?;
        match tx.users().find(user.id).await? {
            // The account has reverted to another address meanwhile and must not be promoted.
            Some(current) if current.email != user.email => return Ok(RoleChange::NoSuchUser),
            Some(User { disabled_at: Some(_), .. }) if matches!(change, RoleChange::Changed(_)) => {
                return Err(SeedAdminError::Disabled);
            }
            _ => {}
        }
        if let (RoleChange::Changed(_), Some(hash)) = (&change, hash) {
            replace_password(&tx, user.id, hash).await?;
            self.queue_admin_mail(&tx, user, secret).await?;
        }
        if let RoleChange::Changed(_) = change {
            let (event, now) = (SecurityEvent::BecameAdmin, self.0.clock.now());
            // The operator vouches for the address.
            confirm(&tx, user.id, Origin::OPERATOR, now).await?;
            record(&tx, user.id, event, Origin::OPERATOR, now).await?;
        }
        tx.commit().await?;
        Ok(change)
    }

    /// The hash to be set, `None` where the one that is there stays.
    async fn hash_admin_secret(
        self,
        secret: &AdminSecret,
        user: &User,
    ) -> Result<Option<PasswordHash>, SeedAdminError> {
        match secret {
            AdminSecret::Password(password) => {
                let owner = Some((&user.email, &user.name));
                let judged = self.0.judge.judge(password, owner).await.map_err(Fault::from)?;
                judged.map_err(SeedAdminError::Password)?;
                Ok(Some(self.0.hasher.hash(password).await.map_err(Fault::from)?))
            }
            AdminSecret::Invite => Ok(Some(PasswordHash::unusable())),
            AdminSecret::Kept => Ok(None),
        }
    }

    fn new_admin(self, seed: &SeedAdmin) -> User {
        User {
            id: UserId::generate(),
            email: seed.email.clone(),
            name: seed.name.clone(),
            role: Role::ADMIN,
            language: Language::default(),
            created_at: self.0.clock.now(),
            confirmed_at: Some(self.0.clock.now()),
            disabled_at: None,
            delete_after: None,
            last_seen_at: None,
            second_factor_since: None,
            factor_reset_at: None,
            device_generation: 0,
        }
    }

    async fn insert_admin(
        self,
        user: &User,
        secret: &AdminSecret,
        hash: &PasswordHash,
    ) -> Result<Seeded, StoreError> {
        let new = NewUser {
            id: user.id,
            email: user.email.clone(),
            name: user.name.clone(),
            password_hash: hash.as_str().to_owned(),
            role: user.role.clone(),
            language: user.language,
            confirmed_at: user.confirmed_at,
        };
        let invited = matches!(secret, AdminSecret::Invite);
        let tx = self.0.store.begin().await?;
        tx.users().insert(&new, user.created_at).await?;
        for event in [SecurityEvent::SignedUp, SecurityEvent::BecameAdmin] {
            record(&tx, user.id, event, Origin::OPERATOR, user.created_at).await?;
        }
        if invited {
            self.queue_invitation(&tx, user).await?;
        }
        tx.commit().await?;
        tracing::info!(user_id = %user.id, "admin made by the operator");
        Ok(if invited { Seeded::Invited } else { Seeded::Created })
    }

    /// Mails the owner of the address about the password.
    async fn queue_admin_mail(
        self,
        tx: &WriteTx,
        user: &User,
        secret: &AdminSecret,
    ) -> Result<(), StoreError> {
        match secret {
            AdminSecret::Password(_) => {
                let now = self.0.clock.now();
                let of = self.0.notice_with_link(tx, user, now).await?;
                self.0.queue_password_notice(tx, user, &of, now).await
            }
            AdminSecret::Invite => self.queue_invitation(tx, user).await,
            AdminSecret::Kept => Ok(()),
        }
    }

    async fn queue_invitation(self, tx: &WriteTx, user: &User) -> Result<(), StoreError> {
        let now = self.0.clock.now();
        let of = self.0.envelope(INVITE_LIFETIME, now);
        self.0.insert_reset_token(tx, user.id, &of, now).await?;
        tx.outbox().insert(messages::invitation(&of, user), now).await.map(drop)
    }
}
