//! Background work: sending mails, saving the last use of sessions and refused passwords, following
//! the database's time, and deleting expired rows. No error ends any of it.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use store::{MAX_EVENTS, Swept};
use tokio::{sync::watch, task::JoinSet, time};

use crate::{
    Accounts, Fault,
    context::Context,
    factor_reset,
    mail::{Mailer, OutboxWorker, Writer},
    services::Operations,
    shared_time,
};

/// How often the notes of last use are written down.
const LAST_SEEN_INTERVAL: Duration = Duration::from_secs(15);
/// How long refused passwords are collected before they are written down.
const REFUSALS_INTERVAL: Duration = Duration::from_millis(250);
/// The time of the first sweep, so that a server that restarts every hour sweeps, too.
const FIRST_SWEEP: Duration = Duration::from_mins(5);
/// How often after that.
const SWEEP_INTERVAL: Duration = Duration::from_hours(1);
/// How long an expired session is kept, so that a form that was open in it can be saved until its
/// user logs in again.
const SESSION_MEMORY: Duration = Duration::from_hours(1);
/// How long a sent mail is kept, without its content.
const MAIL_MEMORY: Duration = Duration::from_hours(30 * 24);
/// How long it is remembered that something happened to an account that is gone.
const EVENT_MEMORY: Duration = Duration::from_hours(365 * 24);

/// The tasks beside the requests.
#[derive(Debug)]
pub struct Background {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Background {
    /// Ends the tasks: mails being sent are sent, notes are written down.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        while self.tasks.join_next().await.is_some() {}
    }
}

impl Accounts {
    /// Starts the tasks.
    pub fn start_background(&self) -> Background {
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        tasks.spawn(self.outbox_worker().run(stopped.clone()));
        tasks.spawn(save_last_seen(Arc::clone(&self.0), stopped.clone()));
        tasks.spawn(save_refusals(Arc::clone(&self.0), stopped.clone()));
        let context = Arc::clone(&self.0);
        let every = (shared_time::INTERVAL, shared_time::INTERVAL);
        tasks.spawn(repeated(every, stopped.clone(), async move || {
            context.follow_shared_time().await;
        }));
        let accounts = self.clone();
        let every = (factor_reset::INTERVAL, factor_reset::INTERVAL);
        tasks.spawn(repeated(every, stopped.clone(), async move || {
            // Logged where it happened; tried again next time.
            let _tried_again = accounts.operations().continue_factor_resets().await;
        }));
        let accounts = self.clone();
        tasks.spawn(repeated((FIRST_SWEEP, SWEEP_INTERVAL), stopped, async move || {
            let _tried_again_next_time = accounts.operations().sweep().await;
        }));
        Background { stop, tasks }
    }

    fn outbox_worker(&self) -> OutboxWorker {
        let context = &self.0;
        let mailer =
            Mailer::new(context.settings.mail.clone()).noting(context.recent_mails.clone());
        let writing = Arc::clone(context);
        let writer = Writer::new(context.link_key.clone(), move |request| {
            let context = Arc::clone(&writing);
            async move { context.write_mail(&request).await }
        });
        OutboxWorker::new(
            context.store.clone(),
            mailer,
            writer,
            context.outbox.clone(),
            context.clock.clone(),
        )
        .counting(Arc::clone(&context.counters))
    }
}

