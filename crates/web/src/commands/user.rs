//! `user`: shows one account to the operator, or changes it. Each change is recorded in
//! the account's timeline with the operator as the actor.

use std::process::ExitCode;

use anyhow::{Result, anyhow};
use auth::{Order, OrderError, OrderOutcome};
use clap::{Args, Subcommand};
use domain::{AuditNote, EmailAddress};
use hypermedia::{operator_command, settings::Settings};

use super::{accounts::with_accounts, exit_code::USAGE, invitation, role::find_role, user_report};
use crate::App;

/// The action and its account.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show what is known about the account, and why its owner cannot log in
    Show(Account),
    /// End every session and refuse log-ins
    Disable(Account),
    /// Let the owner log in again
    Enable(Account),
    /// Confirm the address on the owner's behalf
    Confirm(Account),
    /// End every session
    EndSessions(Account),
    /// Mail the owner a link to set a new password
    SendReset(Account),
    /// Give the account a role: user, admin or one of the product
    Role {
        #[command(flatten)]
        account: Account,
        /// The role
        role: String,
    },
    #[command(flatten)]
    Invitation(invitation::Command),
    /// Reset the throttles of the account, so that its owner can log in now
    Unthrottle(Account),
    /// Remove all second factors of an owner who has lost them
    ResetFactors {
        #[command(flatten)]
        account: Account,
        /// How it is known that the owner asks; in the timeline of the account
        #[arg(long)]
        reason: String,
    },
    /// Keep an account whose owner asked to delete it
    Keep(Account),
    /// Delete the account and everything about the person, at once and for good
    Delete {
        #[command(flatten)]
        account: Account,
        /// Confirm that the account is to be deleted
        #[arg(long, required = true)]
        yes: bool,
    },
}

#[derive(Debug, Args)]
struct Account {
    /// The account's address
    email: String,
}

/// Shows or changes the account.
pub(super) async fn run(app: &App, arguments: &Arguments, settings: &Settings) -> Result<ExitCode> {
    let mut note = AuditNote::default();
    let (account, order) = match &arguments.command {
        Command::Invitation(command) => return invitation::run(app, command, settings).await,
        Command::Show(account) => (account, None),
        Command::Disable(account) => (account, Some(Order::Disable)),
        Command::Enable(account) => (account, Some(Order::Enable)),
        Command::Confirm(account) => (account, Some(Order::Confirm)),
        Command::EndSessions(account) => (account, Some(Order::EndSessions)),
        Command::SendReset(account) => (account, Some(Order::SendReset)),
        Command::Role { account, role } => {
            let Some(role) = find_role(app, role) else { return Ok(ExitCode::from(USAGE)) };
            (account, Some(Order::SetRole(role)))
        }
        Command::Unthrottle(account) => (account, Some(Order::Unthrottle)),
        Command::ResetFactors { account, reason } => {
            let Some(reason) = parse_reason(reason) else { return Ok(ExitCode::from(USAGE)) };
            note = reason;
            (account, Some(Order::ResetFactors))
        }
        Command::Keep(account) => (account, Some(Order::Keep)),
        Command::Delete { account, .. } => (account, Some(Order::Delete)),
    };
    let email = match EmailAddress::parse(&account.email) {
        Ok(email) => email,
        Err(problem) => {
            eprintln!("{}: {problem}", account.email);
            return Ok(ExitCode::from(USAGE));
        }
    };
    carry_out(app, settings, &email, (order.as_ref(), &note)).await
}

/// Returns the reason, unless it is empty or cannot be kept, which is printed.
fn parse_reason(text: &str) -> Option<AuditNote> {
    match AuditNote::parse(text) {
        Ok(note) if note.as_text().is_some() => return Some(note),
        Ok(_) => eprintln!("--reason: the reason is empty"),
        Err(error) => eprintln!("--reason: {error}"),
    }
    None
}

/// Carries the order out, or shows the account.
async fn carry_out(
    app: &App,
    settings: &Settings,
    email: &EmailAddress,
    (order, note): (Option<&Order>, &AuditNote),
) -> Result<ExitCode> {
    with_accounts(app, settings, async |accounts| {
        match order {
            None => match accounts.administration().report(email).await? {
                Some(report) => {
                    let now = accounts.clock().now();
                    user_report::print(&report, settings.accounts.signup, now)?;
                }
                None => return Err(anyhow!("{email} has no account")),
            },
            Some(order) => {
                let outcome = accounts.administration().order_because(email, order, note).await;
                match outcome.map_err(|error| explain(app, email, error))? {
                    OrderOutcome::Changed => println!("{email} {}", changed(order)),
                    OrderOutcome::Unchanged => println!("{email} {}", unchanged(order)),
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    })
    .await
}

/// What the order has made of the account.
fn changed(order: &Order) -> String {
    let done = match order {
        Order::Disable => "is disabled",
        Order::Enable => "is enabled",
        Order::Confirm => "is confirmed",
        Order::EndSessions => "has no session",
        Order::SendReset => "is mailed a link to set a new password; a second factor stays",
        Order::SetRole(role) if role.is_admin() => "is an admin",
        Order::SetRole(role) => return format!("has the role {role}"),
        Order::Unthrottle => "is counted anew",
        Order::ResetFactors => "has no second factor and no session",
        Order::Keep => "is kept",
        Order::Delete => "is deleted",
    };
    done.to_owned()
}

/// The same of an account that was so before.
fn unchanged(order: &Order) -> String {
    let before = match order {
        Order::Disable => "was already disabled",
        Order::Enable => "was already enabled",
        Order::Confirm => "was already confirmed",
        Order::EndSessions => "had no session",
        Order::SetRole(role) if role.is_admin() => "was already an admin",
        Order::SetRole(role) => {
            return format!("already had the role {role}. Nothing was changed.");
        }
        Order::Unthrottle => {
            return "had no counted tries. The counts of browsers that it knows, if any, were \
                    cleared."
                .to_owned();
        }
        Order::Keep => "was not going to be deleted",
        // Orders that change an account each time.
        Order::SendReset | Order::ResetFactors | Order::Delete => return changed(order),
    };
    format!("{before}. Nothing was changed.")
}

fn explain(app: &App, email: &EmailAddress, error: OrderError) -> anyhow::Error {
    match error {
        OrderError::NoAccount => anyhow!("{email} has no account"),
        OrderError::LastAdmin => anyhow!("{email} is the last admin who can log in"),
        OrderError::Unconfirmed => {
            let confirm = operator_command(app.brand.slug, "user confirm");
            anyhow!(
                "{email} is not confirmed; once you are sure who reads mail there, run \
                 `{confirm} {email}` first"
            )
        }
        OrderError::Disabled => anyhow!("{email} is disabled; enable the account first"),
        OrderError::NoFactor => anyhow!("{email} has no second factor; nothing was changed"),
        OrderError::OtherAdmin => anyhow!("{email} is an admin"),
        OrderError::OwnAccount => anyhow!("{email} is the account of the admin who acts"),
        OrderError::Fault(fault) => fault.into(),
    }
}
