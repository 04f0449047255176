//! The way to the mail server, tried on behalf of the operator: without a mail, or with
//! one that asks nothing of its reader.

use std::time::Duration;

use domain::{EmailAddress, Language, Timestamp};
use store::{ClaimedMail, MailId};
use tokio::time;

use super::{
    Mailer, SendError,
    transport::{GOODBYE_LIMIT, describe},
};

/// Longest time for connection, TLS and log-in.
const TRIAL_LIMIT: Duration = Duration::from_secs(15);
/// How long the test mail would be of use.
const LIFETIME: Duration = Duration::from_hours(1);

impl Mailer {
    /// Connects, secures the connection and logs in, as for a mail, within 15 seconds;
    /// else what stands in the way, without what the server said.
    pub async fn try_connection(&self) -> Result<(), String> {
        let connecting = Box::pin(self.connect());
        let connected = time::timeout(TRIAL_LIMIT, connecting).await;
        let connected = connected.map_err(|_| "the mail server took too long".to_owned())?;
        let mut connection = connected.map_err(|error| describe(&error))?;
        let _goodbye = time::timeout(GOODBYE_LIMIT, connection.quit()).await;
        Ok(())
    }

    /// Sends a mail with this subject and text to `to`, as every mail is sent.
    pub async fn send_test(
        &self,
        to: EmailAddress,
        (subject, text): (&str, &str),
        now: Timestamp,
    ) -> Result<(), SendError> {
        let mail = ClaimedMail {
            id: MailId::generate(),
            to,
            to_name: None,
            language: Language::English,
            subject: subject.to_owned(),
            text: text.to_owned(),
            html: maud::html! { p { (text) } }.into_string(),
            attempts: 0,
            created_at: now,
            expires_at: now + LIFETIME,
        };
        self.send(&mail, now).await
    }
}
