//! Every text of the account pages, in one module per language; those of mails are in
//! `auth::mail`. A language that lacks a text does not compile, and a text that no page uses is a
//! warning (docs/decisions/0020). Nothing here knows the errors that it describes; the features
//! choose.

mod account;
mod admin;
mod data;
mod de;
mod en;
mod factor_reset;
mod factors;
mod flashes;
mod forms;
mod invitations;
mod pages;
mod passkeys;
mod proof;
mod settings;
mod sign_up;

use std::ops::Deref;

use domain::Language;
use hypermedia::ui;

pub(crate) use self::{
    account::Account,
    admin::{ActionTexts, Admin},
    data::Data,
    factor_reset::FactorReset,
    factors::Factors,
    flashes::Flashes,
    forms::Forms,
    invitations::Invitations,
    pages::Pages,
    passkeys::Passkeys,
    proof::Proof,
    settings::Settings,
    sign_up::SignUp,
};

/// The words of one language.
#[derive(Debug)]
pub(crate) struct Texts {
    /// The language that they are in.
    pub(crate) language: Language,
    /// In the account menu.
    pub(crate) account: Account,
    /// In forms.
    pub(crate) forms: Forms,
    /// On the pages of the features.
    pub(crate) pages: Pages,
    /// About passkeys.
    pub(crate) passkeys: Passkeys,
    /// After something was done.
    pub(crate) flashes: Flashes,
    /// On the pages about confirming an address.
    pub(crate) proof: Proof,
    /// On the way from an address to an account.
    pub(crate) sign_up: SignUp,
    /// On the settings pages.
    pub(crate) settings: Settings,
    /// On the pages about lost second factors.
    pub(crate) factor_reset: FactorReset,
    /// On the pages about second factors, and at the second step of a log-in.
    pub(crate) factors: Factors,
    /// On the pages about personal data.
    pub(crate) data: Data,
    /// In the admin area.
    pub(crate) admin: Admin,
    /// On the page of invitations.
    pub(crate) invitations: Invitations,
}

impl Texts {
    /// The words of the language.
    pub(crate) const fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &en::TEXTS,
            Language::German => &de::TEXTS,
        }
    }
}

impl Deref for Texts {
    type Target = ui::Texts;

