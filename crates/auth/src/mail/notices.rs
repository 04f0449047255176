//! Notices to the owner about actions that another person may have taken, each with a link to report
//! a compromise and no link that logs in. The mail that follows such a report, [`taken_back`], has a
//! link to a new password.

use std::time::Duration;

use domain::{Timestamp, User, UserAgent};
use store::NewMail;
use time::OffsetDateTime;

use super::{
    envelope::Envelope,
    kind::MailKind,
    letter::{Action, Body},
    messages::set_password,
    texts::Texts,
};
use crate::Client;

/// How long a notice is sent, and how long its link is valid.
pub const NOTICE_LIFETIME: Duration = Duration::from_hours(7 * 24);

/// The notice that the password of `user` has changed.
pub fn password_changed(of: &Envelope<'_>, user: &User) -> NewMail {
    let texts = Texts::of(user.language);
    let words = &texts.password_changed;
    let body = Body {
        opening: vec![words.opening.to_owned(), (words.way_back)(&of.within(texts))],
        action: Some(compromise_report(of, texts)),
        closing: vec![words.mailbox.to_owned()],
    };
    of.to_user(user, MailKind::PasswordChanged, body)
}

/// The notice that `client`, a browser unknown until now, has logged in to the account of `user`.
pub fn new_device(of: &Envelope<'_>, user: &User, client: &Client, now: Timestamp) -> NewMail {
    let texts = Texts::of(user.language);
    let words = &texts.new_device;
    let device = (texts.device)(UserAgent::parse(&client.user_agent));
    let body = Body {
        opening: vec![
            (words.opening)(&device, client.address, &moment(texts, now)),
            (words.way_back)(&of.within(texts)),
        ],
        action: Some(compromise_report(of, texts)),
        closing: Vec::new(),
    };
    of.to_user(user, MailKind::NewDevice, body)
}

/// The link with which `user` sets a new password after a compromise report.
pub fn taken_back(of: &Envelope<'_>, user: &User) -> NewMail {
    let texts = Texts::of(user.language);
    let words = &texts.taken_back;
    let body = Body {
        opening: vec![words.opening.to_owned(), (words.link)(&of.within(texts))],
        action: Some(set_password(of, texts)),
        closing: vec![texts.works_once.to_owned()],
    };
    of.to_user(user, MailKind::TakenBack, body)
}

/// A moment, to the minute.
pub(super) fn moment(texts: &Texts, at: Timestamp) -> String {
    let at = OffsetDateTime::from_unix_timestamp(at.as_seconds());
    (texts.moment)(at.unwrap_or(OffsetDateTime::UNIX_EPOCH))
}

pub(super) fn compromise_report(of: &Envelope<'_>, texts: &Texts) -> Action {
    Action { label: texts.compromise_report, url: of.link("not-me") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::testing::{NOW, envelope, links, mia};

    fn client() -> Client {
        let agent = "Mozilla/5.0 (Windows NT 10.0; rv:145.0) Gecko/20100101 Firefox/145.0";
        Client::new([192, 0, 2, 7].into(), agent)
    }

    #[test]
    fn every_notice_has_the_way_to_say_that_it_was_somebody_else() {
        let of = envelope();
        let expected = format!("https://app.test/not-me/{}", of.id);
        for notice in [password_changed(&of, &mia()), new_device(&of, &mia(), &client(), NOW)] {
            assert_eq!(links(&notice.text), [expected.as_str()]);
            assert!(notice.text.replace('\n', " ").contains("within 1 hour."));
            assert_eq!(notice.expires_at, of.expires_at);
        }
    }

    #[test]
    fn the_mail_about_a_log_in_says_what_when_and_from_where() {
        let mail = new_device(&envelope(), &mia(), &client(), NOW);

        let seen = "Firefox on Windows, from 192.0.2.7, on 1 January 2026 at 00:00 UTC";
        assert!(mail.text.replace('\n', " ").contains(seen), "{}", mail.text);
        assert!(mail.html.contains(seen));
    }

    #[test]
    fn who_takes_an_account_back_is_led_to_a_new_password() {
        let mail = taken_back(&envelope(), &mia());
        assert!(links(&mail.text)[0].starts_with("https://app.test/reset-password/"));
    }

    /// Pure ASCII survives every mail server without re-encoding.
    #[test]
    fn our_own_words_are_ascii() {
        let of = envelope();
        for mail in [
            password_changed(&of, &mia()),
            new_device(&of, &mia(), &client(), NOW),
            taken_back(&of, &mia()),
        ] {
            assert!(mail.subject.is_ascii() && mail.text.is_ascii() && mail.html.is_ascii());
        }
    }
}
