//! The task that empties the outbox.
//!
//! Any number of servers run one: claiming is one statement, and a lease that outlives
//! every try gives the mails of a dead server to the others. Whether a mail is due is
//! decided by [`Clock`]. Nothing ends the task but the signal to stop: a database that
//! is away is waited for, and what was learned meanwhile is written down afterwards.
//! Logs name a mail's id, its kind and the user's id, never its address or what it says.

use std::{collections::HashMap, error::Error, sync::Arc, time::Duration};

use domain::{Clock, Timestamp};
use store::{ClaimedMail, MailId, Pause, Store, StoreError};
use tokio::{
    sync::{Notify, watch},
    task::{Id, JoinError, JoinSet},
    time,
};

use super::{
    Mailer, SendError,
    causes::Causes,
    outcome::{self, Outcome},
    progress::Progress,
    writer::Writer,
};
use crate::counters::Counters;

/// How long a claimed mail is this server's; more than a try can take.
pub(crate) const LEASE: Duration = Duration::from_mins(1);
/// The pause between two looks at the outbox without a wake-up.
const POLL_INTERVAL: Duration = Duration::from_secs(1);
/// The pause after a call. The answer to the request leaves first: its time must not contain the
/// work on the mail, which depends on the recipient (ENU-02).
const AFTER_CALL: Duration = Duration::from_millis(25);
/// How long mails on their way may take when the server stops.
const STOP_GRACE: Duration = Duration::from_secs(10);
/// The interval of looking for mails with a due time from before the clock was set back.
const RESCUE_INTERVAL: Duration = Duration::from_mins(1);

/// The bell of the worker; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Outbox(Arc<Notify>);

impl Outbox {
    /// An outbox without a worker.
    pub fn new() -> Self {
        Self::default()
    }

    /// Tells the worker that a mail was queued, once the transaction has committed.
    /// A call while it is busy is not lost.
    pub fn wake(&self) {
        self.0.notify_one();
    }
}

/// Sends the due mails.
#[derive(Debug)]
pub struct OutboxWorker {
    store: Store,
    mailer: Mailer,
    writer: Writer,
    outbox: Outbox,
    clock: Clock,
    poll_interval: Duration,
    stop_grace: Duration,
    sends: JoinSet<Result<(), SendError>>,
    on_their_way: HashMap<Id, (ClaimedMail, Progress)>,
    outcomes: Vec<(MailId, Outcome)>,
    causes: Causes,
    /// When mails were last rescued, by the clock that may be set back.
    rescued_at: Option<Timestamp>,
    store_is_down: bool,
    counters: Arc<Counters>,
}

/// The worker's next step.
enum Pace {
    /// Look again: there may be more.
    Again,
    /// Wait for a call, a mail that was sent, or the next look.
    Wait,
    /// As above, but deaf to calls: the database does not answer.
    Rest,
}

impl OutboxWorker {
    /// A worker that looks at the outbox when called and every second.
    pub fn new(store: Store, mailer: Mailer, writer: Writer, outbox: Outbox, clock: Clock) -> Self {
        Self {
            store,
            mailer,
            writer,
            outbox,
            clock,
            poll_interval: POLL_INTERVAL,
            stop_grace: STOP_GRACE,
            sends: JoinSet::new(),
            on_their_way: HashMap::new(),
            outcomes: Vec::new(),
            causes: Causes::default(),
            rescued_at: None,
            store_is_down: false,
            counters: Arc::default(),
        }
    }

    /// The same worker, looking every `interval`.
    #[must_use]
    pub const fn polling_every(mut self, interval: Duration) -> Self {
        self.poll_interval = interval;
        self
    }

    /// The same worker, which counts outcomes.
    #[must_use]
    pub(crate) fn counting(mut self, counters: Arc<Counters>) -> Self {
        self.counters = counters;
        self
    }

    /// Works until `stopped` turns true or its sender is gone. Mails on their way then
    /// have ten seconds left, after which they are free for another server at once.
    pub async fn run(mut self, mut stopped: watch::Receiver<bool>) {
        while !*stopped.borrow() {
            let pace = self.turn().await;
            tokio::select! {
                biased;
                _ = stopped.wait_for(|stopped| *stopped) => break,
                () = self.pause(&pace) => {}
            }
        }
        self.finish().await;
    }

    async fn turn(&mut self) -> Pace {
        let pace = match self.try_turn().await {
            Ok(pace) => pace,
            Err(error) => {
                self.note_outage(&error);
                return Pace::Rest;
            }
        };
        if self.store_is_down {
            tracing::info!("the outbox can be read again");
            self.store_is_down = false;
        }
        pace
    }

