//! The notices: what an owner is told about actions that another person may have taken. Each
//! carries the link of a compromise report and no link that logs in.

use std::time::Duration;

use domain::{Timestamp, Token, User, UserAgent};
use store::NewMail;
use time::OffsetDateTime;

use super::{
    greeted::Greeted,
    kind::MailKind,
    letter::{Action, Letter},
    messages::{set_password, to_user},
    site::MailSite,
    texts::Texts,
};
use crate::Client;

/// How long a notice is sent, and how long its link is valid.
pub const NOTICE_LIFETIME: Duration = Duration::from_hours(7 * 24);

/// The notice that the password of `user` has changed. The mail and its link are valid for
/// `lifetime`.
pub fn password_changed(
    site: &MailSite,
    user: &User,
    way_back: &Token,
    lifetime: Duration,
    now: Timestamp,
) -> NewMail {
    let texts = Texts::of(user.language);
    let words = &texts.password_changed;
    let letter = Letter {
        greeted: Greeted::of(user),
        opening: vec![words.opening.to_owned(), (words.way_back)(&texts.within(lifetime))],
        action: Some(compromise_report(site, texts, way_back)),
        closing: vec![words.mailbox.to_owned()],
        ..Letter::of(site, texts, MailKind::PasswordChanged)
    };
    to_user(user, &letter, now + lifetime)
}

/// The notice that `client`, a browser unknown until now, has logged in to the account of `user`.
/// The mail and its link are valid for `lifetime`.
pub fn new_device(
    site: &MailSite,
    user: &User,
    client: &Client,
    way_back: &Token,
    lifetime: Duration,
    now: Timestamp,
) -> NewMail {
    let texts = Texts::of(user.language);
    let words = &texts.new_device;
    let device = (texts.device)(UserAgent::parse(&client.user_agent));
    let letter = Letter {
        greeted: Greeted::of(user),
        opening: vec![
            (words.opening)(&device, client.address, &moment(texts, now)),
            (words.way_back)(&texts.within(lifetime)),
        ],
        action: Some(compromise_report(site, texts, way_back)),
        closing: Vec::new(),
        ..Letter::of(site, texts, MailKind::NewDevice)
    };
    to_user(user, &letter, now + lifetime)
}

/// The link with which `user` sets a new password after a compromise report, valid for `lifetime`.
pub fn taken_back(
    site: &MailSite,
    user: &User,
    token: &Token,
    lifetime: Duration,
    now: Timestamp,
) -> NewMail {
    let texts = Texts::of(user.language);
    let words = &texts.taken_back;
    let letter = Letter {
        greeted: Greeted::of(user),
        opening: vec![words.opening.to_owned(), (words.link)(&texts.within(lifetime))],
        action: Some(set_password(site, texts, token)),
        closing: vec![texts.works_once.to_owned()],
        ..Letter::of(site, texts, MailKind::TakenBack)
    };
    to_user(user, &letter, now + lifetime)
}

/// A moment, to the minute.
pub(super) fn moment(texts: &Texts, at: Timestamp) -> String {
    let at = OffsetDateTime::from_unix_timestamp(at.as_seconds());
    (texts.moment)(at.unwrap_or(OffsetDateTime::UNIX_EPOCH))
}

pub(super) fn compromise_report(site: &MailSite, texts: &Texts, token: &Token) -> Action {
    Action { label: texts.compromise_report, url: site.link(&["not-me", &token.expose()]) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::testing::{NOW, links, mia, site};

    const HOUR: Duration = Duration::from_hours(1);

    fn client() -> Client {
        let agent = "Mozilla/5.0 (Windows NT 10.0; rv:145.0) Gecko/20100101 Firefox/145.0";
        Client::new([192, 0, 2, 7].into(), agent)
    }

    #[test]
    fn every_notice_has_the_way_to_say_that_it_was_somebody_else() {
        let link = Token::generate();
        let expected = format!("https://app.test/not-me/{}", link.expose().as_str());
        for notice in [
            password_changed(&site(), &mia(), &link, HOUR, NOW),
            new_device(&site(), &mia(), &client(), &link, HOUR, NOW),
        ] {
            assert_eq!(links(&notice.text), [expected.as_str()]);
            assert!(notice.text.replace('\n', " ").contains("within 1 hour."));
            assert_eq!(notice.expires_at, NOW + HOUR);
        }
    }

    #[test]
    fn the_mail_about_a_log_in_says_what_when_and_from_where() {
        let mail = new_device(&site(), &mia(), &client(), &Token::generate(), HOUR, NOW);

        let seen = "Firefox on Windows, from 192.0.2.7, on 1 January 2026 at 00:00 UTC";
        assert!(mail.text.replace('\n', " ").contains(seen), "{}", mail.text);
        assert!(mail.html.contains(seen));
    }

    #[test]
    fn who_takes_an_account_back_is_led_to_a_new_password() {
        let mail = taken_back(&site(), &mia(), &Token::generate(), HOUR, NOW);
        assert!(links(&mail.text)[0].starts_with("https://app.test/reset-password/"));
    }

    /// Pure ASCII survives every mail server without re-encoding.
    #[test]
    fn our_own_words_are_ascii() {
        let token = Token::generate();
        for mail in [
            password_changed(&site(), &mia(), &token, HOUR, NOW),
            new_device(&site(), &mia(), &client(), &token, HOUR, NOW),
            taken_back(&site(), &mia(), &token, HOUR, NOW),
        ] {
            assert!(mail.subject.is_ascii() && mail.text.is_ascii() && mail.html.is_ascii());
        }
    }
}
