//! From a claimed mail to the bytes that travel: RFC 5322 headers and two
//! alternative bodies, the text first. The same mail has the same `Message-ID` at
//! every try, so that a mailbox can tell a repeated delivery (RAC-06).

use std::{
    panic::{self, AssertUnwindSafe},
    time::{Duration, SystemTime},
};

use domain::Timestamp;
use lettre::{
    Address, Message,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
};
use store::ClaimedMail;

use super::settings::Sender;

/// Keeps out-of-office replies away (RFC 3834 §5).
const AUTO_SUBMITTED: &str = "auto-generated";

/// A mail that can be built at no try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unbuildable;

/// Builds the message. A mail that makes the builder panic is as good as one that it
/// refuses (CRA-06).
pub(super) fn build(
    sender: &Sender,
    mail: &ClaimedMail,
    now: Timestamp,
) -> Result<Message, Unbuildable> {
    panic::catch_unwind(AssertUnwindSafe(|| try_build(sender, mail, now)))
        .unwrap_or(Err(Unbuildable))
}

fn try_build(sender: &Sender, mail: &ClaimedMail, now: Timestamp) -> Result<Message, Unbuildable> {
    let to: Address = mail.to.as_str().parse().map_err(|_| Unbuildable)?;
    let name = mail.to_name.as_ref().map(|name| name.as_str().to_owned());
    Message::builder()
        .from(sender.mailbox().clone())
        .to(Mailbox::new(name, to))
        .subject(&*mail.subject)
        .date(system_time(now))
        .message_id(Some(format!("<{}@{}>", mail.id, sender.domain())))
        .raw_header(header("Auto-Submitted", AUTO_SUBMITTED))
        .raw_header(header("Content-Language", mail.language.tag()))
        .multipart(MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone()))
        .map_err(|_| Unbuildable)
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

fn system_time(now: Timestamp) -> SystemTime {
    let since = Duration::from_millis(u64::try_from(now.as_millis()).unwrap_or(0));
    SystemTime::UNIX_EPOCH + since
}

#[cfg(test)]
mod tests {
    use domain::{DisplayName, EmailAddress};
    use mail_parser::{MessageParser, MimeHeaders};
    use store::NewMail;

    use super::*;
    use crate::mail::testing::{self, NOW};

    async fn claimed(new: NewMail) -> ClaimedMail {
        let store = testing::store().await;
        testing::queue(&store, new).await;
        testing::claim(&store, NOW).await.remove(0)
    }

    fn new_mail(name: &str) -> NewMail {
        NewMail {
            user_id: None,
            to_name: Some(DisplayName::parse(name).unwrap()),
            ..testing::new_mail("mia@example.org")
        }
    }

    #[tokio::test]
    async fn the_headers_are_those_of_an_automatic_mail_of_the_sender() {
        let mail = claimed(new_mail("Zoë, \"Z\" <x>")).await;
        let sender = "Example <no-reply@app.test>".parse().unwrap();
        let bytes = build(&sender, &mail, NOW).unwrap().formatted();
        let parsed = MessageParser::default().parse(&bytes).unwrap();

        let from = parsed.from().unwrap().first().unwrap();
        assert_eq!(from.address(), Some("no-reply@app.test"));
        assert_eq!(from.name(), Some("Example"));
        let to = parsed.to().unwrap().first().unwrap();
        assert_eq!((to.name(), to.address()), (Some("Zoë, \"Z\" <x>"), Some("mia@example.org")));
        assert_eq!(parsed.subject(), Some("Reset your password"));
        assert_eq!(parsed.message_id(), Some(&*format!("{}@app.test", mail.id)));
        assert_eq!(parsed.header_raw("Auto-Submitted").map(str::trim), Some("auto-generated"));
        assert_eq!(parsed.header_raw("Content-Language").map(str::trim), Some("de"));
        assert_eq!(parsed.date().unwrap().to_rfc3339(), "2026-01-01T00:00:00Z");
    }

    #[tokio::test]
    async fn the_text_comes_first_and_its_link_is_whole() {
        let mail = claimed(new_mail("Zoë")).await;
        let bytes = build(&Sender::default(), &mail, NOW).unwrap().formatted();
        let parsed = MessageParser::default().parse(&bytes).unwrap();

        assert!(parsed.is_content_type("multipart", "alternative"));
        let types: Vec<_> = parsed.parts[1..]
            .iter()
            .map(|part| part.content_type().unwrap().subtype().unwrap())
            .collect();
        assert_eq!(types, ["plain", "html"]);
        let text = parsed.body_text(0).unwrap();
        assert!(text.lines().any(|line| line == "https://app.test/reset-password/secret"));
        assert!(parsed.body_html(0).unwrap().contains("<p>Zoë</p>"));
        assert!(bytes.is_ascii());
    }

    /// RAC-06.
    #[tokio::test]
    async fn every_try_has_the_same_message_id() {
        let store = testing::store().await;
        testing::queue(&store, new_mail("Mia")).await;
        let mut ids = Vec::new();
        for later in [Duration::ZERO, Duration::from_mins(2)] {
            let mail = testing::claim(&store, NOW + later).await.remove(0);
            let bytes = build(&Sender::default(), &mail, NOW + later).unwrap().formatted();
            let parsed = MessageParser::default().parse(&bytes).unwrap();
            ids.push(parsed.message_id().unwrap().to_owned());
        }

        assert_eq!(ids[0], ids[1]);
    }

    /// CRA-06.
    #[tokio::test]
    async fn a_mail_that_makes_the_builder_panic_is_unbuildable() {
        let mut mail = claimed(new_mail("Mia")).await;
        mail.to = EmailAddress::parse("mia@example.org").unwrap();
        let far = Timestamp::from_millis(i64::MAX);

        assert_eq!(build(&Sender::default(), &mail, far).unwrap_err(), Unbuildable);
    }

    /// REG-11.
    #[tokio::test]
    async fn a_subject_adds_no_header() {
        let mut mail = claimed(new_mail("Mia")).await;
        mail.subject = "Hello\r\nBcc: eve@example.org".to_owned();
        let bytes = build(&Sender::default(), &mail, NOW).unwrap().formatted();
        let parsed = MessageParser::default().parse(&bytes).unwrap();

        assert!(parsed.bcc().is_none());
    }
}
