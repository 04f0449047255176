//! What is written when an account is to be deleted, is kept after all, or is gone.

use std::time::Duration;

use domain::{Timestamp, Token, User};
use store::NewMail;
use url::Url;

use super::{
    letter::{Action, Letter},
    messages::{footer, link, mail, to_user},
    notices::{if_not, moment, not_me},
};

/// The receipt that the account of `user` is deleted after `delete_after`, with the way
/// to keep it. It is worth sending, and its link for somebody else good, for `lifetime`.
pub fn requested(
    public_url: &Url,
    user: &User,
    delete_after: Timestamp,
    way_back: &Token,
    lifetime: Duration,
    now: Timestamp,
) -> NewMail {
    let letter = Letter {
        subject: "Your Latchkey account is going to be deleted",
        greeted: Some(&user.name),
        opening: vec![
            format!(
                "You asked us to delete your Latchkey account, and every browser has been logged \
                 out of it. On {} it will be deleted, with everything about you.",
                moment(delete_after)
            ),
            "If you would rather keep it, log in before then and take it back:".to_owned(),
        ],
        action: Some(Action { label: "Log in", url: link(public_url, &["login"]) }),
        closing: vec![
            format!(
                "If it was not you, somebody else knows your password. In that case {} The \
                 account is kept then.",
                if_not(lifetime)
            ),
            not_me(public_url, way_back).url.to_string(),
        ],
        footer: footer(public_url),
    };
    to_user(user, &letter, now + lifetime)
}

/// The notice that the account of `user` is kept. It is worth sending, and its link
/// good, for `lifetime`.
pub fn cancelled(
    public_url: &Url,
    user: &User,
    way_back: &Token,
    lifetime: Duration,
    now: Timestamp,
) -> NewMail {
    let letter = Letter {
        subject: "Your Latchkey account is kept",
        greeted: Some(&user.name),
        opening: vec![
            "Your Latchkey account was going to be deleted. Somebody logged in and took it back, \
             so it is kept. If it was you, there is nothing to do."
                .to_owned(),
            format!(
                "If it was not you, somebody else knows your password. In that case {}",
                if_not(lifetime)
            ),
        ],
        action: Some(not_me(public_url, way_back)),
        closing: Vec::new(),
        footer: footer(public_url),
    };
    to_user(user, &letter, now + lifetime)
}

/// The last mail: the account of `user` is gone. Its row keeps no name, and forgets what
/// it says once it is sent.
pub fn done(public_url: &Url, user: &User, lifetime: Duration, now: Timestamp) -> NewMail {
    let letter = Letter {
        subject: "Your Latchkey account is deleted",
        greeted: Some(&user.name),
        opening: vec![
            "As you asked, your Latchkey account is deleted, and everything about you with it. \
             This is our last mail to you. Your address stays on record for 30 days, as that of \
             this mail, and goes then too."
                .to_owned(),
        ],
        action: None,
        closing: Vec::new(),
        footer: footer(public_url),
    };
    mail(user.email.clone(), &letter, now + lifetime)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::testing::{NOW, links, mia, public_url};

    const WEEK: Duration = Duration::from_hours(7 * 24);

    #[test]
    fn the_receipt_says_until_when_and_leads_to_both_ways_back() {
        let token = Token::generate();
        let mail = requested(&public_url(), &mia(), NOW + WEEK * 2, &token, WEEK, NOW);

        let not_me = format!("https://app.test/not-me/{}", token.expose().as_str());
        assert_eq!(links(&mail.text), ["https://app.test/login", not_me.as_str()]);
        let text = mail.text.replace('\n', " ");
        assert!(text.contains("On 15 January 2026 at 00:00 UTC it will be deleted"), "{text}");
        assert!(text.contains("within 7 days"), "{text}");
        assert!(mail.html.contains(&not_me));
    }

    #[test]
    fn the_last_mail_leads_nowhere_and_its_row_has_no_name() {
        let last = done(&public_url(), &mia(), WEEK, NOW);

        assert_eq!(links(&last.text), Vec::<&str>::new());
        assert_eq!((last.to, last.to_name), (mia().email, None));
    }

    #[test]
    fn our_own_words_are_ascii() {
        let token = Token::generate();
        for mail in [
            requested(&public_url(), &mia(), NOW, &token, WEEK, NOW),
            cancelled(&public_url(), &mia(), &token, WEEK, NOW),
            done(&public_url(), &mia(), WEEK, NOW),
        ] {
            assert!(mail.subject.is_ascii() && mail.text.is_ascii() && mail.html.is_ascii());
        }
    }
}
