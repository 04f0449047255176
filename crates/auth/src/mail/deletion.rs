//! The mails about a deletion: it is requested, cancelled, or done.

use std::time::Duration;

use domain::{Timestamp, Token, User};
use store::NewMail;

use super::{
    greeted::Greeted,
    kind::MailKind,
    letter::{Action, Letter},
    messages::{mail, to_user},
    notices::{compromise_report, moment},
    site::MailSite,
    texts::Texts,
};

/// The receipt that the account of `user` will be deleted after `delete_after`, with the way to
/// keep it. The mail and the link of its compromise report are valid for `lifetime`.
pub fn requested(
    site: &MailSite,
    user: &User,
    delete_after: Timestamp,
    way_back: &Token,
    lifetime: Duration,
    now: Timestamp,
) -> NewMail {
    let texts = Texts::of(user.language);
    let words = &texts.deletion_requested;
    let letter = Letter {
        greeted: Greeted::of(user),
        opening: vec![(words.opening)(&moment(texts, delete_after)), words.take_back.to_owned()],
        action: Some(Action { label: texts.log_in, url: site.link(&["login"]) }),
        closing: vec![
            (words.way_back)(&texts.within(lifetime)),
            compromise_report(site, texts, way_back).url.to_string(),
        ],
        ..Letter::of(site, texts, MailKind::DeletionRequested)
    };
    to_user(user, &letter, now + lifetime)
}

/// The notice that the account of `user` is kept. The mail and its link are valid for `lifetime`.
pub fn cancelled(
    site: &MailSite,
    user: &User,
    way_back: &Token,
    lifetime: Duration,
    now: Timestamp,
) -> NewMail {
    let texts = Texts::of(user.language);
    let words = &texts.deletion_cancelled;
    let letter = Letter {
        greeted: Greeted::of(user),
        opening: vec![words.opening.to_owned(), (words.way_back)(&texts.within(lifetime))],
        action: Some(compromise_report(site, texts, way_back)),
        closing: Vec::new(),
        ..Letter::of(site, texts, MailKind::DeletionCancelled)
    };
    to_user(user, &letter, now + lifetime)
}

/// The last mail: the account of `user` is gone. Its row keeps no name, and forgets what
/// it says once it is sent.
pub fn done(site: &MailSite, user: &User, lifetime: Duration, now: Timestamp) -> NewMail {
    let texts = Texts::of(user.language);
    let words = &texts.deletion_done;
    let letter = Letter {
        greeted: Greeted::of(user),
        opening: vec![words.opening.to_owned()],
        closing: Vec::new(),
        ..Letter::of(site, texts, MailKind::DeletionDone)
    };
    mail(user.email.clone(), &letter, now + lifetime)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::testing::{NOW, links, mia, site};

    const WEEK: Duration = Duration::from_hours(7 * 24);

    #[test]
    fn the_receipt_says_until_when_and_leads_to_both_ways_back() {
        let token = Token::generate();
        let mail = requested(&site(), &mia(), NOW + WEEK * 2, &token, WEEK, NOW);

        let compromise_report = format!("https://app.test/not-me/{}", token.expose().as_str());
        assert_eq!(links(&mail.text), ["https://app.test/login", compromise_report.as_str()]);
        let text = mail.text.replace('\n', " ");
        assert!(text.contains("On 15 January 2026 at 00:00 UTC we will delete"), "{text}");
        assert!(text.contains("within 7 days"), "{text}");
        assert!(mail.html.contains(&compromise_report));
    }

    #[test]
    fn the_last_mail_leads_nowhere_and_its_row_has_no_name() {
        let last = done(&site(), &mia(), WEEK, NOW);

        assert_eq!(links(&last.text), Vec::<&str>::new());
        assert_eq!((last.to, last.to_name), (mia().email, None));
    }

    #[test]
    fn our_own_words_are_ascii() {
        let token = Token::generate();
        for mail in [
            requested(&site(), &mia(), NOW, &token, WEEK, NOW),
            cancelled(&site(), &mia(), &token, WEEK, NOW),
            done(&site(), &mia(), WEEK, NOW),
        ] {
            assert!(mail.subject.is_ascii() && mail.text.is_ascii() && mail.html.is_ascii());
        }
    }
}
