//! The way to the mail server, tried on behalf of the operator: without a mail, or with
//! one that asks nothing of its reader.

use std::time::Duration;

use domain::{EmailAddress, Language, Timestamp};
use store::{ClaimedMail, MailId};
use tokio::time;

use super::{Mailer, SendError, progress::Progress, transport::GOODBYE_LIMIT};

/// Longest time for connection, TLS and log-in.
const TRIAL_LIMIT: Duration = Duration::from_secs(15);
/// How long the test mail would be of use.
const LIFETIME: Duration = Duration::from_hours(1);

impl Mailer {
    /// Connects, secures the connection and logs in, as for a mail, within 15 seconds;
    /// else what stands in the way, without what the server said, and what the operator
    /// can do about it.
    pub async fn try_connection(&self) -> Result<(), (String, &'static str)> {
        let progress = Progress::default();
        let begun = time::timeout(TRIAL_LIMIT, Box::pin(self.begin(&progress))).await;
        let begun = begun.unwrap_or_else(|_| Err(progress.late()));
        let conversation = begun.map_err(|cause| (cause.to_string(), cause.fix()))?;
        let _goodbye = time::timeout(GOODBYE_LIMIT, conversation.quit()).await;
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
            user_id: None,
            kind: "trial".to_owned(),
            was_doubtful: false,
            to,
            to_name: None,
            language: Language::English,
            subject: subject.to_owned(),
            text: text.to_owned(),
            html: maud::html! { p { (text) } }.into_string(),
            request: None,
            attempts: 0,
            created_at: now,
            expires_at: now + LIFETIME,
        };
        self.send(&mail, &Progress::default(), now).await
    }
}
