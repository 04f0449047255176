//! Every word that mails say, in one module per language. A language that lacks a text
//! does not compile, and a text that no mail uses is a warning (docs/decisions/0020).
//!
//! `{brand}` stands for the name of the product ([`domain::Brand::fill`]); the letter puts it in.

mod de;
mod deletion;
mod en;
mod factor_reset_de;
mod factor_reset_en;
mod factors;
mod factors_de;
mod factors_en;
mod way_back_de;
mod way_back_en;

use std::{fmt::Write, net::IpAddr, time::Duration};

use domain::{FactorKind, Language, UserAgent};
use time::OffsetDateTime;

use self::{
    deletion::{DeletionCancelled, DeletionDone, DeletionRequested},
    factors::{FactorNotice, FactorResetLink, FactorResetPending, FactorResetStopped},
};

/// The words of one language.
pub(super) struct Texts {
    /// The language that they are in.
    pub(super) language: Language,
    /// The first line; with a name, if the mail may say it.
    pub(super) greeting: fn(Option<&str>) -> String,
    /// The last line, with the host that sent the mail.
    pub(super) footer: fn(&str) -> String,
    /// A moment, to the minute.
    pub(super) moment: fn(OffsetDateTime) -> String,
    /// A browser and its system, as far as they are known.
    pub(super) device: fn(UserAgent) -> String,
    /// How long something lasts.
    pub(super) units: Units,

    /// To the log-in page.
    pub(super) log_in: &'static str,
    /// To the sign-up page.
    pub(super) sign_up: &'static str,
    /// To the page that takes a new password.
    pub(super) choose_password: &'static str,
    /// The link to the compromise report.
    pub(super) compromise_report: &'static str,
    /// The advice to ignore the mail if it was not asked for.
    pub(super) ignore: &'static str,
    /// The link works once; another one can be requested.
    pub(super) works_once: &'static str,

    /// The link by which a password is set.
    pub(super) password_reset: PasswordReset,
    /// The answer to a reset request for a disabled account.
    pub(super) account_disabled: AccountDisabled,
    /// The answer to a reset request for an address without an account.
    pub(super) no_account: NoAccount,
    /// The first password of an account that an operator made.
    pub(super) invitation: Invitation,
    /// The link of an address that was invited.
    pub(super) user_invitation: UserInvitation,
    /// The notice that an owner of an account was invited.
    pub(super) invited_account: InvitedAccount,
    /// The link of a sign-up.
    pub(super) finish_sign_up: FinishSignUp,
    /// The proof of an address.
    pub(super) confirm_address: ConfirmAddress,
    /// The notice that a sign-up came with the owner's address.
    pub(super) account_exists: AccountExists,
    /// The proof of an address to be.
    pub(super) confirm_email: ConfirmEmail,
    /// The notice that another account asked for the owner's address.
    pub(super) email_wanted: EmailWanted,
    /// The notice to an old address.
    pub(super) email_changed: EmailChanged,
    /// The notice to an old address that was never proven.
    pub(super) email_left: EmailLeft,
    /// The notice of a new password.
    pub(super) password_changed: PasswordChanged,
    /// The notice of a new browser.
    pub(super) new_device: NewDevice,
    /// A factor, by its kind and its name.
    pub(super) factor: fn(FactorKind, &str) -> String,
    /// The notice that log-ins ask for a second factor.
    pub(super) second_factor_on: FactorNotice,
    /// The notice of another factor.
    pub(super) factor_added: FactorNotice,
    /// The notice that a factor was removed.
    pub(super) factor_removed: FactorNotice,
    /// The notice that the last factor was removed.
    pub(super) second_factor_off: FactorNotice,
    /// The notice of new recovery codes.
    pub(super) recovery_codes_renewed: FactorNotice,
    /// The notice that a recovery code was used.
    pub(super) recovery_code_used: FactorNotice,
    /// The notice of a right password with a wrong second factor.
    pub(super) wrong_codes: FactorNotice,
    /// The link to remove lost factors.
    pub(super) factor_reset_link: FactorResetLink,
    /// The notice that they will be removed.
    pub(super) factor_reset_pending: FactorResetPending,
    /// The notice that they stay.
    pub(super) factor_reset_stopped: FactorResetStopped,
    /// The notice that they are removed.
    pub(super) factors_reset: FactorResetStopped,
    /// The notice that a passkey seems to be copied.
    pub(super) passkey_copied: FactorNotice,
    /// The notice that the account has no password any longer.
    pub(super) password_removed: FactorNotice,
    /// The way back into an account.
    pub(super) taken_back: TakenBack,
    /// The receipt for an account that is to be deleted.
    pub(super) deletion_requested: DeletionRequested,
    /// The notice that it is kept.
    pub(super) deletion_cancelled: DeletionCancelled,
    /// The last mail.
    pub(super) deletion_done: DeletionDone,
    /// The test of an admin.
    pub(super) test_mail: TestMail,
}

