//! The mails about a deletion: it is requested, cancelled, or done.

use domain::{Timestamp, User};
use store::{MailPriority, NewMail};

use super::{
    envelope::Envelope,
    kind::MailKind,
    letter::Body,
    messages::log_in,
    notices::{compromise_report, moment},
    texts::Texts,
};

/// The receipt that the account of `user` will be deleted after `delete_after`, with the way to
/// keep it.
pub fn requested(of: &Envelope<'_>, user: &User, delete_after: Timestamp) -> NewMail {
    let texts = Texts::of(user.language);
    let words = &texts.deletion_requested;
    let body = Body {
        opening: vec![(words.opening)(&moment(texts, delete_after)), words.take_back.to_owned()],
        action: Some(log_in(of, texts)),
        closing: vec![
            (words.way_back)(&of.within(texts)),
            compromise_report(of, texts).url.to_string(),
        ],
    };
    of.to_user(user, MailKind::DeletionRequested, body)
}

/// The notice that the account of `user` is kept.
pub fn cancelled(of: &Envelope<'_>, user: &User) -> NewMail {
    let texts = Texts::of(user.language);
    let words = &texts.deletion_cancelled;
    let body = Body {
        opening: vec![words.opening.to_owned(), (words.way_back)(&of.within(texts))],
        action: Some(compromise_report(of, texts)),
        closing: Vec::new(),
    };
    of.to_user(user, MailKind::DeletionCancelled, body)
}

/// The last mail: the account of `user` is gone. Its row names neither the account nor the user,
/// and forgets what it says once it is sent.
pub fn done(of: &Envelope<'_>, user: &User) -> NewMail {
    let opening = vec![Texts::of(user.language).deletion_done.opening.to_owned()];
    let body = Body { opening, ..Body::default() };
    NewMail {
        user_id: None,
        to_name: None,
        priority: MailPriority::Unproven,
        ..of.to_user(user, MailKind::DeletionDone, body)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::mail::testing::{NOW, envelope, links, mia};

    const WEEK: Duration = Duration::from_hours(7 * 24);

    #[test]
    fn the_receipt_says_until_when_and_leads_to_both_ways_back() {
        let of = envelope();
        let mail = requested(&of, &mia(), NOW + WEEK * 2);

        let compromise_report = format!("https://app.test/not-me/{}", of.id);
        assert_eq!(links(&mail.text), ["https://app.test/login", compromise_report.as_str()]);
        let text = mail.text.replace('\n', " ");
        assert!(text.contains("On 15 January 2026 at 00:00 UTC we will delete"), "{text}");
        assert!(text.contains("within 1 hour"), "{text}");
        assert!(mail.html.contains(&compromise_report));
    }

    #[test]
    fn the_last_mail_leads_nowhere_and_its_row_has_no_name() {
        let last = done(&envelope(), &mia());

        assert_eq!(links(&last.text), Vec::<&str>::new());
        assert_eq!((last.to, last.to_name), (mia().email, None));
    }

    #[test]
    fn our_own_words_are_ascii() {
        let of = envelope();
        for mail in [requested(&of, &mia(), NOW), cancelled(&of, &mia()), done(&of, &mia())] {
            assert!(mail.subject.is_ascii() && mail.text.is_ascii() && mail.html.is_ascii());
        }
    }
}
