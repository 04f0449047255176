//! The mails of invitations.

use domain::{EmailAddress, Language, User};
use store::NewMail;

use super::{
    envelope::Envelope,
    kind::MailKind,
    letter::{Action, Body},
    messages::log_in,
    texts::Texts,
};

/// The link by which the owner of a free address makes the account. Says no word that the inviter
/// chose (MAI-03).
pub fn invitation(of: &Envelope<'_>, email: &EmailAddress, language: Language) -> NewMail {
    let texts = Texts::of(language);
    let words = &texts.user_invitation;
    let body = Body {
        opening: vec![(words.opening)(&of.within(texts))],
        action: Some(Action { label: words.action, url: of.link("invitation") }),
        closing: vec![words.ignore.to_owned()],
    };
    of.to_address(email, language, MailKind::UserInvitation, body)
}

/// The notice to `user`, who was invited and has an account already.
pub fn has_account(of: &Envelope<'_>, user: &User) -> NewMail {
    let texts = Texts::of(user.language);
    let words = &texts.invited_account;
    let body = Body {
        opening: vec![words.opening.to_owned()],
        action: Some(log_in(of, texts)),
        closing: vec![
            texts.account_exists.forgotten.to_owned(),
            of.site.link(&["forgot-password"]).to_string(),
        ],
    };
    of.for_stranger(user, MailKind::InvitedAccount, body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::testing::{envelope, links, mia};

    #[test]
    fn an_invitation_leads_to_the_account_and_says_how_long() {
        let of = envelope();
        for language in Language::ALL {
            let mail = invitation(&of, &mia().email, language);

            let link = format!("https://app.test/invitation/{}", of.id);
            assert_eq!(links(&mail.text), [link.as_str()]);
            assert_eq!((mail.user_id, mail.to_name, mail.to), (None, None, mia().email));
        }
    }

    #[test]
    fn the_owner_of_an_account_is_told_to_log_in() {
        let mail = has_account(&envelope(), &mia());

        let expected = ["https://app.test/login", "https://app.test/forgot-password"];
        assert_eq!(links(&mail.text), expected);
    }
}