    /// The texts of the kit, in the same language.
    fn deref(&self) -> &ui::Texts {
        ui::Texts::of(self.language)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use auth::{
        DelayReason, InvitationStatus, MailFilter, MailProgress, MailTrouble, UserFilter,
        UserOrder, password::PasswordProblem,
    };
    use domain::{EventActor, RefusalReason, SecurityEvent, UserAgent};
    use time::OffsetDateTime;

    use super::*;

    /// Texts that are the same in English and in German.
    const SHARED: [&str; 3] = ["Name", "Admin", "Details"];

    /// Every text that is a constant, by the line of the struct that it is on.
    fn constants(language: Language) -> Vec<(usize, String)> {
        let texts = Texts::of(language);
        let printed = format!("{texts:#?}\n{:#?}", **texts);
        let texts = printed.lines().enumerate().filter_map(|(index, line)| {
            let (_, text) = line.trim_end_matches(',').split_once('"')?;
            Some((index, text.strip_suffix('"')?.to_owned()))
        });
        texts.collect()
    }

    /// Every text that is made of something, with one of each.
    fn made(language: Language) -> Vec<String> {
        let texts = Texts::of(language);
        let Texts { forms, pages, proof, settings, admin, invitations, factor_reset, .. } = texts;
        let problems = [
            PasswordProblem::TooShort { min: 15 },
            PasswordProblem::Invisible,
            PasswordProblem::Common,
            PasswordProblem::ProductName,
            PasswordProblem::OwnAddress,
            PasswordProblem::OwnName,
        ];
        let progress = [
            MailProgress::Queued,
            MailProgress::Sent,
            MailProgress::Delayed(DelayReason::Unreachable),
            MailProgress::Delayed(DelayReason::Refused),
            MailProgress::Failed,
            MailProgress::Withheld,
        ];
        let firefox = UserAgent { browser: Some("Firefox"), system: Some("Linux") };
        let unknown = UserAgent { browser: None, system: None };
        let mut made = vec![
            (forms.password_hint)(15),
            (texts.form.password_progress)(15),
            (pages.hello)("Mia"),
            (pages.change_email_lead)("mia@example.org"),
            (pages.other_user_lead)("mia@example.org"),
            (texts.form.form_before_log_in)("mia@example.org"),
            (proof.mailbox_lead)("mia@example.org"),
            (pages.reset_sent_lead)("mia@example.org"),
            (settings.pending_email_lead)("mia@example.org"),
            (admin.role_changed)("Mia", "Editor"),
            (invitations.sent)("mia@example.org"),
            (invitations.has_account)("mia@example.org"),
            (settings.device)(firefox),
            (settings.device)(unknown),
            (texts.frame.moment)(OffsetDateTime::UNIX_EPOCH),
            texts.errors.page(404).0.to_owned(),
            (factor_reset.sent)("mia@example.org"),
        ];
        made.extend(made_with_moment(factor_reset));
        made.extend([1, 30, 90, 600].map(|s| (forms.resend_too_soon)(Duration::from_secs(s))));
        made.extend(problems.iter().map(forms.password_problem));
        made.extend(progress.map(|mail| (proof.mail_progress)(mail).to_owned()));
        made.extend(progress.map(|mail| (invitations.mail)(mail).to_owned()));
        made.extend(InvitationStatus::ALL.map(|it| (invitations.status)(it).to_owned()));
        made.extend(SecurityEvent::ALL.iter().map(|event| (settings.event)(event).to_owned()));
        made.extend(RefusalReason::ALL.map(|it| (settings.refusal_reason)(it).to_owned()));
        made.push((settings.times)(3));
        made.extend(UserFilter::ALL.map(|filter| (admin.filter)(filter).to_owned()));
        made.extend(UserOrder::ALL.map(|it| (admin.order)(it).to_owned()));
        made.extend(MailFilter::ALL.map(|filter| (admin.mail_filter)(filter).to_owned()));
        let troubles = [MailTrouble::Refused, MailTrouble::Unreachable, MailTrouble::Expired];
        made.extend(troubles.map(|trouble| (admin.mail_trouble)(trouble).to_owned()));
        made.extend(EventActor::ALL.map(|actor| (admin.actor)(actor).to_owned()));
        made.extend(EventActor::ALL.map(|actor| (settings.actor)(actor).to_owned()));
        made
    }

    fn made_with_moment(texts: &FactorReset) -> [String; 5] {
        let FactorReset { request_lead, begin_lead, begun, under_way, banner, .. } = *texts;
        [request_lead, begin_lead, begun, under_way, banner].map(|text| text("1 January 2100"))
    }

    #[test]
    fn no_text_is_left_in_another_language_or_empty() {
        let (english, german) = (constants(Language::English), constants(Language::German));
        assert!(english.len() > 150, "{}", english.len());
        assert_eq!(english.len(), german.len());
        for ((line, english), (other_line, german)) in english.iter().zip(&german) {
            assert_eq!(line, other_line);
            assert!(!english.trim().is_empty() && !german.trim().is_empty(), "{line}");
            assert!(english != german || SHARED.contains(&english.as_str()), "{english}");
        }
        for (english, german) in made(Language::English).iter().zip(made(Language::German)) {
            assert!(!english.trim().is_empty() && !german.trim().is_empty());
            assert!(*english != german || SHARED.contains(&english.as_str()), "{english}");
        }
    }

    #[test]
    fn words_of_one_language_are_not_among_those_of_the_other() {
        let words = |language| {
            let texts = constants(language).into_iter().map(|(_, text)| text);
            texts.chain(made(language)).collect::<Vec<_>>().join(" \n ")
        };
        let (english, german) = (words(Language::English), words(Language::German));
        for word in [" the ", " of ", " your ", " is "] {
            assert!(english.contains(word) && !german.contains(word), "{word}");
        }
        for word in [" der ", " Sie ", " Ihr ", " nicht "] {
            assert!(german.contains(word) && !english.contains(word), "{word}");
        }
    }
}
