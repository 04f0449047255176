//! The output of `user show`: facts, second factors, obstacles to a log-in, sessions, limits, mails
//! and the latest events, one line each. It contains no secret.

use std::{
    fmt::Display,
    time::{Duration, UNIX_EPOCH},
};

use auth::{
    AccountLimit, AccountReport, MailPlace, NewSecurityEvent, OpenSession, SignupMode, UserMail,
};
use domain::{FactorKind, Timestamp};

/// Prints the report.
pub(super) fn print(report: &AccountReport, signup: SignupMode, now: Timestamp) {
    let user = &report.user;
    println!("id        {}", user.id);
    println!("address   {}", user.email);
    println!("name      {}", user.name);
    println!("role      {}", user.role);
    println!("made      {}", time(user.created_at));
    match user.confirmed_at {
        Some(moment) => println!("confirmed {}", time(moment)),
        None => println!("confirmed never"),
    }
    if let Some(moment) = user.disabled_at {
        println!("disabled  {}", time(moment));
    }
    if let Some(moment) = user.delete_after {
        println!("deleted   after {}", time(moment));
    }
    print_factors(report);
    println!("log-in    {}", obstacles(report, signup).join("; "));
    if let Some(moment) = report.limits_cleared_at {
        println!("unlimited {} by the operator", time(moment));
    }
    for limit in &report.limits {
        print_limit(limit);
    }
    let open = report.sessions.iter().filter(|session| session.expires_at > now);
    println!("sessions  {}", open.clone().count());
    for session in open {
        print_session(session);
    }
    println!("mails     {}", report.mails.len());
    for mail in &report.mails {
        print_mail(mail);
    }
    println!("events    {}", report.events.events.len());
    for (moment, event) in &report.events.events {
        print_event(*moment, event);
    }
}

fn print_factors(report: &AccountReport) {
    match report.user.second_factor_since {
        Some(moment) => println!("2nd step  since {}", time(moment)),
        None => println!("2nd step  off"),
    }
    if let Some(moment) = report.user.factor_reset_at {
        println!("2nd step  removed after {}, unless the owner stops that", time(moment));
    }
    let count = |kind| report.factors.iter().filter(|factor| factor.kind == kind).count();
    println!("apps      {}", count(FactorKind::AuthenticationApp));
    println!("passkeys  {}", count(FactorKind::Passkey));
    let codes = &report.recovery_codes;
    let left = codes.iter().filter(|code| code.used_at.is_none()).count();
    println!("codes     {left} left of {}", codes.len());
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
            "no password: it was voided; the owner sets one by a mailed link",
        ),
        (
            signup == SignupMode::Confirmed && user.confirmed_at.is_none(),
            "not confirmed: the owner follows the mailed link first",
        ),
        (report.limits.iter().any(is_used_up), "throttled in new browsers: `user unthrottle`"),
        (user.delete_after.is_some(), "leads to taking back the deletion, and nowhere else"),
    ];
    let found: Vec<_> = all.into_iter().filter(|(is_so, _)| *is_so).map(|(_, text)| text).collect();
    if found.is_empty() { vec!["with the right password"] } else { found }
}

fn print_limit(limit: &AccountLimit) {
    let AccountLimit { name, count, state } = limit;
    println!("limit     {name}  {} of {count} left  all at {}", state.left, time(state.free_at));
}

fn print_session(session: &OpenSession) {
    println!(
        "session   {}  last used {}  ends {}  {}",
        time(session.created_at),
        time(session.last_seen_at),
        time(session.expires_at),
        session.ip_address
    );
}

fn print_mail(mail: &UserMail) {
    let UserMail { to, subject, created_at, attempts, place, error } = mail;
    let place = match place {
        MailPlace::Waiting(due_at) => format!("waiting, next try {}", time(*due_at)),
        MailPlace::Sent(moment) => format!("sent {}", time(*moment)),
        MailPlace::Failed(moment) => format!("given up {}", time(*moment)),
    };
    let error = error.as_deref().map(|error| format!("  {error}")).unwrap_or_default();
    println!("mail      {}  {to}  {subject}  {place}  tries {attempts}{error}", time(*created_at));
}

fn print_event(moment: Timestamp, event: &NewSecurityEvent) {
    let place = if event.ip_address.is_empty() { "-" } else { &event.ip_address };
    let refusals = event.refusals.map(|refusals| {
        let (reason, count, last_at) = (refusals.reason, refusals.count, refusals.last_at);
        format!("  {reason}  {count} times  last {}", time(last_at))
    });
    let refusals = refusals.unwrap_or_default();
    let role = event.role.as_ref().map(|role| format!("  {role}")).unwrap_or_default();
    println!("{}  {}  {}  {place}{refusals}{role}", time(moment), event.event, event.actor);
}

fn time(moment: Timestamp) -> impl Display {
    let since = Duration::from_secs(u64::try_from(moment.as_seconds()).unwrap_or(0));
    humantime::format_rfc3339_seconds(UNIX_EPOCH + since)
}