    async fn try_turn(&mut self) -> Result<Pace, StoreError> {
        self.write_outcomes().await?;
        self.rescue().await?;
        let free = self.mailer.max_concurrent().saturating_sub(self.sends.len());
        let due = self.store.outbox().next_due_at().await?;
        if free == 0 || due.is_none_or(|due| due > self.clock.now()) {
            return Ok(Pace::Wait);
        }
        let tx = self.store.begin().await?;
        let limit = u32::try_from(free).unwrap_or(u32::MAX);
        let mails = tx.outbox().claim(limit, LEASE, self.clock.now()).await?;
        tx.commit().await?;
        let mut is_written = false;
        for mail in mails {
            if let Some(refused) = outcome::before_try(&mail, self.clock.now()) {
                self.note(&mail, refused);
            } else if mail.request.is_some() {
                is_written |= self.writer.write(mail).await;
            } else {
                self.start(mail);
            }
        }
        Ok(if self.outcomes.is_empty() && !is_written { Pace::Wait } else { Pace::Again })
    }

    /// Makes mails due whose pause begins in the future or ends later than any pause can: the clock
    /// was set back. At once if that happened while this task ran.
    async fn rescue(&mut self) -> Result<(), StoreError> {
        let now = self.clock.now();
        let is_recent = |at: Timestamp| at <= now && now - at < RESCUE_INTERVAL;
        if self.rescued_at.is_some_and(is_recent) {
            return Ok(());
        }
        let pauses = (LEASE, outcome::DOUBT_PAUSE);
        if self.store.outbox().is_to_be_rescued(pauses, now).await? {
            let own: Vec<_> = self.on_their_way.values().map(|(mail, _)| mail.id).collect();
            let tx = self.store.begin().await?;
            let mails = tx.outbox().rescue(&own, pauses, now).await?;
            tx.commit().await?;
            tracing::warn!(mails, "the clock was set back: mails that would wait for it are due");
        }
        self.rescued_at = Some(now);
        Ok(())
    }

    fn start(&mut self, mail: ClaimedMail) {
        // One that takes longer than its lease is still on its way, and not lost.
        if self.on_their_way.values().any(|(sending, _)| sending.id == mail.id) {
            return;
        }
        let (progress, now) = (Progress::default(), self.clock.now());
        let (mailer, follows) = (self.mailer.clone(), progress.clone());
        let sent = self.writer.complete(mail.clone());
        let handle = self.sends.spawn(async move { mailer.send(&sent, &follows, now).await });
        self.on_their_way.insert(handle.id(), (mail, progress));
    }

    async fn pause(&mut self, pace: &Pace) {
        let calls = Arc::clone(&self.outbox.0);
        tokio::select! {
            () = std::future::ready(()), if matches!(pace, Pace::Again) => {}
            () = calls.notified(), if matches!(pace, Pace::Wait) => time::sleep(AFTER_CALL).await,
            Some(ended) = self.sends.join_next_with_id() => self.note_end(ended),
            () = time::sleep(self.poll_interval) => {}
        }
    }

    fn note_end(&mut self, ended: Result<(Id, Result<(), SendError>), JoinError>) {
        let id = ended.as_ref().map_or_else(JoinError::id, |(id, _)| *id);
        let Some((mail, progress)) = self.on_their_way.remove(&id) else { return };
        let sent = match ended {
            Ok((_, sent)) => sent,
            Err(error) if error.is_cancelled() => match progress.cut().map_err(SendError::from) {
                Err(SendError::Later(_)) => return self.note(&mail, self.stopped()),
                cut => cut,
            },
            Err(_) => {
                let error = "sending the mail panicked".to_owned();
                return self.note(&mail, Outcome::Failed { error });
            }
        };
        let outcome = outcome::of_try(&mail, sent, &mut self.causes, self.clock.now());
        self.note(&mail, outcome);
    }

    /// Free for another server at once.
    fn stopped(&self) -> Outcome {
        let (at, error) = (self.clock.now(), "the server stopped".to_owned());
        Outcome::Retry { at, error, is_doubtful: false }
    }

    fn note(&mut self, mail: &ClaimedMail, outcome: Outcome) {
        outcome.log(mail);
        self.counters.count_mail(&mail.kind, outcome.kind());
        self.outcomes.push((mail.id, outcome));
    }

