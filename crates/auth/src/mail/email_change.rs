//! What is written when an account gets another address: to the new one, to the old
//! one, and to somebody whose address was asked for.

use std::time::Duration;

use domain::{EmailAddress, Timestamp, Token, User};
use store::NewMail;
use url::Url;

use super::{
    letter::{Action, Letter},
    messages::{footer, in_words, link, mail, to_user},
};

/// The link by which somebody shows to read mail to `email`, good for `lifetime`. It
/// greets nobody: the name would be a stranger's words in a mailbox of anybody's.
pub fn confirm_email(
    public_url: &Url,
    email: &EmailAddress,
    token: &Token,
    lifetime: Duration,
    now: Timestamp,
) -> NewMail {
    let letter = Letter {
        subject: "Confirm your new address for Latchkey",
        greeted: None,
        opening: vec![format!(
            "Somebody, probably you, wants to use {email} for a Latchkey account. To confirm \
             it, open this link within {}:",
            in_words(lifetime)
        )],
        action: Some(Action {
            label: "Confirm this address",
            url: link(public_url, &["confirm-email", &token.expose()]),
        }),
        closing: vec!["If you did not ask for this, ignore this mail: nothing changes.".to_owned()],
        footer: footer(public_url),
    };
    mail(email.clone(), &letter, now + lifetime)
}

/// The notice that somebody wanted the address of `user` for another account.
pub fn email_wanted(public_url: &Url, user: &User, lifetime: Duration, now: Timestamp) -> NewMail {
    let letter = Letter {
        subject: "Your address was asked for on Latchkey",
        greeted: Some(&user.name),
        opening: vec![
            "Somebody wanted to use your address for another Latchkey account. It is that of \
             your account already, so nothing has changed. If it was you, log in with it here:"
                .to_owned(),
        ],
        action: Some(Action { label: "Log in", url: link(public_url, &["login"]) }),
        closing: Vec::new(),
        footer: footer(public_url),
    };
    to_user(user, &letter, now + lifetime)
}

/// The notice to the address that `user` had so far, with the way back to it.
pub fn email_changed(
    public_url: &Url,
    user: &User,
    token: &Token,
    lifetime: Duration,
    now: Timestamp,
) -> NewMail {
    let letter = Letter {
        subject: "The address of your Latchkey account was changed",
        greeted: Some(&user.name),
        opening: vec![
            "Your Latchkey account has another address now, and this one does not open it any \
             more. If it was you, there is nothing to do."
                .to_owned(),
            format!(
                "If it was not you, take the account back with this link within {}. It brings \
                 this address back, logs out everybody, and sends you a link to set a new \
                 password:",
                in_words(lifetime)
            ),
        ],
        action: Some(Action {
            label: "This was not me",
            url: link(public_url, &["undo-email", &token.expose()]),
        }),
        closing: Vec::new(),
        footer: footer(public_url),
    };
    to_user(user, &letter, now + lifetime)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::testing::{NOW, mia, public_url};

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
        let confirm = confirm_email(&public_url(), &new, &token, HOUR, NOW);
        let wanted = email_wanted(&public_url(), &mia(), HOUR, NOW);
        let changed = email_changed(&public_url(), &mia(), &token, HOUR, NOW);

        let token = token.expose();
        let link = |path| format!("https://app.test/{path}/{}", token.as_str());
        assert_eq!(link_in(&confirm), link("confirm-email"));
        assert_eq!((confirm.to, confirm.to_name), (new, None));
        assert_eq!(link_in(&wanted), "https://app.test/login");
        assert_eq!(link_in(&changed), link("undo-email"));
        assert_eq!(changed.to, mia().email);
    }
}
