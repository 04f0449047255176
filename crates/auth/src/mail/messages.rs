//! The mails besides the notices ([`super::notices`]): which texts (`super::texts`) go into which
//! mail.
//!
//! Mails are rendered when they are queued, so that a row of the outbox is the mail
//! as it will arrive. Links begin with the public URL of the configuration, never
//! with what a request calls this server (host header injection).

use std::time::Duration;

use domain::{ConfirmationCode, EmailAddress, Language, Timestamp, Token, User};
use store::{MailPriority, NewMail};

use super::{
    greeted::{self, Greeted},
    kind::MailKind,
    letter::{Action, Letter},
    site::MailSite,
    texts::Texts,
};

/// The link by which `user` sets a new password, good for `lifetime`.
pub fn password_reset(
    site: &MailSite,
    user: &User,
    token: &Token,
    lifetime: Duration,
    now: Timestamp,
) -> NewMail {
    let texts = Texts::of(user.language);
    let words = &texts.password_reset;
    let letter = Letter {
        greeted: Greeted::of(user),
        opening: vec![(words.opening)(&texts.within(lifetime))],
        action: Some(set_password(site, texts, token)),
        closing: vec![words.replaced.to_owned(), words.ignore.to_owned()],
        ..Letter::of(site, texts, MailKind::PasswordReset)
    };
    to_user(user, &letter, now + lifetime)
}

/// The answer to `user`, who asked to reset the password of an account that is disabled.
pub fn account_disabled(
    site: &MailSite,
    user: &User,
    lifetime: Duration,
    now: Timestamp,
) -> NewMail {
    let texts = Texts::of(user.language);
    let words = &texts.account_disabled;
    let letter = Letter {
        greeted: Greeted::of(user),
        opening: vec![words.opening.to_owned()],
        closing: vec![texts.ignore.to_owned()],
        ..Letter::of(site, texts, MailKind::AccountDisabled)
    };
    to_user(user, &letter, now + lifetime)
}

/// The answer to a reset request for an address without an account.
pub fn no_account(
    site: &MailSite,
    email: &EmailAddress,
    language: Language,
    lifetime: Duration,
    now: Timestamp,
) -> NewMail {
    let texts = Texts::of(language);
    let words = &texts.no_account;
    let letter = Letter {
        opening: vec![words.opening.to_owned(), words.sign_up_here.to_owned()],
        action: Some(Action { label: texts.sign_up, url: site.link(&["signup"]) }),
        closing: vec![texts.ignore.to_owned()],
        ..Letter::of(site, texts, MailKind::NoAccount)
    };
    mail(email.clone(), &letter, now + lifetime)
}

/// The link with which `user`, for whom an operator made the account, sets a first password, valid
/// for `lifetime`.
pub fn invitation(
    site: &MailSite,
    user: &User,
    token: &Token,
    lifetime: Duration,
    now: Timestamp,
) -> NewMail {
    let texts = Texts::of(user.language);
    let words = &texts.invitation;
    let letter = Letter {
        greeted: Greeted::of(user),
        opening: vec![(words.opening)(&texts.within(lifetime))],
        action: Some(set_password(site, texts, token)),
        closing: vec![texts.works_once.to_owned()],
        ..Letter::of(site, texts, MailKind::Invitation)
    };
    to_user(user, &letter, now + lifetime)
}

/// The link and the code by which `user` proves to read this mail, good for `lifetime`.
pub fn confirm_address(
    site: &MailSite,
    user: &User,
    (token, code): (&Token, &ConfirmationCode),
    lifetime: Duration,
    now: Timestamp,
) -> NewMail {
    let texts = Texts::of(user.language);
    let words = &texts.confirm_address;
    let url = site.link(&["confirm-address", &token.expose()]);
    let letter = Letter {
        greeted: Greeted::of(user),
        opening: vec![(words.opening)(&texts.within(lifetime))],
        action: Some(Action { label: words.action, url }),
        closing: vec![words.or_code.to_owned(), code.expose().to_string(), words.ignore.to_owned()],
        ..Letter::of(site, texts, MailKind::ConfirmAddress)
    };
    to_user(user, &letter, now + lifetime)
}

