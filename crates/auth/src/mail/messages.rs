//! The mails besides the notices ([`super::notices`]): which texts (`super::texts`) go into which
//! mail.

use domain::{ConfirmationCode, EmailAddress, Language, User};
use store::NewMail;

use super::{
    envelope::Envelope,
    kind::MailKind,
    letter::{Action, Body},
    texts::Texts,
};
use crate::SignupMode;

/// The link by which `user` sets a new password.
pub fn password_reset(of: &Envelope<'_>, user: &User) -> NewMail {
    let texts = Texts::of(user.language);
    let words = &texts.password_reset;
    let body = Body {
        opening: vec![(words.opening)(&of.within(texts))],
        action: Some(set_password(of, texts)),
        closing: vec![words.replaced.to_owned(), words.ignore.to_owned()],
    };
    of.to_user(user, MailKind::PasswordReset, body)
}

/// The answer to `user`, who asked to reset the password of an account that is disabled.
pub fn account_disabled(of: &Envelope<'_>, user: &User) -> NewMail {
    let texts = Texts::of(user.language);
    let body = Body {
        opening: vec![texts.account_disabled.opening.to_owned()],
        action: None,
        closing: vec![texts.ignore.to_owned()],
    };
    of.to_user(user, MailKind::AccountDisabled, body)
}

/// The test that the admin `user` asked for.
pub fn test_mail(of: &Envelope<'_>, user: &User) -> NewMail {
    let texts = Texts::of(user.language);
    let body = Body {
        opening: vec![texts.test_mail.opening.to_owned()],
        action: None,
        closing: Vec::new(),
    };
    of.to_user(user, MailKind::TestMail, body)
}

/// The answer to a reset request for an address without an account.
pub fn no_account(
    of: &Envelope<'_>,
    email: &EmailAddress,
    language: Language,
    signup: SignupMode,
) -> NewMail {
    let texts = Texts::of(language);
    let words = &texts.no_account;
    let mut body = Body {
        opening: vec![words.opening.to_owned()],
        action: None,
        closing: vec![texts.ignore.to_owned()],
    };
    if signup != SignupMode::Closed {
        body.opening.push(words.sign_up_here.to_owned());
        body.action = Some(Action { label: texts.sign_up, url: of.site.link(&["signup"]) });
    }
    of.to_address(email, language, MailKind::NoAccount, body)
}

/// The link with which `user`, for whom an operator made the account, sets a first password.
pub fn invitation(of: &Envelope<'_>, user: &User) -> NewMail {
    let texts = Texts::of(user.language);
    let body = Body {
        opening: vec![(texts.invitation.opening)(&of.within(texts))],
        action: Some(set_password(of, texts)),
        closing: vec![texts.works_once.to_owned()],
    };
    of.to_user(user, MailKind::Invitation, body)
}

/// The link and the code by which the owner of a free address makes an account.
pub fn sign_up(
    of: &Envelope<'_>,
    email: &EmailAddress,
    language: Language,
    code: &ConfirmationCode,
) -> NewMail {
    let texts = Texts::of(language);
    let words = &texts.finish_sign_up;
    let body = Body {
        opening: vec![(words.opening)(&of.within(texts))],
        action: Some(Action { label: words.action, url: of.link("new-account") }),
        closing: vec![words.or_code.to_owned(), code.expose().to_string(), texts.ignore.to_owned()],
    };
    of.to_address(email, language, MailKind::FinishSignUp, body)
}

/// The link and the code by which `user` proves to read this mail.
pub fn confirm_address(of: &Envelope<'_>, user: &User, code: &ConfirmationCode) -> NewMail {
    let texts = Texts::of(user.language);
    let words = &texts.confirm_address;
    let body = Body {
        opening: vec![(words.opening)(&of.within(texts))],
        action: Some(Action { label: words.action, url: of.link("confirm-address") }),
        closing: vec![words.or_code.to_owned(), code.expose().to_string(), words.ignore.to_owned()],
    };
    of.to_user(user, MailKind::ConfirmAddress, body)
}

/// The notice to `user` that a sign-up came with the address of the account.
pub fn account_exists(of: &Envelope<'_>, user: &User) -> NewMail {
    let texts = Texts::of(user.language);
    let words = &texts.account_exists;
    let body = Body {
        opening: vec![words.opening.to_owned()],
        action: Some(log_in(of, texts)),
        closing: vec![
            words.forgotten.to_owned(),
            of.site.link(&["forgot-password"]).to_string(),
            texts.ignore.to_owned(),
        ],
    };
    of.for_stranger(user, MailKind::AccountExists, body)
}

pub(super) fn set_password(of: &Envelope<'_>, texts: &Texts) -> Action {
    Action { label: texts.choose_password, url: of.link("reset-password") }
}

