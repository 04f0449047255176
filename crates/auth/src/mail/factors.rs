//! The notices about second factors. Each carries the link of a compromise report.

use domain::{DisplayName, FactorKind, Timestamp, User, UserAgent};
use store::NewMail;

use super::{
    envelope::Envelope,
    kind::MailKind,
    letter::Body,
    notices::{compromise_report, moment},
    texts::Texts,
};
use crate::Client;

/// What happened to the factors of an account.
#[derive(Clone, Copy, Debug)]
pub enum FactorNews<'a> {
    /// Log-ins ask for a factor from now on.
    On,
    /// Another factor was added.
    Added(FactorKind, &'a DisplayName),
    /// A factor was removed.
    Removed {
        /// Its kind.
        kind: FactorKind,
        /// Its name.
        name: &'a DisplayName,
        /// Whether log-ins ask for the password alone from now on.
        is_last: bool,
    },
    /// There are new recovery codes.
    RecoveryCodesRenewed,
    /// A recovery code was used.
    RecoveryCodeUsed {
        /// The codes that are left.
        left: usize,
    },
    /// The password was removed.
    PasswordRemoved,
    /// A passkey seems to be copied, and a log-in with it was refused.
    PasskeyCopied(&'a DisplayName),
    /// The password was right, and the second factor was wrong.
    WrongFactor(&'a Client, Timestamp),
}

/// The notice of it to `user`.
pub fn factor_notice(of: &Envelope<'_>, user: &User, news: FactorNews<'_>) -> NewMail {
    let texts = Texts::of(user.language);
    let factor = |kind, name: &DisplayName| (texts.factor)(kind, name.as_str());
    let none = String::new;
    let (kind, words, it) = match news {
        FactorNews::On => (MailKind::SecondFactorOn, &texts.second_factor_on, none()),
        FactorNews::Added(kind, name) => {
            (MailKind::FactorAdded, &texts.factor_added, factor(kind, name))
        }
        FactorNews::Removed { kind, name, is_last: false } => {
            (MailKind::FactorRemoved, &texts.factor_removed, factor(kind, name))
        }
        FactorNews::Removed { kind, name, is_last: true } => {
            (MailKind::SecondFactorOff, &texts.second_factor_off, factor(kind, name))
        }
        FactorNews::RecoveryCodesRenewed => {
            (MailKind::RecoveryCodesRenewed, &texts.recovery_codes_renewed, none())
        }
        FactorNews::RecoveryCodeUsed { left } => {
            (MailKind::RecoveryCodeUsed, &texts.recovery_code_used, left.to_string())
        }
        FactorNews::PasswordRemoved => (MailKind::PasswordRemoved, &texts.password_removed, none()),
        FactorNews::PasskeyCopied(name) => {
            (MailKind::PasskeyCopied, &texts.passkey_copied, name.to_string())
        }
        FactorNews::WrongFactor(client, now) => {
            let device = (texts.device)(UserAgent::parse(&client.user_agent));
            let place = format!("{device}, {}, {}", client.address, moment(texts, now));
            (MailKind::WrongCodes, &texts.wrong_codes, place)
        }
    };
    let within = of.within(texts);
    let way_back = match news {
        FactorNews::WrongFactor(..) => (texts.new_device.way_back)(&within),
        _ => (texts.password_changed.way_back)(&within),
    };
    let body = Body {
        opening: vec![words.opening.replace("{it}", &it), way_back],
        action: Some(compromise_report(of, texts)),
        closing: Vec::new(),
    };
    of.to_user(user, kind, body)
}
