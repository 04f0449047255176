//! What follows a right password: a session or, if the account has a second factor, a pending log-in
//! that waits for it. A remembered browser stands for the factor.

use domain::User;

use crate::{
    Client, Fault,
    context::Context,
    credentials::Proven,
    device::KnownDevice,
    pending_log_in::PendingCookie,
    remembered_browser::RememberedCookie,
    session_start::{LoggedIn, SessionStart},
    tries::CountedTry,
    ways_in::WayIn,
};

/// What a visitor with the right password wants.
pub(crate) struct LogInWish {
    pub(crate) way: WayIn,
    pub(crate) remember: bool,
    pub(crate) next_path: Option<String>,
    pub(crate) device: Option<KnownDevice>,
    pub(crate) remembered: Option<RememberedCookie>,
}

/// What came of a right password.
pub(crate) enum Begun {
    Session(Box<LoggedIn>),
    /// The account has a second factor, which has to follow.
    Pending(PendingCookie),
    /// The password has changed since it was checked, or the account is gone.
    Outdated,
}

impl Context {
    /// Begins a session of the owner whom the password has proven, or a pending log-in that waits
    /// for the second factor. Neither takes anything over from an earlier session.
    pub(crate) async fn begin_session(
        &self,
        (proven, counted_try): (Proven, CountedTry),
        wish: LogInWish,
        client: &Client,
    ) -> Result<Begun, Fault> {
        let LogInWish { way, remember, next_path, device, remembered } = wish;
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        // If the hash has changed since the check, the given password is no longer right.
        let current = tx.users().lock_credentials(proven.user.id).await?;
        let current = current.filter(|(_, hash)| hash == proven.hash.as_str());
        let Some((locked, _)) = current else { return Ok(Begun::Outdated) };
        // After the account, as where an operator clears its counts: else two wait for each other.
        counted_try.give_back_in(&tx).await?;
        // The address of a link that was just followed may be proven in this very log-in.
        let User { second_factor_since, factor_reset_at, .. } = locked;
        let user = User { second_factor_since, factor_reset_at, ..proven.user };
        let way = match &remembered {
            _ if user.second_factor_since.is_none() => way,
            Some(cookie) if self.is_remembered(&tx, cookie, &user, now).await? => {
                WayIn::RememberedBrowser
            }
            _ => {
                let pending = self.begin_pending(&tx, &user, (remember, next_path), now).await?;
                tx.commit().await?;
                counted_try.end();
                return Ok(Begun::Pending(pending));
            }
        };
        let start = SessionStart { way, remember, device };
        let begun = self.begin_session_in(&tx, user, start, client).await?;
        let Some((logged_in, is_told)) = begun else { return Ok(Begun::Outdated) };
        tx.commit().await?;
        counted_try.end();
        if is_told {
            self.outbox.wake();
        }
        Ok(Begun::Session(Box::new(logged_in)))
    }
}