pub(super) fn log_in(of: &Envelope<'_>, texts: &Texts) -> Action {
    Action { label: texts.log_in, url: of.site.link(&["login"]) }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::DisplayName;
    use store::{MailId, MailPriority};

    use super::*;
    use crate::mail::{
        deletion, email_change, notices,
        testing::{NOW, envelope, links, mia, site},
    };

    #[test]
    fn a_reset_mail_has_the_link_and_says_how_long_it_is_good() {
        let of = envelope();
        let mail = password_reset(&of, &mia());

        let link = format!("https://app.test/reset-password/{}", of.id);
        assert_eq!(links(&mail.text), [link.as_str()]);
        assert!(mail.html.contains(&format!("href=\"{link}\"")));
        assert!(mail.text.starts_with("Hello Mia Muster,\n"));
        for part in [&mail.text.replace('\n', " "), &mail.html] {
            assert!(part.contains("within 1 hour:"), "{part}");
        }
        assert_eq!((mail.id, mail.expires_at), (of.id, NOW + Duration::from_hours(1)));
        assert_eq!(mail.to_name, Some(mia().name));
    }

    /// MAI-03: a word that the visitor who caused the mail chose, in a mail to someone else.
    #[test]
    fn a_mail_to_an_unproven_address_says_nothing_that_somebody_chose() {
        let name = DisplayName::parse("You won 500 EUR").unwrap();
        let email = EmailAddress::parse("you.won.500.eur@example.org").unwrap();
        let user = User { name, email: email.clone(), confirmed_at: None, ..mia() };
        let (of, code) = (envelope(), ConfirmationCode::generate());
        let (of, english) = (&of, Language::English);
        let client = crate::Client::new([192, 0, 2, 7].into(), "You won 500 EUR");
        for mail in [
            password_reset(of, &user),
            account_disabled(of, &user),
            no_account(of, &email, english, SignupMode::Open),
            invitation(of, &user),
            sign_up(of, &email, english, &code),
            confirm_address(of, &user, &code),
            account_exists(of, &user),
            notices::password_changed(of, &user),
            notices::new_device(of, &user, &client, NOW),
            notices::taken_back(of, &user),
            email_change::confirm_email(of, user.id, &email, english),
            email_change::email_wanted(of, &user),
            email_change::email_changed(of, &user),
            email_change::email_left(of, &user),
            deletion::requested(of, &user, NOW),
            deletion::cancelled(of, &user),
            deletion::done(of, &user),
        ] {
            let said = format!("{} {} {}", mail.subject, mail.text, mail.html).to_lowercase();
            assert!(!said.contains("won") && !said.contains("500"), "{}", mail.text);
            assert!(mail.text.starts_with("Hello,\n"), "{}", mail.text);
            assert_eq!(mail.to_name, None, "{}", mail.subject);
            assert_eq!(mail.priority, MailPriority::Unproven, "{}", mail.subject);
        }
    }

    #[test]
    fn a_stranger_is_shown_where_to_sign_up_unless_it_is_closed() {
        let email = EmailAddress::parse("someone@example.org").unwrap();
        for (signup, expected) in
            [(SignupMode::Open, vec!["https://app.test/signup"]), (SignupMode::Closed, vec![])]
        {
            let mail = no_account(&envelope(), &email, Language::English, signup);

            assert_eq!(links(&mail.text), expected, "{signup:?}");
            assert_eq!(mail.text.contains("sign up"), signup != SignupMode::Closed);
            assert_eq!((&mail.to, mail.to_name), (&email, None));
        }
    }

    #[test]
    fn who_is_invited_is_led_to_a_password() {
        let (site, two_days) = (site(), Duration::from_hours(48));
        let of = Envelope::new(&site, MailId::generate(), two_days, NOW);
        let invitation = invitation(&of, &mia());
        assert!(links(&invitation.text)[0].starts_with("https://app.test/reset-password/"));
        assert!(invitation.text.contains("within 2 days:"));
    }

    #[test]
    fn a_mail_that_asks_for_a_proof_has_a_link_and_a_code_each_on_a_line() {
        let (of, code) = (envelope(), ConfirmationCode::generate());
        let to_new = sign_up(&of, &mia().email, Language::English, &code);
        for (mail, path) in
            [(confirm_address(&of, &mia(), &code), "confirm-address"), (to_new, "new-account")]
        {
            let link = format!("https://app.test/{path}/{}", of.id);
            assert_eq!(links(&mail.text), [link.as_str()]);
            assert!(mail.text.lines().any(|line| line == code.expose().as_str()), "{}", mail.text);
            assert!(mail.html.contains(code.expose().as_str()));
            assert!(mail.text.replace('\n', " ").contains("within 1 hour:"), "{}", mail.text);
        }
    }

    #[test]
    fn the_owner_of_an_account_is_told_how_to_get_into_it() {
        let mail = account_exists(&envelope(), &mia());

        let expected = ["https://app.test/login", "https://app.test/forgot-password"];
        assert_eq!(links(&mail.text), expected);
    }

    /// Pure ASCII survives every mail server without re-encoding.
    #[test]
    fn our_own_words_are_ascii() {
        let email = EmailAddress::parse("someone@example.org").unwrap();
        let (of, code) = (envelope(), ConfirmationCode::generate());
        for mail in [
            password_reset(&of, &mia()),
            no_account(&of, &email, Language::English, SignupMode::Open),
            invitation(&of, &mia()),
            sign_up(&of, &email, Language::English, &code),
            confirm_address(&of, &mia(), &code),
            account_exists(&of, &mia()),
            account_disabled(&of, &mia()),
        ] {
            assert!(mail.subject.is_ascii() && mail.text.is_ascii() && mail.html.is_ascii());
        }
    }
}
