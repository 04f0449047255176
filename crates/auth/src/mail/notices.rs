//! The notices: what an owner is told of what may have been somebody else. Each carries
//! the way to say so, and no link that logs in.

use std::time::Duration;

use domain::{Timestamp, Token, User, UserAgent};
use store::NewMail;
use time::OffsetDateTime;
use url::Url;

use super::{
    letter::{Action, Letter},
    messages::{footer, in_words, link, set_password, to_user},
};
use crate::Client;

/// The notice that the password of `user` has changed. It is worth sending, and its
/// link good, for `lifetime`.
pub fn password_changed(
    public_url: &Url,
    user: &User,
    way_back: &Token,
    lifetime: Duration,
    now: Timestamp,
) -> NewMail {
    let letter = Letter {
        subject: "Your Latchkey password was changed",
        greeted: Some(&user.name),
        opening: vec![
            "The password of your Latchkey account was changed, and other browsers that were \
             logged in to it have been logged out. If it was you, there is nothing to do."
                .to_owned(),
            format!("If it was not you, {}", if_not(lifetime)),
        ],
        action: Some(not_me(public_url, way_back)),
        closing: vec![
            "Choose a new password for your mailbox too: somebody else may read your mail."
                .to_owned(),
        ],
        footer: footer(public_url),
    };
    to_user(user, &letter, now + lifetime)
}

/// The notice that `client`, a browser unknown until now, has logged in to the account
/// of `user`. It is worth sending, and its link good, for `lifetime`.
pub fn new_device(
    public_url: &Url,
    user: &User,
    client: &Client,
    way_back: &Token,
    lifetime: Duration,
    now: Timestamp,
) -> NewMail {
    let device = in_known_names(UserAgent::parse(&client.user_agent));
    let letter = Letter {
        subject: "A new browser logged in to your Latchkey account",
        greeted: Some(&user.name),
        opening: vec![
            format!(
                "Somebody logged in to your Latchkey account from a browser that had not done \
                 so before: {device}, at the address {}, on {}. If it was you, there is nothing \
                 to do.",
                client.address,
                moment(now)
            ),
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

/// The link by which `user`, who said that somebody else was in their account, sets a
/// new password, good for `lifetime`.
pub fn taken_back(
    public_url: &Url,
    user: &User,
    token: &Token,
    lifetime: Duration,
    now: Timestamp,
) -> NewMail {
    let letter = Letter {
        subject: "Take your Latchkey account back",
        greeted: Some(&user.name),
        opening: vec![
            "You told us that somebody else was in your Latchkey account. Everybody has been \
             logged out of it, and the old password opens it no more."
                .to_owned(),
            format!("To choose a new one, open this link within {}:", in_words(lifetime)),
        ],
        action: Some(set_password(public_url, token)),
        closing: vec![
            "The link works once. If it has expired, ask for another one with \"Forgot \
             password\" on the log-in page."
                .to_owned(),
        ],
        footer: footer(public_url),
    };
    to_user(user, &letter, now + lifetime)
}

/// What the link of a notice does, as the end of a sentence.
pub(super) fn if_not(lifetime: Duration) -> String {
    format!(
        "open this link within {}. It logs everybody out of your account, makes the password \
         worthless and has us send you a link to choose another:",
        in_words(lifetime)
    )
}

pub(super) fn not_me(public_url: &Url, token: &Token) -> Action {
    Action { label: "This was not me", url: link(public_url, &["not-me", &token.expose()]) }
}

/// A browser and its system, as far as they are known.
fn in_known_names(device: UserAgent) -> String {
    let browser = device.browser.unwrap_or("an unknown browser");
    device.system.map_or(browser.to_owned(), |system| format!("{browser} on {system}"))
}

/// A moment, to the minute.
pub(super) fn moment(at: Timestamp) -> String {
    let at =
        OffsetDateTime::from_unix_timestamp(at.as_seconds()).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let (day, month, year) = (at.day(), at.month(), at.year());
    format!("{day} {month} {year} at {:02}:{:02} UTC", at.hour(), at.minute())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::testing::{NOW, links, mia, public_url};

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
            password_changed(&public_url(), &mia(), &link, HOUR, NOW),
            new_device(&public_url(), &mia(), &client(), &link, HOUR, NOW),
        ] {
            assert_eq!(links(&notice.text), [expected.as_str()]);
            assert!(notice.text.replace('\n', " ").contains("within 1 hour."));
            assert_eq!(notice.expires_at, NOW + HOUR);
        }
    }

    #[test]
    fn the_mail_about_a_log_in_says_what_when_and_from_where() {
        let mail = new_device(&public_url(), &mia(), &client(), &Token::generate(), HOUR, NOW);

        let seen = "Firefox on Windows, at the address 192.0.2.7, on 1 January 2026 at 00:00 UTC";
        assert!(mail.text.replace('\n', " ").contains(seen), "{}", mail.text);
        assert!(mail.html.contains(seen));
    }

    #[test]
    fn who_takes_an_account_back_is_led_to_a_new_password() {
        let mail = taken_back(&public_url(), &mia(), &Token::generate(), HOUR, NOW);
        assert!(links(&mail.text)[0].starts_with("https://app.test/reset-password/"));
    }

    /// Pure ASCII survives every mail server without re-encoding.
    #[test]
    fn our_own_words_are_ascii() {
        let token = Token::generate();
        for mail in [
            password_changed(&public_url(), &mia(), &token, HOUR, NOW),
            new_device(&public_url(), &mia(), &client(), &token, HOUR, NOW),
            taken_back(&public_url(), &mia(), &token, HOUR, NOW),
        ] {
            assert!(mail.subject.is_ascii() && mail.text.is_ascii() && mail.html.is_ascii());
        }
    }
}
