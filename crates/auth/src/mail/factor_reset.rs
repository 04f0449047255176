//! The mails about a reset of lost second factors: the link that starts the waiting period, the
//! notices during it, and the notices that the reset was stopped or completed.

use std::time::Duration;

use domain::{Timestamp, User};
use store::NewMail;

use super::{
    envelope::Envelope,
    kind::MailKind,
    letter::{Action, Body},
    messages::log_in,
    notices::{compromise_report, moment},
    texts::Texts,
};

/// The mail to `user`, who gave the right password, with the link that starts the waiting period.
pub(crate) fn link(of: &Envelope<'_>, user: &User, wait: Duration) -> NewMail {
    let texts = Texts::of(user.language);
    let words = &texts.factor_reset_link;
    let body = Body {
        opening: vec![(words.opening)(&of.within(texts)), (words.wait)(&texts.within(wait))],
        action: Some(Action { label: words.action, url: of.link("factor-reset") }),
        closing: vec![words.ignore.to_owned()],
    };
    of.to_user(user, MailKind::FactorResetLink, body)
}

/// The notice to `user` that the factors will be removed at `at`, with the link that stops this.
pub(crate) fn pending(of: &Envelope<'_>, user: &User, at: Timestamp) -> NewMail {
    let texts = Texts::of(user.language);
    let words = &texts.factor_reset_pending;
    let body = Body {
        opening: vec![(words.opening)(&moment(texts, at)), words.stop.to_owned()],
        action: Some(Action { label: words.action, url: of.link("keep-factors") }),
        closing: vec![words.wanted.to_owned()],
    };
    of.to_user(user, MailKind::FactorResetPending, body)
}

/// The notice to `user` that the reset was stopped and the factors stay.
pub(crate) fn stopped(of: &Envelope<'_>, user: &User) -> NewMail {
    let texts = Texts::of(user.language);
    let words = &texts.factor_reset_stopped;
    let body = Body {
        opening: vec![words.opening.to_owned(), (words.way_back)(&of.within(texts))],
        action: Some(compromise_report(of, texts)),
        closing: Vec::new(),
    };
    of.to_user(user, MailKind::FactorResetStopped, body)
}

/// The notice to `user` that the factors were removed and log-ins ask only for the password.
pub(crate) fn done(of: &Envelope<'_>, user: &User) -> NewMail {
    let texts = Texts::of(user.language);
    let words = &texts.factors_reset;
    let body = Body {
        opening: vec![words.opening.to_owned()],
        action: Some(log_in(of, texts)),
        closing: vec![
            (words.way_back)(&of.within(texts)),
            compromise_report(of, texts).url.to_string(),
        ],
    };
    of.to_user(user, MailKind::FactorsReset, body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::testing::{NOW, envelope, links, mia};

    const WAIT: Duration = Duration::from_hours(72);

    #[test]
    fn each_mail_has_its_own_link() {
        let of = envelope();
        let url = |page| format!("https://app.test/{page}/{}", of.id);

        assert_eq!(links(&link(&of, &mia(), WAIT).text), [url("factor-reset")]);
        assert_eq!(links(&pending(&of, &mia(), NOW + WAIT).text), [url("keep-factors")]);
        assert_eq!(links(&stopped(&of, &mia()).text), [url("not-me")]);
        let log_in = "https://app.test/login".to_owned();
        assert_eq!(links(&done(&of, &mia()).text), [log_in, url("not-me")]);
    }

    #[test]
    fn our_own_words_are_ascii() {
        let of = envelope();
        for mail in [
            link(&of, &mia(), WAIT),
            pending(&of, &mia(), NOW + WAIT),
            stopped(&of, &mia()),
            done(&of, &mia()),
        ] {
            assert!(mail.subject.is_ascii() && mail.text.is_ascii() && mail.html.is_ascii());
        }
    }
}