/// The units of time, as they follow `Units::within`.
pub(super) struct Units {
    /// One day, and the word after a number of days.
    pub(super) day: (&'static str, &'static str),
    /// One hour, and more.
    pub(super) hour: (&'static str, &'static str),
    /// One minute, and more.
    pub(super) minute: (&'static str, &'static str),
    /// One second, and more.
    pub(super) second: (&'static str, &'static str),
    /// Between two of them.
    pub(super) joint: &'static str,
    /// No time to speak of.
    pub(super) moment: &'static str,
}

pub(super) struct PasswordReset {
    pub(super) subject: &'static str,
    /// With how long the link is good.
    pub(super) opening: fn(&str) -> String,
    pub(super) replaced: &'static str,
    pub(super) ignore: &'static str,
}

pub(super) struct AccountDisabled {
    pub(super) subject: &'static str,
    pub(super) opening: &'static str,
}

pub(super) struct NoAccount {
    pub(super) subject: &'static str,
    pub(super) opening: &'static str,
    pub(super) sign_up_here: &'static str,
}

pub(super) struct Invitation {
    pub(super) subject: &'static str,
    /// With how long the link is good.
    pub(super) opening: fn(&str) -> String,
}

pub(super) struct UserInvitation {
    pub(super) subject: &'static str,
    /// With how long the link is good.
    pub(super) opening: fn(&str) -> String,
    pub(super) action: &'static str,
    pub(super) ignore: &'static str,
}

pub(super) struct InvitedAccount {
    pub(super) subject: &'static str,
    pub(super) opening: &'static str,
}

pub(super) struct FinishSignUp {
    pub(super) subject: &'static str,
    /// With how long the link is good.
    pub(super) opening: fn(&str) -> String,
    pub(super) action: &'static str,
    pub(super) or_code: &'static str,
}

pub(super) struct ConfirmAddress {
    pub(super) subject: &'static str,
    /// With how long the link is good.
    pub(super) opening: fn(&str) -> String,
    pub(super) action: &'static str,
    pub(super) or_code: &'static str,
    pub(super) ignore: &'static str,
}

pub(super) struct AccountExists {
    pub(super) subject: &'static str,
    pub(super) opening: &'static str,
    pub(super) forgotten: &'static str,
}

pub(super) struct ConfirmEmail {
    pub(super) subject: &'static str,
    /// With how long the link is good.
    pub(super) opening: fn(&str) -> String,
    pub(super) action: &'static str,
    pub(super) ignore: &'static str,
}

pub(super) struct EmailWanted {
    pub(super) subject: &'static str,
    pub(super) opening: &'static str,
}

pub(super) struct EmailChanged {
    pub(super) subject: &'static str,
    pub(super) opening: &'static str,
    /// With how long the link is good.
    pub(super) way_back: fn(&str) -> String,
}

pub(super) struct EmailLeft {
    pub(super) subject: &'static str,
    pub(super) opening: &'static str,
    pub(super) undone: &'static str,
}

pub(super) struct PasswordChanged {
    pub(super) subject: &'static str,
    pub(super) opening: &'static str,
    /// With how long the link is good.
    pub(super) way_back: fn(&str) -> String,
    pub(super) mailbox: &'static str,
}

pub(super) struct NewDevice {
    pub(super) subject: &'static str,
    /// With the browser, its address and the moment.
    pub(super) opening: fn(&str, IpAddr, &str) -> String,
    /// With how long the link is good.
    pub(super) way_back: fn(&str) -> String,
}

pub(super) struct TakenBack {
    pub(super) subject: &'static str,
    pub(super) opening: &'static str,
    /// With how long the link is good.
    pub(super) link: fn(&str) -> String,
}

pub(super) struct TestMail {
    pub(super) subject: &'static str,
    pub(super) opening: &'static str,
}

