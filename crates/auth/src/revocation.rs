//! The one table of the sessions, links and pending log-ins that a change of an account revokes.
//!
//! [`RevocationPlan`] has a field for each kind of thing that opens or changes an account without
//! its password. Each [`RevocationReason`] names what it keeps, and ends everything else, so that a
//! new kind or a new reason cannot be forgotten. Every reason ends a reset of lost factors.
//!
//! Not in the table:
//! - links that go back to an earlier address: only a new role ends them
//!   ([`store::Users::set_role`], which ends a pending log-in, too);
//! - invitations that the account has sent: they make other accounts, and a compromise report
//!   withdraws them;
//! - saved submissions: without a session they open nothing;
//! - known browsers: they end with the hash of the password
//!   ([`store::Users::set_password_hash`]).

use domain::{SessionKey, UserId};
use store::{ProofPurpose, SessionEnding, StoreError, WriteTx};

/// The change of the account.
#[derive(Clone, Copy, Debug)]
pub(crate) enum RevocationReason {
    /// The password was replaced without knowledge of the old one, or made unusable.
    PasswordReplaced,
    /// The password was changed in this session with knowledge of the old one.
    PasswordChanged(SessionKey),
    /// It has got another address, confirmed in this session if in one of its own.
    EmailChanged(Option<SessionKey>),
    /// The address was mistyped and is corrected before it was proven.
    AddressCorrected,
    /// It is to be deleted.
    DeletionRequested,
    /// The account is disabled.
    Disabled,
    /// A second factor was added. Other sessions than this one end, if the owner wanted that.
    FactorAdded(Option<SessionKey>),
    /// A second factor was removed in this session.
    FactorRemoved(SessionKey),
    /// All second factors were removed, without a proof of one.
    FactorsReset,
}

/// The effect on each kind of session and link.
struct RevocationPlan {
    sessions: Option<SessionEnding>,
    reset_link: LinkOutcome,
    /// The links that say "this wasn't me".
    notice_links: LinkOutcome,
    /// The link that gives the account another address.
    new_address: LinkOutcome,
    sign_up_proof: ProofOutcome,
    /// The right passwords that wait for a second factor.
    pending_log_in: LinkOutcome,
    /// The browsers in which a log-in asks for no second factor.
    remembered_browsers: LinkOutcome,
}

/// The effect on links.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LinkOutcome {
    Kept,
    Revoked,
}

/// The effect on the link and the code that prove the address of a sign-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ProofOutcome {
    Kept,
    Revoked,
    /// The link and the code stay valid for a logged-in user; the browser that asked is no longer
    /// trusted.
    Unbound,
}

/// Nothing is left: a kind that no reason names ends with every one of them.
const EVERYTHING: RevocationPlan = RevocationPlan {
    sessions: Some(SessionEnding::All),
    reset_link: LinkOutcome::Revoked,
    notice_links: LinkOutcome::Revoked,
    new_address: LinkOutcome::Revoked,
    sign_up_proof: ProofOutcome::Revoked,
    pending_log_in: LinkOutcome::Revoked,
    remembered_browsers: LinkOutcome::Revoked,
};

/// As [`EVERYTHING`], by a person who may be a thief: the links that the owner was mailed stay
/// valid.
const ALL_BUT_NOTICES: RevocationPlan =
    RevocationPlan { notice_links: LinkOutcome::Kept, ..EVERYTHING };

impl RevocationReason {
    const fn plan(self) -> RevocationPlan {
        match self {
            // The browser that signed up may belong to the person who is being locked out, and
            // could move the account to another address.
            Self::PasswordReplaced | Self::Disabled => EVERYTHING,
            Self::PasswordChanged(own) => RevocationPlan {
                sessions: Some(SessionEnding::AllBut(own)),
                sign_up_proof: ProofOutcome::Unbound,
                ..ALL_BUT_NOTICES
            },
            Self::EmailChanged(own) => RevocationPlan {
                sessions: Some(all_but(own)),
                // It is the one that was followed, and there is no other.
                new_address: LinkOutcome::Kept,
                sign_up_proof: ProofOutcome::Kept,
                ..ALL_BUT_NOTICES
            },
            // The reset link went to the owner of the mistyped address.
            Self::AddressCorrected => RevocationPlan {
                sessions: None,
                new_address: LinkOutcome::Kept,
                // The next proof takes its place.
                sign_up_proof: ProofOutcome::Kept,
                ..ALL_BUT_NOTICES
            },
            Self::DeletionRequested => ALL_BUT_NOTICES,
            Self::FactorAdded(own) => RevocationPlan {
                sessions: match own {
                    Some(own) => Some(SessionEnding::AllBut(own)),
                    None => None,
                },
                // A new password does not get around the factor.
                reset_link: LinkOutcome::Kept,
                sign_up_proof: ProofOutcome::Kept,
                ..ALL_BUT_NOTICES
            },
            Self::FactorRemoved(own) => RevocationPlan {
                sessions: Some(SessionEnding::AllBut(own)),
                sign_up_proof: ProofOutcome::Kept,
                ..ALL_BUT_NOTICES
            },
            Self::FactorsReset => {
                RevocationPlan { sign_up_proof: ProofOutcome::Kept, ..ALL_BUT_NOTICES }
            }
        }
    }
}

/// Every session but this one, if it is one of the account's own.
const fn all_but(own: Option<SessionKey>) -> SessionEnding {
    match own {
        Some(own) => SessionEnding::AllBut(own),
        None => SessionEnding::All,
    }
}

/// Revokes what the reason demands, when `tx` commits. The caller has locked the user.
pub(crate) async fn revoke(
    tx: &WriteTx,
    user_id: UserId,
    cause: RevocationReason,
) -> Result<(), StoreError> {
    let plan = cause.plan();
    let RevocationPlan { sessions, reset_link, notice_links, new_address, .. } = plan;
    let RevocationPlan { sign_up_proof, pending_log_in, remembered_browsers, .. } = plan;
    if let Some(ending) = sessions {
        tx.sessions().delete_of_user(user_id, ending).await?;
    }
    if reset_link == LinkOutcome::Revoked {
        tx.tokens().delete_of_user(user_id).await?;
    }
    if notice_links == LinkOutcome::Revoked {
        tx.notice_links().delete_of_user(user_id).await?;
    }
    if pending_log_in == LinkOutcome::Revoked {
        tx.pending_log_ins().delete_of_user(user_id).await?;
    }
    if remembered_browsers == LinkOutcome::Revoked {
        tx.remembered_browsers().delete_of_user(user_id).await?;
    }
    // The wait after which lost factors are removed was asked for by the person who had the password
    // before the change.
    tx.users().end_factor_reset(user_id).await?;
    let proofs = tx.address_proofs();
    if new_address == LinkOutcome::Revoked {
        proofs.delete_of_user(user_id, ProofPurpose::EmailChange).await?;
    }
    match sign_up_proof {
        ProofOutcome::Kept => {}
        ProofOutcome::Revoked => drop(proofs.delete_of_user(user_id, ProofPurpose::SignUp).await?),
        ProofOutcome::Unbound => proofs.unbind(user_id).await?,
    }
    Ok(())
}
