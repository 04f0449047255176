//! The first admin: made by the operator and never by the program itself.

use std::time::Duration;

use domain::{DisplayName, EmailAddress, Password, Role, Token, User, UserId};
use store::{Constraint, NewUser, StoreError};

use crate::{
    Accounts, Fault,
    mail::messages,
    password::{PasswordHash, PasswordProblem},
    password_reset::new_token,
};

/// How long an invitation to set a password is good for.
const INVITE_LIFETIME: Duration = Duration::from_hours(24);
/// Stands for a hash that no password matches.
const NO_PASSWORD: &str = "!";

/// An admin to be made.
#[derive(Clone, Debug)]
pub struct SeedAdmin {
    /// The admin's address.
    pub email: EmailAddress,
    /// What to call the admin.
    pub name: DisplayName,
    /// How the admin comes to a password.
    pub secret: AdminSecret,
    /// Whether an account that exists may become an admin's.
    pub promote: bool,
}

/// How an admin comes to a password.
#[derive(Clone, Debug)]
pub enum AdminSecret {
    /// The operator knows it.
    Password(Password),
    /// The admin sets it, by a link that is mailed.
    Invite,
}

/// What stands after seeding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seeded {
    /// A new admin.
    Created,
    /// A new admin, and a mail in the outbox.
    Invited,
    /// An account that was there before, as an admin now.
    Promoted,
    /// Everything as it was.
    AlreadyAdmin,
}

/// Why there is no such admin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SeedAdminError {
    /// The address has an account without the role, and promoting was not asked for.
    #[error("the address has an account that is no admin")]
    NotPromoted,
    /// The password is not good enough.
    #[error("the password is refused")]
    Password(PasswordProblem),
    /// Anything that is no fault of the operator's.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Accounts {
    /// The account with this address and whether it is an admin's.
    pub async fn find_user(&self, email: &EmailAddress) -> Result<Option<User>, Fault> {
        Ok(self.0.store.users().find_by_email(email).await?.map(|(user, _)| user))
    }

    /// Makes sure that there is such an admin. Seeding twice, or twice at once,
    /// makes one.
    pub async fn seed_admin(&self, seed: SeedAdmin) -> Result<Seeded, SeedAdminError> {
        if let Some(user) = self.find_user(&seed.email).await? {
            return self.promote(&user, seed.promote).await;
        }
        let hash = self.hash_admin_secret(&seed).await?;
        match self.insert_admin(&seed, hash).await {
            Ok(seeded) => Ok(seeded),
            Err(StoreError::Conflict(Constraint::UserEmail)) => {
                match self.find_user(&seed.email).await? {
                    Some(user) => self.promote(&user, seed.promote).await,
                    None => Err(SeedAdminError::Fault(Fault::Internal)),
                }
            }
            Err(other) => Err(SeedAdminError::Fault(other.into())),
        }
    }

    async fn promote(&self, user: &User, promote: bool) -> Result<Seeded, SeedAdminError> {
        match (user.role, promote) {
            (Role::Admin, _) => Ok(Seeded::AlreadyAdmin),
            (Role::User, false) => Err(SeedAdminError::NotPromoted),
            (Role::User, true) => {
                self.set_role(user.id, Role::Admin).await?;
                tracing::info!(target_user = %user.id, "promoted to admin by the operator");
                Ok(Seeded::Promoted)
            }
        }
    }

    async fn hash_admin_secret(
        &self,
        seed: &SeedAdmin,
    ) -> Result<Option<PasswordHash>, SeedAdminError> {
        let AdminSecret::Password(password) = &seed.secret else { return Ok(None) };
        self.0.policy.check(password, &seed.email, &seed.name).map_err(SeedAdminError::Password)?;
        Ok(Some(self.0.hasher.hash(password).await.map_err(Fault::from)?))
    }

    async fn insert_admin(
        &self,
        seed: &SeedAdmin,
        hash: Option<PasswordHash>,
    ) -> Result<Seeded, StoreError> {
        let now = self.0.clock.now();
        let user = User {
            id: UserId::generate(),
            email: seed.email.clone(),
            name: seed.name.clone(),
            role: Role::Admin,
            created_at: now,
        };
        let invited = hash.is_none();
        let tx = self.0.store.begin().await?;
        tx.users().insert(&new_user(&user, hash), now).await?;
        if invited {
            let token = Token::generate();
            tx.tokens().insert(&new_token(&token, user.id, now + INVITE_LIFETIME), now).await?;
            let mail =
                messages::invitation(&self.0.public_url, &user, &token, INVITE_LIFETIME, now);
            tx.outbox().insert(mail, now).await?;
        }
        tx.commit().await?;
        tracing::info!(user_id = %user.id, "admin made by the operator");
        Ok(if invited { Seeded::Invited } else { Seeded::Created })
    }
}

fn new_user(user: &User, hash: Option<PasswordHash>) -> NewUser {
    NewUser {
        id: user.id,
        email: user.email.clone(),
        name: user.name.clone(),
        password_hash: hash.map_or_else(|| NO_PASSWORD.to_owned(), PasswordHash::into_string),
        role: user.role,
    }
}
