//! The output of `user show`: facts, second factors, obstacles to a log-in, sessions, limits, mails
//! and the latest events, one line each. It contains no secret.

use std::{
    fmt::Display,
    io,
    time::{Duration, UNIX_EPOCH},
};

use auth::{
    AccountLimit, AccountReport, MailPlace, NewSecurityEvent, OpenSession, SignupMode, UserMail,
};
use domain::{FactorKind, Timestamp};

use super::listing;

/// Prints the report.
pub(super) fn print(report: &AccountReport, signup: SignupMode, now: Timestamp) -> io::Result<()> {
    let open = report.sessions.iter().filter(|session| session.expires_at > now);
    let mut lines = account(report);
    lines.extend(factors(report));
    lines.push(format!("log-in    {}", obstacles(report, signup).join("; ")));
    if let Some(moment) = report.limits_cleared_at {
        lines.push(format!("cleared   {} all limits, by the operator", time(moment)));
    }
    lines.extend(report.limits.iter().map(limit));
    lines.push(format!("sessions  {}", open.clone().count()));
    lines.extend(open.map(session));
    lines.push(format!("mails     {}", report.mails.len()));
    lines.extend(report.mails.iter().map(mail));
    let events = &report.events.events;
    lines.push(format!("events    {}", events.len()));
    lines.extend(events.iter().map(|(moment, it)| event(*moment, it)));
    listing::print(lines)
}

fn account(report: &AccountReport) -> Vec<String> {
    let user = &report.user;
    let confirmed = user.confirmed_at.map_or("never".to_owned(), |moment| time(moment).to_string());
    let mut lines = vec![
        format!("id        {}", user.id),
        format!("address   {}", user.email),
        format!("name      {}", user.name),
        format!("role      {}", user.role),
        format!("made      {}", time(user.created_at)),
        format!("confirmed {confirmed}"),
    ];
    if let Some(moment) = user.disabled_at {
        lines.push(format!("disabled  {}", time(moment)));
    }
    if let Some(moment) = user.delete_after {
        lines.push(format!("deletion  after {}", time(moment)));
    }
    lines
}

fn factors(report: &AccountReport) -> Vec<String> {
    let mut lines = vec![match report.user.second_factor_since {
        Some(moment) => format!("2nd step  since {}", time(moment)),
        None => "2nd step  off".to_owned(),
    }];
    if let Some(moment) = report.user.factor_reset_at {
        let removal = time(moment);
        lines.push(format!("2nd step  removed after {removal}, unless the owner stops that"));
    }
    let count = |kind| report.factors.iter().filter(|factor| factor.kind == kind).count();
    let codes = &report.recovery_codes;
    let left = codes.iter().filter(|code| code.used_at.is_none()).count();
    lines.extend([
        format!("apps      {}", count(FactorKind::AuthenticationApp)),
        format!("passkeys  {}", count(FactorKind::Passkey)),
        format!("codes     {left} left of {}", codes.len()),
    ]);
    lines
}

/// Returns the obstacles that keep the owner out even with the right password.
fn obstacles(report: &AccountReport, signup: SignupMode) -> Vec<&'static str> {
    let user = &report.user;
    let is_used_up =
        |limit: &AccountLimit| limit.name == "login_per_account" && limit.state.left == 0;
    let all = [
        (user.disabled_at.is_some(), "disabled: `user enable` lets the owner in again"),
        (
            !report.keys.has_password && !report.keys.has_passkey,
            "no password: the owner sets one by a mailed link",
        ),
        (
            signup == SignupMode::Confirmed && user.confirmed_at.is_none(),
            "not confirmed: the owner opens the mailed link first",
        ),
        (report.limits.iter().any(is_used_up), "throttled in new browsers: `user unthrottle`"),
        (user.delete_after.is_some(), "deletion is pending: a log-in can only cancel it"),
    ];
    let found: Vec<_> = all.into_iter().filter(|(is_so, _)| *is_so).map(|(_, text)| text).collect();
    if found.is_empty() { vec!["with the right password"] } else { found }
}

fn limit(limit: &AccountLimit) -> String {
    let AccountLimit { name, count, state } = limit;
    format!("limit     {name}  {} of {count} left  all at {}", state.left, time(state.free_at))
}

fn session(session: &OpenSession) -> String {
    format!(
        "session   {}  last used {}  ends {}  {}",
        time(session.created_at),
        time(session.last_seen_at),
        time(session.expires_at),
        session.ip_address
    )
}

fn mail(mail: &UserMail) -> String {
    let UserMail { to, subject, created_at, attempts, place, error } = mail;
    let place = match place {
        MailPlace::Waiting(due_at) => format!("waiting, next try {}", time(*due_at)),
        MailPlace::Sent(moment) => format!("sent {}", time(*moment)),
        MailPlace::Failed(moment) => format!("given up {}", time(*moment)),
    };
    let error = error.as_deref().map(|error| format!("  {error}")).unwrap_or_default();
    format!("mail      {}  {to}  {subject}  {place}  tries {attempts}{error}", time(*created_at))
}

fn event(moment: Timestamp, event: &NewSecurityEvent) -> String {
    let place = if event.ip_address.is_empty() { "-" } else { &event.ip_address };
    let refusals = event.refusals.map(|refusals| {
        let (reason, count, last_at) = (refusals.reason, refusals.count, refusals.last_at);
        format!("  {reason}  {count} times  last {}", time(last_at))
    });
    let refusals = refusals.unwrap_or_default();
    let role = event.role.as_ref().map(|role| format!("  {role}")).unwrap_or_default();
    format!("{}  {}  {}  {place}{refusals}{role}", time(moment), event.event, event.actor)
}

fn time(moment: Timestamp) -> impl Display {
    let since = Duration::from_secs(u64::try_from(moment.as_seconds()).unwrap_or(0));
    humantime::format_rfc3339_seconds(UNIX_EPOCH + since)
}
