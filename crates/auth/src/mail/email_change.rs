//! The mails about a change of address: to the new address, to the old one, and to the owner of an
//! address that another account asked for.

use std::time::Duration;

use domain::{EmailAddress, Language, Timestamp, Token, User, UserId};
use store::NewMail;

use super::{
    greeted::Greeted,
    kind::MailKind,
    letter::{Action, Letter},
    messages::{mail, strangers, to_user},
    site::MailSite,
    texts::Texts,
};

/// The link that proves `email` for the user, valid for `lifetime`. It greets without a name: the
/// recipient may be a stranger to the person who chose the name.
pub fn confirm_email(
    site: &MailSite,
    user_id: UserId,
    (email, language): (&EmailAddress, Language),
    token: &Token,
    lifetime: Duration,
    now: Timestamp,
) -> NewMail {
    let texts = Texts::of(language);
    let words = &texts.confirm_email;
    let url = site.link(&["confirm-email", &token.expose()]);
    let letter = Letter {
        opening: vec![(words.opening)(&texts.within(lifetime))],
        action: Some(Action { label: words.action, url }),
        closing: vec![words.ignore.to_owned()],
        ..Letter::of(site, texts, MailKind::ConfirmEmail)
    };
    NewMail { user_id: Some(user_id), ..mail(email.clone(), &letter, now + lifetime) }
}

/// The notice to `user` that another account asked for the user's address.
pub fn email_wanted(site: &MailSite, user: &User, lifetime: Duration, now: Timestamp) -> NewMail {
    let texts = Texts::of(user.language);
    let words = &texts.email_wanted;
    let letter = Letter {
        greeted: Greeted::of(user),
        opening: vec![words.opening.to_owned()],
        action: Some(Action { label: texts.log_in, url: site.link(&["login"]) }),
        closing: Vec::new(),
        ..Letter::of(site, texts, MailKind::EmailWanted)
    };
    strangers(to_user(user, &letter, now + lifetime))
}

/// The notice to the address that `user` had so far, with the way back to it.
pub fn email_changed(
    site: &MailSite,
    user: &User,
    token: &Token,
    lifetime: Duration,
    now: Timestamp,
) -> NewMail {
    let texts = Texts::of(user.language);
    let words = &texts.email_changed;
    let url = site.link(&["undo-email", &token.expose()]);
    let letter = Letter {
        greeted: Greeted::of(user),
        opening: vec![words.opening.to_owned(), (words.way_back)(&texts.within(lifetime))],
        action: Some(Action { label: texts.compromise_report, url }),
        closing: Vec::new(),
        ..Letter::of(site, texts, MailKind::EmailChanged)
    };
    to_user(user, &letter, now + lifetime)
}

/// The notice to an unproven old address of `user`. It offers no way back, which would hand the
/// account to the owner of that mailbox, and says no name, because that may be a stranger.
pub fn email_left(site: &MailSite, user: &User, lifetime: Duration, now: Timestamp) -> NewMail {
    let texts = Texts::of(user.language);
    let words = &texts.email_left;
    let letter = Letter {
        opening: vec![words.opening.to_owned()],
        closing: Vec::new(),
        ..Letter::of(site, texts, MailKind::EmailLeft)
    };
    NewMail { user_id: Some(user.id), ..mail(user.email.clone(), &letter, now + lifetime) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::testing::{NOW, mia, site};

    const HOUR: Duration = Duration::from_hours(1);

    fn address(text: &str) -> EmailAddress {
        EmailAddress::parse(text).unwrap()
    }

    fn link_in(mail: &NewMail) -> String {
        assert!(mail.subject.is_ascii() && mail.text.is_ascii() && mail.html.is_ascii());
        let links: Vec<_> = mail.text.lines().filter(|line| line.contains("://")).collect();
        assert_eq!(links.len(), 1, "{links:?}");
        links.concat()
    }

    #[test]
    fn each_mail_leads_to_where_the_change_is_confirmed_or_undone() {
        let (new, token) = (address("new@example.org"), Token::generate());
        let to = (&new, Language::English);
        let confirm = confirm_email(&site(), mia().id, to, &token, HOUR, NOW);
        let wanted = email_wanted(&site(), &mia(), HOUR, NOW);
        let changed = email_changed(&site(), &mia(), &token, HOUR, NOW);

        let token = token.expose();
        let link = |path| format!("https://app.test/{path}/{}", token.as_str());
        assert_eq!(link_in(&confirm), link("confirm-email"));
        assert_eq!((confirm.to, confirm.to_name), (new, None));
        assert_eq!(link_in(&wanted), "https://app.test/login");
        assert_eq!(link_in(&changed), link("undo-email"));
        assert_eq!(changed.to, mia().email);
    }
}
