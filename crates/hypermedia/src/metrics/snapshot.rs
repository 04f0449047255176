//! The counts of the use cases at one moment, under the names that docs/operations.md lists.

use std::time::Duration;

use auth::{Metrics, OutboxState};
use domain::Timestamp;
use prometheus_client::{
    metrics::{
        counter::{ConstCounter, Counter},
        family::Family,
        gauge::ConstGauge,
        info::Info,
    },
    registry::{Registry, Unit},
};

/// All of it, read at `now`; without the outbox where the database did not answer.
pub(super) fn registry(
    prefix: &str,
    metrics: &Metrics,
    outbox: Option<OutboxState>,
    now: Timestamp,
) -> Registry {
    let mut registry = Registry::with_prefix(prefix);
    let build = Info::new([("version", crate::VERSION)]);
    registry.register("build", "The version that runs", build);
    let log_ins = metrics.log_ins.iter().map(|(outcome, count)| (outcome.name(), *count));
    counters(&mut registry, "log_ins", "Log-ins by outcome", log_ins);
    mails(&mut registry, metrics, outbox, now);
    database(&mut registry, metrics);
    hashing(&mut registry, metrics);
    sweeps(&mut registry, metrics);
    let ahead = "How far the clock of this machine is ahead of the database's";
    let offset = Duration::from_millis(metrics.clock_offset_millis.unsigned_abs()).as_secs_f64();
    let sign = if metrics.clock_offset_millis < 0 { -1.0 } else { 1.0 };
    seconds(&mut registry, "clock_offset", ahead, sign * offset);
    registry
}

fn mails(registry: &mut Registry, metrics: &Metrics, outbox: Option<OutboxState>, now: Timestamp) {
    let tries = Family::<[(&'static str, &'static str); 2], Counter>::default();
    for (kind, outcome, count) in &metrics.mails {
        tries.get_or_create(&[("kind", *kind), ("outcome", outcome.name())]).inc_by(*count);
    }
    registry.register("mails", "Tries to deliver a mail by kind and outcome", tries);
    let answers = "Whether the database answered the last question about the outbox";
    gauge(registry, "database_up", answers, u64::from(outbox.is_some()));
    let Some(outbox) = outbox else { return };
    gauge(registry, "outbox_waiting", "Mails that wait, up to 100000", outbox.waiting);
    let age = outbox.oldest_created_at.map_or(0.0, |queued| (now - queued).as_secs_f64());
    seconds(registry, "outbox_oldest_age", "Age of the oldest mail that waits", age);
}

fn database(registry: &mut Registry, metrics: &Metrics) {
    let (pool, cache) = (metrics.pool, metrics.cache);
    let used = pool.open.saturating_sub(pool.idle);
    gauge(registry, "database_connections_in_use", "Connections in use", used);
    gauge(registry, "database_connections_open", "Connections open", pool.open);
    gauge(registry, "database_connections_limit", "Most connections", pool.limit);
    let trusted = "Whether sessions are cached; 0 while other nodes cannot be heard";
    gauge(registry, "session_cache_trusted", trusted, u64::from(cache.is_trusted));
    counter(registry, "session_cache_hits", "Sessions found in the cache", cache.hits);
    counter(registry, "session_cache_misses", "Sessions read from the database", cache.misses);
    let losses = "Times that the connection for invalidations was lost";
    counter(registry, "session_cache_losses", losses, cache.losses);
}

fn hashing(registry: &mut Registry, metrics: &Metrics) {
    let hashing = metrics.hashing;
    gauge(registry, "password_hashing_running", "Passwords being hashed", hashing.running);
    gauge(registry, "password_hashing_waiting", "Passwords that wait", hashing.waiting);
    gauge(registry, "password_hashing_capacity", "Most that may wait", hashing.capacity);
    counter(registry, "password_hashing_refused", "Refused with 503", hashing.refused);
    counter(registry, "password_hashing_runs", "Runs of Argon2", hashing.runs);
}

fn sweeps(registry: &mut Registry, metrics: &Metrics) {
    let sweeps = metrics.sweeps;
    counter(registry, "sweeps", "Sweeps", sweeps.runs);
    counter(registry, "sweep_failures", "Sweeps that left something behind", sweeps.failures);
    counter(registry, "sweep_rows", "Rows that sweeps removed", sweeps.rows);
    // Absent before the first, so that no alert takes it for one in 1970.
    let Some(ended_at) = sweeps.last_ended_at else { return };
    let took = sweeps.last_duration.as_secs_f64();
    seconds(registry, "sweep_last_duration", "Time that the last sweep took", took);
    let ended_at = (ended_at - Timestamp::default()).as_secs_f64();
    seconds(registry, "sweep_last_end_timestamp", "When the last sweep ended", ended_at);
}

fn gauge(registry: &mut Registry, name: &str, help: &str, value: u64) {
    registry.register(name, help, ConstGauge::new(value));
}

fn seconds(registry: &mut Registry, name: &str, help: &str, value: f64) {
    registry.register_with_unit(name, help, Unit::Seconds, ConstGauge::new(value));
}

fn counter(registry: &mut Registry, name: &str, help: &str, value: u64) {
    registry.register(name, help, ConstCounter::new(value));
}

/// One series per outcome, those that never happened too.
fn counters<'a>(
    registry: &mut Registry,
    name: &str,
    help: &str,
    outcomes: impl Iterator<Item = (&'static str, u64)> + 'a,
) {
    let family = Family::<[(&'static str, &'static str); 1], Counter>::default();
    for (outcome, count) in outcomes {
        family.get_or_create(&[("outcome", outcome)]).inc_by(count);
    }
    registry.register(name, help, family);
}
