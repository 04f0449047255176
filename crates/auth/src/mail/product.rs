//! The mails of a product, in the layout of all others.

use domain::User;
use store::NewMail;

use super::{
    envelope::Envelope,
    letter::{Action, Body},
};

/// A mail of a product to one of its users, in the language of the user. `{brand}` stands for the
/// name of the product in each text.
#[derive(Clone, Debug)]
pub struct ProductMail {
    /// The subject, which is the heading as well.
    pub subject: String,
    /// The paragraphs before the link.
    pub opening: Vec<String>,
    /// The text of a link, and the segments of the path of the page that it leads to.
    pub link: Option<(&'static str, Vec<String>)>,
    /// The paragraphs after the link.
    pub closing: Vec<String>,
}

pub(crate) fn product_mail(of: &Envelope<'_>, user: &User, mail: ProductMail) -> NewMail {
    let ProductMail { subject, opening, link, closing } = mail;
    let action = link.map(|(label, segments)| {
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        Action { label, url: of.site.link(&segments) }
    });
    of.to_user_about(user, ("product", subject), Body { opening, action, closing })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::testing::{envelope, links, mia};

    #[test]
    fn a_mail_of_the_product_looks_like_the_others() {
        let mail = ProductMail {
            subject: "Your note is on {brand}".to_owned(),
            opening: vec!["It was published on {brand}.".to_owned()],
            link: Some(("Read it", vec!["published".to_owned(), "a/b".to_owned()])),
            closing: vec![],
        };

        let mail = product_mail(&envelope(), &mia(), mail);

        assert_eq!((mail.kind, mail.subject.as_str()), ("product", "Your note is on Example"));
        assert!(mail.text.starts_with("Hello Mia Muster,\n\nIt was published on Example."));
        assert_eq!(links(&mail.text), ["https://app.test/published/a%2Fb"]);
    }
}
