//! The tokens and codes of mails.
//!
//! The token of a mail's link is derived from the id of the mail and a key. So the outbox holds no
//! link, and every try to send a mail has the same one. The code beside a link is derived in the same
//! way, so that a mail can be written later than what it proves is stored.

use domain::{ConfirmationCode, Token};
use store::{ClaimedMail, MailId};

use crate::keys::MacKey;

/// The key of the tokens.
#[derive(Clone, Debug)]
pub struct LinkKey(MacKey);

impl LinkKey {
    /// The tokens that come from `key`.
    pub const fn new(key: MacKey) -> Self {
        Self(key)
    }

    /// The token of the link in the mail with this id.
    pub fn token(&self, id: MailId) -> Token {
        Token::from_bytes(self.0.sign(&[id.as_bytes()]))
    }

    /// The code in the mail with this id.
    pub fn code(&self, id: MailId) -> ConfirmationCode {
        ConfirmationCode::from_bytes(&self.0.sign(&[id.as_bytes(), b"code"]))
    }

    /// The mail with the token in place of its id, as it is sent.
    pub(super) fn complete(&self, mail: ClaimedMail) -> ClaimedMail {
        let (id, token) = (mail.id.to_string(), self.token(mail.id).expose());
        let [text, html] = [&mail.text, &mail.html].map(|body| body.replace(&id, &token));
        ClaimedMail { text, html, ..mail }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        keys::{KeyPurpose, SecretKey},
        mail::testing::{self, NOW, new_mail},
    };

    fn key(secret: u8) -> LinkKey {
        LinkKey::new(SecretKey::new(vec![secret; 32]).unwrap().derive(KeyPurpose::MailLink))
    }

    #[test]
    fn a_mail_has_one_code_which_needs_the_key() {
        let id = MailId::generate();

        assert_eq!(key(1).code(id), key(1).code(id));
        assert_ne!(key(1).code(id), key(2).code(id));
        assert_ne!(key(1).code(id), key(1).code(MailId::generate()));
    }

    /// RST-02, RAC-06: another key, which a copy of the database does not have, or another mail.
    #[tokio::test]
    async fn a_mail_gets_the_same_link_at_every_try_and_no_other_mail_has_it() {
        let id = MailId::generate();
        let store = testing::store().await;
        let [text, html] =
            ["a/{}\n", "<a href=\"a/{}\">a/{}</a>"].map(|it| it.replace("{}", &id.to_string()));
        let mail = store::NewMail { id, text, html, ..new_mail("mia@example.org") };
        testing::queue(&store, mail).await;
        let claimed = testing::claim(&store, NOW).await.remove(0);

        let sent = key(1).complete(claimed);

        let token = key(1).token(id).expose();
        assert_eq!(sent.text, format!("a/{}\n", *token));
        assert_eq!(sent.html, format!("<a href=\"a/{0}\">a/{0}</a>", *token));
        assert_ne!(token, key(2).token(id).expose());
        assert_ne!(token, key(1).token(MailId::generate()).expose());
    }
}
