//! The actions of admins on the accounts of others. The caller has checked
//! [`domain::Permission::MANAGE_USERS`]; the route table asks for it.

use domain::{Principal, Role, SecurityEvent, UserId};
use store::{RoleChange, UserCursor, UserPage};

use crate::{
    Client, Fault,
    services::Administration,
    timeline::{Origin, record},
};

/// Users on one page of the list.
const PAGE_SIZE: u64 = 50;
/// Longest search that is looked for, in characters.
const MAX_SEARCH: usize = 100;

/// Which users to list.
#[derive(Clone, Debug, Default)]
pub struct ListUsers {
    /// Part of a name or an address, in whatever case and composition; empty means all.
    pub search: String,
    /// Where the page begins; the newest user by default.
    pub after: Option<UserCursor>,
}

/// Why a role stays as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeRoleError {
    /// There is no such user.
    #[error("there is no such user")]
    NoSuchUser,
    /// The last active admin must stay.
    #[error("the last admin stays one")]
    LastAdmin,
    /// The address is unproven, and the role is not `user`.
    #[error("the address is not confirmed")]
    Unconfirmed,
    /// Anything that is no fault of the visitor's.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Administration<'_> {
    /// Up to 50 users, the newest first.
    pub async fn list_users(self, list: &ListUsers) -> Result<UserPage, Fault> {
        let search: String = list.search.chars().take(MAX_SEARCH).collect();
        Ok(self.0.store.users().list(&search, list.after, PAGE_SIZE).await?)
    }

    /// The part of the list that is this user.
    pub async fn list_user(self, user_id: UserId) -> Result<UserPage, Fault> {
        let user = self.0.store.users().find(user_id).await?;
        Ok(UserPage { users: user.into_iter().collect(), next: None })
    }

    /// Gives a user another role, from the user's next request on. An account with an unproven
    /// address gets no role but `user` (pre-hijacking, REG-12).
    pub async fn change_role(
        self,
        principal: &Principal,
        user_id: UserId,
        role: Role,
        client: &Client,
    ) -> Result<(), ChangeRoleError> {
        let actor = principal.user_id;
        match self.set_role(principal, user_id, &role, client).await? {
            RoleChange::NoSuchUser => Err(ChangeRoleError::NoSuchUser),
            RoleChange::LastAdmin => Err(ChangeRoleError::LastAdmin),
            RoleChange::Unconfirmed => {
                tracing::info!(
                    %actor,
                    target_user = %user_id,
                    "no admin without a confirmed address"
                );
                Err(ChangeRoleError::Unconfirmed)
            }
            RoleChange::Unchanged => Ok(()),
            RoleChange::Changed(old) => {
                tracing::info!(%actor, target_user = %user_id, %old, new = %role, "role changed");
                Ok(())
            }
        }
    }

    async fn set_role(
        self,
        principal: &Principal,
        user_id: UserId,
        role: &Role,
        client: &Client,
    ) -> Result<RoleChange, Fault> {
        let tx = self.0.store.begin().await?;
        let change = tx.users().set_role(user_id, role).await?;
        if let RoleChange::Changed(former) = &change {
            let (event, now) = (SecurityEvent::of_new_role(former, role), self.0.clock.now());
            record(&tx, user_id, event, Origin::admin(principal, client), now).await?;
        }
        tx.commit().await?;
        Ok(change)
    }
}
