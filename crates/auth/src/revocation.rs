//! The one table of the sessions and links that a change of an account revokes.
//!
//! [`RevocationPlan`] has a field for each kind of thing that opens or changes an account without
//! its password, and each [`RevocationReason`] fills in every one, so that a new kind or a new cause
//! cannot be forgotten. Not among them are the links that go back to an earlier address,
//! which end with a new role alone ([`store::Users::set_role`]); invitations that the account has
//! sent, which make other accounts and which a compromise report withdraws; forms that wait, which
//! open nothing without a session; and browsers that are known, which go with the hash of
//! the password ([`store::Users::set_password_hash`]).

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

impl RevocationReason {
    const fn plan(self) -> RevocationPlan {
        match self {
            // The browser that signed up may belong to the person who is being locked out, and
            // could move the account to another address.
            Self::PasswordReplaced | Self::Disabled => RevocationPlan {
                sessions: Some(SessionEnding::All),
                reset_link: LinkOutcome::Revoked,
                notice_links: LinkOutcome::Revoked,
                new_address: LinkOutcome::Revoked,
                sign_up_proof: ProofOutcome::Revoked,
            },
            // The person may be a thief, so the links that the owner was mailed stay valid.
            Self::PasswordChanged(own) => RevocationPlan {
                sessions: Some(SessionEnding::AllBut(own)),
                reset_link: LinkOutcome::Revoked,
                notice_links: LinkOutcome::Kept,
                new_address: LinkOutcome::Revoked,
                sign_up_proof: ProofOutcome::Unbound,
            },
            Self::EmailChanged(own) => RevocationPlan {
                sessions: Some(match own {
                    Some(own) => SessionEnding::AllBut(own),
                    None => SessionEnding::All,
                }),
                reset_link: LinkOutcome::Revoked,
                notice_links: LinkOutcome::Kept,
                // It is the one that was followed, and there is no other.
                new_address: LinkOutcome::Kept,
                sign_up_proof: ProofOutcome::Kept,
            },
            // The reset link went to the owner of the mistyped address.
            Self::AddressCorrected => RevocationPlan {
                sessions: None,
                reset_link: LinkOutcome::Revoked,
                notice_links: LinkOutcome::Kept,
                new_address: LinkOutcome::Kept,
                // The next proof takes its place.
                sign_up_proof: ProofOutcome::Kept,
            },
            Self::DeletionRequested => RevocationPlan {
                sessions: Some(SessionEnding::All),
                reset_link: LinkOutcome::Revoked,
                notice_links: LinkOutcome::Kept,
                new_address: LinkOutcome::Revoked,
                sign_up_proof: ProofOutcome::Revoked,
            },
        }
    }
}

/// Revokes what the reason demands, when `tx` commits. The caller has locked the user.
pub(crate) async fn revoke(
    tx: &WriteTx,
    user_id: UserId,
    cause: RevocationReason,
) -> Result<(), StoreError> {
    let RevocationPlan { sessions, reset_link, notice_links, new_address, sign_up_proof } =
        cause.plan();
    if let Some(ending) = sessions {
        tx.sessions().delete_of_user(user_id, ending).await?;
    }
    if reset_link == LinkOutcome::Revoked {
        tx.tokens().delete_of_user(user_id).await?;
    }
    if notice_links == LinkOutcome::Revoked {
        tx.notice_links().delete_of_user(user_id).await?;
    }
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