/// The notice to `user` that a sign-up came with the address of the account.
pub fn account_exists(site: &MailSite, user: &User, lifetime: Duration, now: Timestamp) -> NewMail {
    let texts = Texts::of(user.language);
    let words = &texts.account_exists;
    let letter = Letter {
        greeted: Greeted::of(user),
        opening: vec![words.opening.to_owned()],
        action: Some(Action { label: texts.log_in, url: site.link(&["login"]) }),
        closing: vec![
            words.forgotten.to_owned(),
            site.link(&["forgot-password"]).to_string(),
            texts.ignore.to_owned(),
        ],
        ..Letter::of(site, texts, MailKind::AccountExists)
    };
    strangers(to_user(user, &letter, now + lifetime))
}

pub(super) fn set_password(site: &MailSite, texts: &Texts, token: &Token) -> Action {
    let url = site.link(&["reset-password", &token.expose()]);
    Action { label: texts.choose_password, url }
}

pub(super) fn to_user(user: &User, letter: &Letter<'_>, expires_at: Timestamp) -> NewMail {
    NewMail {
        user_id: Some(user.id),
        to_name: Greeted::of(user).map(|greeted| greeted.name().clone()),
        priority: greeted::priority(user),
        ..mail(user.email.clone(), letter, expires_at)
    }
}

/// The mail, if to an owner, as one that a stranger caused: it goes after those that owners
/// wait for.
pub(super) fn strangers(mail: NewMail) -> NewMail {
    NewMail { priority: MailPriority::Unproven, ..mail }
}

pub(super) fn mail(to: EmailAddress, letter: &Letter<'_>, expires_at: Timestamp) -> NewMail {
    NewMail {
        user_id: None,
        kind: letter.kind_name(),
        priority: MailPriority::Unproven,
        to,
        to_name: None,
        language: letter.texts.language,
        subject: letter.subject_line(),
        text: letter.text(),
        html: letter.html(),
        expires_at,
    }
}

#[cfg(test)]
mod tests {
    use domain::DisplayName;

    use super::*;
    use crate::mail::{
        deletion, email_change, notices,
        testing::{NOW, links, mia, site},
    };

    const HOUR: Duration = Duration::from_hours(1);

    #[test]
    fn a_reset_mail_has_the_link_and_says_how_long_it_is_good() {
        let token = Token::generate();
        let mail = password_reset(&site(), &mia(), &token, HOUR, NOW);

        let link = format!("https://app.test/reset-password/{}", token.expose().as_str());
        assert_eq!(links(&mail.text), [link.as_str()]);
        assert!(mail.html.contains(&format!("href=\"{link}\"")));
        assert!(mail.text.starts_with("Hello Mia Muster,\n"));
        for part in [&mail.text.replace('\n', " "), &mail.html] {
            assert!(part.contains("within 1 hour:"), "{part}");
        }
        assert_eq!(mail.expires_at, NOW + HOUR);
        assert_eq!(mail.to_name, Some(mia().name));
    }