impl Texts {
    /// The words of the language.
    pub(super) const fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &en::TEXTS,
            Language::German => &de::TEXTS,
        }
    }

    /// A duration by its two largest units that are not zero, for the end of "within".
    pub(super) fn within(&self, duration: Duration) -> String {
        let Units { day, hour, minute, second, joint, moment } = self.units;
        let mut rest = duration.as_secs();
        let mut words = String::new();
        let mut count_of_words = 0;
        for ((one, many), seconds) in [(day, 86_400), (hour, 3_600), (minute, 60), (second, 1)] {
            let count = rest / seconds;
            rest %= seconds;
            if count == 0 || count_of_words == 2 {
                continue;
            }
            if count_of_words > 0 {
                words.push_str(joint);
            }
            count_of_words += 1;
            let _ = match count {
                1 => write!(words, "{one}"),
                _ => write!(words, "{count} {many}"),
            };
        }
        if words.is_empty() { moment.to_owned() } else { words }
    }
}

#[cfg(test)]
mod tests {
    use domain::{ConfirmationCode, EmailAddress, User};
    use store::NewMail;

    use super::*;
    use crate::{
        Client, SignupMode,
        mail::{
            FactorNews, deletion, email_change, factor_notice, invitation, messages, notices,
            testing::{NOW, envelope, mia},
        },
    };

    #[test]
    fn durations_are_told_in_words() {
        for (seconds, english, german) in [
            (3_600, "1 hour", "einer Stunde"),
            (5_400, "1 hour 30 minutes", "einer Stunde und 30 Minuten"),
            (1_800, "30 minutes", "30 Minuten"),
            (604_800, "7 days", "7 Tagen"),
            (90_061, "1 day 1 hour", "einem Tag und einer Stunde"),
            (0, "a moment", "wenigen Augenblicken"),
        ] {
            let within = |language| Texts::of(language).within(Duration::from_secs(seconds));
            assert_eq!(within(Language::English), english);
            assert_eq!(within(Language::German), german);
        }
    }

    /// One mail of each kind, to Mia and to a recipient without an account.
    fn mails(language: Language) -> Vec<NewMail> {
        let (of, mia, code) =
            (&envelope(), User { language, ..mia() }, ConfirmationCode::generate());
        let email = EmailAddress::parse("someone@example.org").unwrap();
        let client = Client::new([192, 0, 2, 7].into(), "");
        let (kind, name) = (FactorKind::AuthenticationApp, &mia.name);
        let removed = |is_last| FactorNews::Removed { kind, name, is_last };
        vec![
            messages::password_reset(of, &mia),
            messages::account_disabled(of, &mia),
            messages::no_account(of, &email, language, SignupMode::Open),
            messages::invitation(of, &mia),
            invitation::invitation(of, &email, language),
            invitation::has_account(of, &mia),
            messages::sign_up(of, &email, language, &code),
            messages::confirm_address(of, &mia, &code),
            messages::account_exists(of, &mia),
            notices::password_changed(of, &mia),
            notices::new_device(of, &mia, &client, NOW),
            notices::taken_back(of, &mia),
            factor_notice(of, &mia, FactorNews::On),
            factor_notice(of, &mia, FactorNews::Added(FactorKind::Passkey, &mia.name)),
            factor_notice(of, &mia, removed(false)),
            factor_notice(of, &mia, removed(true)),
            factor_notice(of, &mia, FactorNews::RecoveryCodesRenewed),
            factor_notice(of, &mia, FactorNews::RecoveryCodeUsed { left: 3 }),
            factor_notice(of, &mia, FactorNews::WrongFactor(&client, NOW)),
            email_change::confirm_email(of, mia.id, &email, language),
            email_change::email_wanted(of, &mia),
            email_change::email_changed(of, &mia),
            email_change::email_left(of, &mia),
            email_change::email_undone(of, &mia),
            deletion::requested(of, &mia, NOW),
            deletion::cancelled(of, &mia),
            deletion::done(of, &mia),
            messages::test_mail(of, &mia),
        ]
    }

    /// The text between the tags.
    fn sentences(html: &str) -> Vec<&str> {
        html.split(['<', '>']).skip(2).step_by(2).filter(|text| text.contains(' ')).collect()
    }

    #[test]
    fn a_mail_is_in_one_language_throughout() {
        let [english, german] = [Language::English, Language::German].map(mails);
        for (english, german) in english.iter().zip(&german) {
            assert_eq!((english.language, german.language), (Language::English, Language::German));
            assert!(english.html.contains("<html lang=\"en\">"));
            assert!(german.html.contains("<html lang=\"de\">"));
            assert!(sentences(&german.html).len() > 4, "{:?}", sentences(&german.html));
            for sentence in sentences(&german.html) {
                let is_style = sentence.contains("{color-scheme");
                assert!(is_style || !english.html.contains(sentence), "{sentence}");
            }
            assert_ne!(english.subject, german.subject);
            assert!(!english.text.contains("Sie ") && !german.text.contains(" the "));
        }
    }
}
