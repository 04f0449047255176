//! Every kind of mail there is. A letter is of a kind, and its subject is that of the
//! kind, so that no mail can be written that is not in this list.

use domain::Language;

use super::texts::Texts;

/// Names each kind after its texts.
macro_rules! mail_kinds {
    ($($(#[$doc:meta])* $kind:ident: $texts:ident,)+) => {
        /// The subject of a mail.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum MailKind {
            $($(#[$doc])* $kind,)+
        }

        impl MailKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$kind,)+];

            /// The subject of such mails, which no other kind has.
            pub const fn subject(self, language: Language) -> &'static str {
                let texts = Texts::of(language);
                match self {
                    $(Self::$kind => texts.$texts.subject,)+
                }
            }

            /// The name of the kind in the log.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => stringify!($texts),)+
                }
            }
        }
    };
}

mail_kinds! {
    /// The link by which a password is set.
    PasswordReset: password_reset,
    /// The answer to a reset request for a disabled account.
    AccountDisabled: account_disabled,
    /// The answer to a reset request for an address without an account.
    NoAccount: no_account,
    /// The first password of an account that an operator made.
    Invitation: invitation,
    /// The link of an address that was invited.
    UserInvitation: user_invitation,
    /// The notice that an owner of an account was invited.
    InvitedAccount: invited_account,
    /// The link of a sign-up.
    FinishSignUp: finish_sign_up,
    /// The proof of an address.
    ConfirmAddress: confirm_address,
    /// The notice that a sign-up came with the owner's address.
    AccountExists: account_exists,
    /// The proof of an address to be.
    ConfirmEmail: confirm_email,
    /// The notice that another account asked for the owner's address.
    EmailWanted: email_wanted,
    /// The notice to an old address.
    EmailChanged: email_changed,
    /// The notice to an old address that was never proven.
    EmailLeft: email_left,
    /// The notice of a new password.
    PasswordChanged: password_changed,
    /// The notice of a new browser.
    NewDevice: new_device,
    /// The notice that log-ins ask for a second factor.
    SecondFactorOn: second_factor_on,
    /// The notice of another factor.
    FactorAdded: factor_added,
    /// The notice that a factor was removed.
    FactorRemoved: factor_removed,
    /// The notice that the last factor was removed.
    SecondFactorOff: second_factor_off,
    /// The notice of new recovery codes.
    RecoveryCodesRenewed: recovery_codes_renewed,
    /// The notice that a recovery code was used.
    RecoveryCodeUsed: recovery_code_used,
    /// The notice of a right password with a wrong second factor.
    WrongCodes: wrong_codes,
    /// The link by which the owner of lost factors has them removed.
    FactorResetLink: factor_reset_link,
    /// The notice that they will be removed.
    FactorResetPending: factor_reset_pending,
    /// The notice that they stay.
    FactorResetStopped: factor_reset_stopped,
    /// The notice that they are removed.
    FactorsReset: factors_reset,
    /// The notice that a passkey seems to be copied.
    PasskeyCopied: passkey_copied,
    /// The notice that the account has no password any longer.
    PasswordRemoved: password_removed,
    /// The way back into an account.
    TakenBack: taken_back,
    /// The receipt for an account that is to be deleted.
    DeletionRequested: deletion_requested,
    /// The notice that it is kept.
    DeletionCancelled: deletion_cancelled,
    /// The last mail.
    DeletionDone: deletion_done,
    /// The test of an admin.
    TestMail: test_mail,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_tells_the_kind_and_the_language() {
        let in_both = |kind: &MailKind| Language::ALL.map(|language| kind.subject(language));
        let mut subjects: Vec<_> = MailKind::ALL.iter().flat_map(in_both).collect();
        let count = subjects.len();
        subjects.sort_unstable();
        subjects.dedup();
        assert_eq!(subjects.len(), count, "{subjects:?}");
    }
}
