//! The mails about a change of address: to the new address, to the old one, and to the owner of an
//! address that another account asked for.

use domain::{EmailAddress, Language, User, UserId};
use store::NewMail;

use super::{
    envelope::Envelope,
    kind::MailKind,
    letter::{Action, Body},
    messages::log_in,
    texts::Texts,
};

/// The link that proves `email` for the user. It greets without a name: the recipient may be a
/// stranger to the person who chose the name.
pub fn confirm_email(
    of: &Envelope<'_>,
    user_id: UserId,
    email: &EmailAddress,
    language: Language,
) -> NewMail {
    let texts = Texts::of(language);
    let words = &texts.confirm_email;
    let body = Body {
        opening: vec![(words.opening)(&of.within(texts))],
        action: Some(Action { label: words.action, url: of.link("confirm-email") }),
        closing: vec![words.ignore.to_owned()],
    };
    let mail = of.to_address(email, language, MailKind::ConfirmEmail, body);
    NewMail { user_id: Some(user_id), ..mail }
}

/// The notice to `user` that another account asked for the user's address.
pub fn email_wanted(of: &Envelope<'_>, user: &User) -> NewMail {
    let texts = Texts::of(user.language);
    let body = Body {
        opening: vec![texts.email_wanted.opening.to_owned()],
        action: Some(log_in(of, texts)),
        closing: Vec::new(),
    };
    of.for_stranger(user, MailKind::EmailWanted, body)
}

/// The notice to the address that `user` had so far, with the way back to it.
pub fn email_changed(of: &Envelope<'_>, user: &User) -> NewMail {
    let texts = Texts::of(user.language);
    let words = &texts.email_changed;
    let body = Body {
        opening: vec![words.opening.to_owned(), (words.way_back)(&of.within(texts))],
        action: Some(Action { label: texts.compromise_report, url: of.link("undo-email") }),
        closing: Vec::new(),
    };
    of.to_user(user, MailKind::EmailChanged, body)
}

/// The notice to an unproven old address of `user`. It offers no way back, which would hand the
/// account to the owner of that mailbox, and says no name, because that may be a stranger.
pub fn email_left(of: &Envelope<'_>, user: &User) -> NewMail {
    left(of, user, Texts::of(user.language).email_left.opening)
}

/// The notice to the address that `user` has until a change to it is undone.
pub fn email_undone(of: &Envelope<'_>, user: &User) -> NewMail {
    left(of, user, Texts::of(user.language).email_left.undone)
}

fn left(of: &Envelope<'_>, user: &User, opening: &str) -> NewMail {
    let opening = vec![opening.to_owned()];
    let body = Body { opening, ..Body::default() };
    let mail = of.to_address(&user.email, user.language, MailKind::EmailLeft, body);
    NewMail { user_id: Some(user.id), ..mail }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::testing::{envelope, mia};

    fn link_in(mail: &NewMail) -> String {
        assert!(mail.subject.is_ascii() && mail.text.is_ascii() && mail.html.is_ascii());
        let links: Vec<_> = mail.text.lines().filter(|line| line.contains("://")).collect();
        assert_eq!(links.len(), 1, "{links:?}");
        links.concat()
    }

    #[test]
    fn each_mail_leads_to_where_the_change_is_confirmed_or_undone() {
        let (of, new) = (envelope(), EmailAddress::parse("new@example.org").unwrap());
        let confirm = confirm_email(&of, mia().id, &new, Language::English);
        let wanted = email_wanted(&of, &mia());
        let changed = email_changed(&of, &mia());

        let link = |path| format!("https://app.test/{path}/{}", of.id);
        assert_eq!(link_in(&confirm), link("confirm-email"));
        assert_eq!((confirm.to, confirm.to_name), (new, None));
        assert_eq!(link_in(&wanted), "https://app.test/login");
        assert_eq!(link_in(&changed), link("undo-email"));
        assert_eq!(changed.to, mia().email);
    }
}