impl Operations<'_> {
    /// Deletes expired sessions, tokens, proofs and saved submissions, old mails, unused throttles,
    /// surplus events, events without an account after a year, accounts that were not confirmed in
    /// time, and accounts with an overdue deletion. A failure does not stop the rest; the first one
    /// is returned.
    pub async fn sweep(self) -> Result<(), Fault> {
        let started = Instant::now();
        let rows = self.sweep_everything().await;
        let now = self.0.clock.now();
        self.0.counters.count_sweep(rows.ok(), started.elapsed(), now);
        rows.map(drop)
    }

    /// Removes it; how many rows it was.
    async fn sweep_everything(self) -> Result<u64, Fault> {
        let now = self.0.clock.now();
        let ended = now - SESSION_MEMORY;
        let idle_since = self.0.settings.session.idle_timeout.map(|timeout| ended - timeout);
        let swept = self.0.store.sweep(now, ended, idle_since, now - MAIL_MEMORY).await;
        let swept = swept.map_err(Fault::from);
        // Before deletions, which have to go over all that is left.
        let events = self.0.store.sweep_events(MAX_EVENTS).await.map_err(Fault::from);
        let nobodys = self.0.store.sweep_nobodys_events(now - EVENT_MEMORY).await;
        let nobodys = nobodys.map_err(Fault::from);
        let lifetime = self.0.settings.accounts.unconfirmed_lifetime;
        let unconfirmed = self.0.store.sweep_unconfirmed(now - lifetime, now).await;
        let unconfirmed = unconfirmed.map_err(Fault::from);
        let deleted = self.delete_overdue().await;
        let (swept, events) = (swept?, events? + nobodys?);
        let (unconfirmed, deleted) = (unconfirmed?, deleted?);
        log(swept, events, unconfirmed, deleted);
        Ok(swept.total() + events + unconfirmed + deleted)
    }
}

fn log(swept: Swept, events: u64, unconfirmed: u64, deleted: u64) {
    tracing::info!(
        swept.sessions,
        swept.tokens,
        swept.address_proofs,
        swept.notice_links,
        swept.saved_submissions,
        swept.pending_log_ins,
        swept.remembered_browsers,
        swept.email_changes,
        swept.invitations,
        swept.mails,
        swept.throttles,
        swept.spent_ceremonies,
        swept.events = events,
        swept.unconfirmed = unconfirmed,
        swept.deleted = deleted,
        "swept"
    );
}

async fn save_last_seen(context: Arc<Context>, mut stopped: watch::Receiver<bool>) {
    loop {
        let last = pause(LAST_SEEN_INTERVAL, &mut stopped).await;
        // The error was logged where it happened; the notes of one interval may be lost.
        let _lost = context.save_last_seen().await;
        if last {
            return;
        }
    }
}

/// Writes nothing where nothing is refused.
async fn save_refusals(context: Arc<Context>, mut stopped: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            () = context.refusal_noted() => {}
            _ = stopped.wait_for(|stopped| *stopped) => {}
        }
        let last = pause(REFUSALS_INTERVAL, &mut stopped).await;
        // Logged where it was made, and kept for the next time.
        let _kept = context.save_refusals().await;
        if last {
            return;
        }
    }
}

/// Does the work after the first pause, and then after each of the others.
async fn repeated(
    (first, others): (Duration, Duration),
    mut stopped: watch::Receiver<bool>,
    work: impl AsyncFn(),
) {
    let mut interval = first;
    while !pause(interval, &mut stopped).await {
        interval = others;
        work().await;
    }
}

/// Waits; `true` when it is time to stop.
async fn pause(interval: Duration, stopped: &mut watch::Receiver<bool>) -> bool {
    time::timeout(interval, stopped.wait_for(|stopped| *stopped)).await.is_ok()
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    /// RES-08: a server that does not live for an hour sweeps too.
    #[tokio::test(start_paused = true)]
    async fn the_first_sweep_is_soon_after_the_start_and_the_others_an_hour_apart() {
        let (stop, stopped) = watch::channel(false);
        let moments = Arc::new(Mutex::new(Vec::new()));
        let (started, noted) = (time::Instant::now(), Arc::clone(&moments));
        let sweeps = repeated((FIRST_SWEEP, SWEEP_INTERVAL), stopped, async move || {
            noted.lock().unwrap().push(started.elapsed().as_secs() / 60);
        });
        let stopping = async {
            time::sleep(Duration::from_mins(126)).await;
            stop.send_replace(true);
        };

        tokio::join!(sweeps, stopping);

        assert_eq!(*moments.lock().unwrap(), [5, 65, 125]);
    }
}
