//! What every mail has: a site, an id and a lifetime. Makes a letter into a row of the outbox.

use std::time::Duration;

use domain::{EmailAddress, Language, Timestamp, User};
use store::{MailId, MailPriority, NewMail};
use url::Url;

use super::{
    greeted::{self, Greeted},
    kind::MailKind,
    letter::{Body, Letter},
    site::MailSite,
    texts::Texts,
};

/// The site, the id and the life of one mail.
#[derive(Clone, Debug)]
pub struct Envelope<'a> {
    /// The site that writes.
    pub(super) site: &'a MailSite,
    /// The id of the mail, from which the token of its link is derived.
    pub(crate) id: MailId,
    /// How long the mail and its link are good.
    pub(super) lifetime: Duration,
    /// The end of that time.
    pub(crate) expires_at: Timestamp,
}

impl<'a> Envelope<'a> {
    /// The envelope of a mail that is good for `lifetime` from `now` on.
    pub fn new(site: &'a MailSite, id: MailId, lifetime: Duration, now: Timestamp) -> Self {
        Self { site, id, lifetime, expires_at: now + lifetime }
    }

    /// The page of the link of this mail, with the id in place of the token.
    pub(super) fn link(&self, page: &str) -> Url {
        self.site.link(&[page, &self.id.to_string()])
    }

    /// The lifetime in words.
    pub(super) fn within(&self, texts: &Texts) -> String {
        texts.within(self.lifetime)
    }

    /// A mail to a user, with the name if the address is proven.
    pub(super) fn to_user(&self, user: &User, kind: MailKind, body: Body) -> NewMail {
        let subject = kind.subject(user.language).to_owned();
        self.to_user_about(user, (kind.name(), subject), body)
    }

    /// As [`Self::to_user`], with the kind and the subject of a product's mail.
    pub(super) fn to_user_about(
        &self,
        user: &User,
        (kind, subject): (&'static str, String),
        body: Body,
    ) -> NewMail {
        let greeted = Greeted::of(user);
        let letter =
            Letter { texts: Texts::of(user.language), subject, greeted, body, site: self.site };
        NewMail {
            user_id: Some(user.id),
            to_name: greeted.map(|greeted| greeted.name().clone()),
            priority: greeted::priority(user),
            ..self.seal(kind, &letter, &user.email)
        }
    }

    /// A mail to an owner that anyone can cause, so that it goes after those that owners wait for.
    pub(super) fn for_stranger(&self, user: &User, kind: MailKind, body: Body) -> NewMail {
        NewMail { priority: MailPriority::Unproven, ..self.to_user(user, kind, body) }
    }

    /// A mail to an address, without a name.
    pub(super) fn to_address(
        &self,
        email: &EmailAddress,
        language: Language,
        kind: MailKind,
        body: Body,
    ) -> NewMail {
        let (texts, subject) = (Texts::of(language), kind.subject(language).to_owned());
        let letter = Letter { texts, subject, greeted: None, body, site: self.site };
        self.seal(kind.name(), &letter, email)
    }

    fn seal(&self, kind: &'static str, letter: &Letter<'_>, to: &EmailAddress) -> NewMail {
        NewMail {
            id: self.id,
            user_id: None,
            kind,
            priority: MailPriority::Unproven,
            to: to.clone(),
            to_name: None,
            language: letter.texts.language,
            subject: letter.subject_line(),
            text: letter.text(),
            html: letter.html(),
            expires_at: self.expires_at,
        }
    }
}