    /// All or none; outcomes that could not be written are kept for the next turn.
    async fn write_outcomes(&mut self) -> Result<(), StoreError> {
        if self.outcomes.is_empty() {
            return Ok(());
        }
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        for (id, outcome) in &self.outcomes {
            match outcome {
                Outcome::Sent => tx.outbox().set_sent(*id, now).await?,
                Outcome::Retry { at, error, is_doubtful } => {
                    let pause = Pause { until: *at, is_doubtful: *is_doubtful };
                    tx.outbox().set_retry(*id, pause, error, now).await?;
                }
                Outcome::Failed { error } | Outcome::NoRecipient { error } => {
                    tx.outbox().set_failed(*id, now, error).await?;
                }
            }
        }
        tx.commit().await?;
        self.outcomes.clear();
        Ok(())
    }

    async fn finish(mut self) {
        if time::timeout(self.stop_grace, self.note_all_ends()).await.is_err() {
            self.sends.abort_all();
            self.note_all_ends().await;
        }
        if let Err(error) = self.write_outcomes().await {
            self.note_outage(&error);
        }
    }

    async fn note_all_ends(&mut self) {
        while let Some(ended) = self.sends.join_next_with_id().await {
            self.note_end(ended);
        }
    }

    /// Once per outage.
    fn note_outage(&mut self, error: &StoreError) {
        if !self.store_is_down {
            let cause = error.source().map(ToString::to_string).unwrap_or_default();
            tracing::error!(%error, cause, "the outbox cannot be read or written");
            self.store_is_down = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use tokio::task::JoinHandle;

    use store::{MailPriority, NewMail};

    use super::*;
    use crate::mail::{
        MailSettings,
        test_server::{self, TestServer},
        testing::{self, NOW},
    };

    struct Running {
        stop: watch::Sender<bool>,
        task: JoinHandle<()>,
        outbox: Outbox,
    }

    impl Running {
        async fn stop(self) {
            self.stop.send_replace(true);
            self.task.await.unwrap();
        }
    }

    fn start(store: &Store, port: u16, clock: &Clock, poll_interval: Duration) -> Running {
        start_with(store, port, clock, poll_interval, 4)
    }

    fn start_with(
        store: &Store,
        port: u16,
        clock: &Clock,
        poll_interval: Duration,
        max_concurrent: usize,
    ) -> Running {
        let url = format!("smtp://127.0.0.1:{port}").parse().unwrap();
        let settings = MailSettings { url, max_concurrent, ..MailSettings::default() };
        let mailer = Mailer::new(settings);
        let outbox = Outbox::new();
        let writer = testing::writer();
        let mut worker =
            OutboxWorker::new(store.clone(), mailer, writer, outbox.clone(), clock.clone())
                .polling_every(poll_interval);
        worker.stop_grace = Duration::from_millis(100);
        let (stop, stopped) = watch::channel(false);
        Running { stop, task: tokio::spawn(worker.run(stopped)), outbox }
    }

    async fn queue(store: &Store, recipients: &[&str]) {
        for to in recipients {
            testing::queue(store, testing::new_mail(to)).await;
        }
    }

    async fn wait_for_next_due(store: &Store, is_it: impl Fn(Option<Timestamp>) -> bool) {
        let end = Instant::now() + Duration::from_secs(10);
        while !is_it(store.outbox().next_due_at().await.unwrap()) {
            assert!(Instant::now() < end, "the outbox stayed as it was");
            time::sleep(Duration::from_millis(5)).await;
        }
    }

    const SHORT: Duration = Duration::from_millis(10);
    const LONG: Duration = Duration::from_hours(1);

    #[tokio::test]
    async fn a_call_has_everything_sent_that_is_due() {
        let (store, server) = (testing::store().await, TestServer::start());
        let running = start(&store, server.port, &Clock::manual(NOW), LONG);
        let recipients: Vec<String> = (0..10).map(|n| format!("mia{n}@example.org")).collect();

        queue(&store, &recipients.iter().map(String::as_str).collect::<Vec<_>>()).await;
        running.outbox.wake();

        wait_for_next_due(&store, |due| due.is_none()).await;
        let mut taken = server.recipients();
        taken.sort();
        assert_eq!(taken, recipients);
        running.stop().await;
    }

    /// RST-14.
    #[tokio::test]
    async fn a_mail_that_came_too_late_is_not_sent() {
        let (store, server) = (testing::store().await, TestServer::start());
        queue(&store, &["mia@example.org"]).await;
        let clock = Clock::manual(NOW + Duration::from_hours(1));
        let running = start(&store, server.port, &clock, SHORT);

        wait_for_next_due(&store, |due| due.is_none()).await;
        assert!(server.recipients().is_empty());
        running.stop().await;
    }

    /// CRA-06.
    #[tokio::test]
    async fn a_mail_that_is_refused_for_good_holds_up_no_other() {
        let (store, server) = (testing::store().await, TestServer::start());
        queue(&store, &["refused@example.org", "mia@example.org"]).await;
        let running = start(&store, server.port, &Clock::manual(NOW), SHORT);

        wait_for_next_due(&store, |due| due.is_none()).await;
        assert_eq!(server.recipients(), ["mia@example.org"]);
        running.stop().await;
    }

    /// OTG-04.
    #[tokio::test]
    async fn a_mail_outlives_an_outage_of_the_mail_server() {
        let (store, clock) = (testing::store().await, Clock::manual(NOW));
        let port = test_server::free_port();
        queue(&store, &["mia@example.org"]).await;
        let running = start(&store, port, &clock, SHORT);
        let after_a_try = |due| due > Some(NOW) && due <= Some(NOW + Duration::from_secs(5));
        wait_for_next_due(&store, after_a_try).await;

        let server = TestServer::start_on(port);
        clock.advance(Duration::from_secs(5));

        wait_for_next_due(&store, |due| due.is_none()).await;
        assert_eq!(server.recipients(), ["mia@example.org"]);
        running.stop().await;
    }

    #[tokio::test]
    async fn stopping_frees_a_mail_whose_sending_hangs() {
        let (store, clock) = (testing::store().await, Clock::manual(NOW));
        let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        queue(&store, &["mia@example.org"]).await;
        let running = start(&store, silent.local_addr().unwrap().port(), &clock, SHORT);
        wait_for_next_due(&store, |due| due == Some(NOW + LEASE)).await;

        running.stop().await;

        assert_eq!(store.outbox().next_due_at().await.unwrap(), Some(NOW));
    }

    /// MAI-02: a server that is stopped while the mail server looks into a mail.
    #[tokio::test]
    async fn stopping_after_the_final_dot_leaves_a_doubt_and_no_second_mail() {
        let (store, clock) = (testing::store().await, Clock::manual(NOW));
        let server = TestServer::start();
        queue(&store, &["silent@example.org"]).await;
        let running = start(&store, server.port, &clock, SHORT);
        while server.recipients().is_empty() {
            time::sleep(SHORT).await;
        }

        running.stop().await;

        let half_an_hour = NOW + Duration::from_mins(30);
        assert_eq!(store.outbox().next_due_at().await.unwrap(), Some(half_an_hour));
        let running = start(&store, server.port, &clock, SHORT);
        clock.advance(Duration::from_mins(30));
        while server.recipients().len() < 2 {
            time::sleep(SHORT).await;
        }
        running.stop().await;
        assert_eq!(store.outbox().next_due_at().await.unwrap(), None, "a third time");
    }

    /// CLK-01: a pause that is counted from a moment that is yet to come.
    #[tokio::test]
    async fn a_clock_that_is_set_back_holds_up_no_mail() {
        let (store, clock) = (testing::store().await, Clock::manual(NOW));
        let port = test_server::free_port();
        queue(&store, &["mia@example.org"]).await;
        let running = start(&store, port, &clock, SHORT);
        let after_a_try = |due| due > Some(NOW) && due <= Some(NOW + Duration::from_secs(5));
        wait_for_next_due(&store, after_a_try).await;

        let server = TestServer::start_on(port);
        clock.turn_back(Duration::from_mins(10));

        wait_for_next_due(&store, |due| due.is_none()).await;
        assert_eq!(server.recipients(), ["mia@example.org"]);
        running.stop().await;
    }

    /// RES-09: of many mails to strangers, those of owners go first.
    #[tokio::test]
    async fn mails_to_owners_go_before_those_to_unproven_addresses() {
        let (store, server) = (testing::store().await, TestServer::start());
        for n in 0..20 {
            let to = format!("stranger{n}@example.org");
            let mail = NewMail { priority: MailPriority::Unproven, ..testing::new_mail(&to) };
            testing::queue(&store, mail).await;
        }
        queue(&store, &["mia@example.org"]).await;
        let running = start_with(&store, server.port, &Clock::manual(NOW), SHORT, 1);

        wait_for_next_due(&store, |due| due.is_none()).await;
        assert_eq!(server.recipients().len(), 21);
        assert_eq!(server.recipients()[0], "mia@example.org");
        running.stop().await;
    }

    #[tokio::test]
    async fn a_database_that_is_away_does_not_end_the_worker() {
        let store = testing::store().await;
        let running = start(&store, 1, &Clock::manual(NOW), SHORT);
        store.close().await.unwrap();
        // From here on time passes only while the worker waits for it.
        time::pause();

        time::sleep(SHORT * 5).await;

        assert!(!running.task.is_finished());
        running.stop().await;
    }
}