    /// MAI-03: a word that the visitor who caused the mail chose, in a mail to someone else.
    #[test]
    fn a_mail_to_an_unproven_address_says_nothing_that_somebody_chose() {
        let name = DisplayName::parse("You won 500 EUR").unwrap();
        let email = EmailAddress::parse("you.won.500.eur@example.org").unwrap();
        let user = User { name, email: email.clone(), confirmed_at: None, ..mia() };
        let (token, code) = (Token::generate(), ConfirmationCode::generate());
        let (url, english) = (site(), Language::English);
        let client = crate::Client::new([192, 0, 2, 7].into(), "You won 500 EUR");
        for mail in [
            password_reset(&url, &user, &token, HOUR, NOW),
            account_disabled(&url, &user, HOUR, NOW),
            no_account(&url, &email, english, HOUR, NOW),
            invitation(&url, &user, &token, HOUR, NOW),
            confirm_address(&url, &user, (&token, &code), HOUR, NOW),
            account_exists(&url, &user, HOUR, NOW),
            notices::password_changed(&url, &user, &token, HOUR, NOW),
            notices::new_device(&url, &user, &client, &token, HOUR, NOW),
            notices::taken_back(&url, &user, &token, HOUR, NOW),
            email_change::confirm_email(&url, user.id, (&email, english), &token, HOUR, NOW),
            email_change::email_wanted(&url, &user, HOUR, NOW),
            email_change::email_changed(&url, &user, &token, HOUR, NOW),
            email_change::email_left(&url, &user, HOUR, NOW),
            deletion::requested(&url, &user, NOW, &token, HOUR, NOW),
            deletion::cancelled(&url, &user, &token, HOUR, NOW),
            deletion::done(&url, &user, HOUR, NOW),
        ] {
            let said = format!("{} {} {}", mail.subject, mail.text, mail.html).to_lowercase();
            assert!(!said.contains("won") && !said.contains("500"), "{}", mail.text);
            assert!(mail.text.starts_with("Hello,\n"), "{}", mail.text);
            assert_eq!(mail.to_name, None, "{}", mail.subject);
            assert_eq!(mail.priority, MailPriority::Unproven, "{}", mail.subject);
        }
    }

    #[test]
    fn a_stranger_is_shown_where_to_sign_up() {
        let email = EmailAddress::parse("someone@example.org").unwrap();
        let mail = no_account(&site(), &email, Language::English, HOUR, NOW);

        assert_eq!(links(&mail.text), ["https://app.test/signup"]);
        assert_eq!((mail.to, mail.to_name), (email, None));
    }

    #[test]
    fn who_is_invited_is_led_to_a_password() {
        let invitation = invitation(&site(), &mia(), &Token::generate(), HOUR * 48, NOW);
        assert!(links(&invitation.text)[0].starts_with("https://app.test/reset-password/"));
        assert!(invitation.text.contains("within 2 days:"));
    }

    #[test]
    fn a_mail_that_asks_for_a_proof_has_a_link_and_a_code_each_on_a_line() {
        let (token, code) = (Token::generate(), ConfirmationCode::generate());
        let mail = confirm_address(&site(), &mia(), (&token, &code), HOUR * 24, NOW);

        let link = format!("https://app.test/confirm-address/{}", token.expose().as_str());
        assert_eq!(links(&mail.text), [link.as_str()]);
        assert!(mail.text.lines().any(|line| line == code.expose().as_str()), "{}", mail.text);
        assert!(mail.html.contains(code.expose().as_str()));
        assert!(mail.text.contains("within 1 day:"));
    }

    #[test]
    fn the_owner_of_an_account_is_told_how_to_get_into_it() {
        let mail = account_exists(&site(), &mia(), HOUR, NOW);

        let expected = ["https://app.test/login", "https://app.test/forgot-password"];
        assert_eq!(links(&mail.text), expected);
    }

    /// Pure ASCII survives every mail server without re-encoding.
    #[test]
    fn our_own_words_are_ascii() {
        let email = EmailAddress::parse("someone@example.org").unwrap();
        let (token, code) = (Token::generate(), ConfirmationCode::generate());
        for mail in [
            password_reset(&site(), &mia(), &token, HOUR, NOW),
            no_account(&site(), &email, Language::English, HOUR, NOW),
            invitation(&site(), &mia(), &token, HOUR, NOW),
            confirm_address(&site(), &mia(), (&token, &code), HOUR, NOW),
            account_exists(&site(), &mia(), HOUR, NOW),
            account_disabled(&site(), &mia(), HOUR, NOW),
        ] {
            assert!(mail.subject.is_ascii() && mail.text.is_ascii() && mail.html.is_ascii());
        }
    }
}
