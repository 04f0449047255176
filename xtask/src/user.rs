//! `cargo xtask user`: shows one account to the operator, or changes it. Each change is recorded in
//! the account's timeline with the operator as the actor.

use std::process::ExitCode;

use anyhow::{Result, anyhow};
use auth::{Order, OrderError};
use clap::{Args, Subcommand};
use domain::{EmailAddress, Role};
use web::Settings;

use crate::{accounts::with_accounts, exit_code::USAGE, user_report};

/// The action and its account.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
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
    /// Give the account a role: user or admin
    Role {
        #[command(flatten)]
        account: Account,
        /// The role
        role: Role,
    },
    /// Reset the throttles of the account, so that its owner can log in now
    Unthrottle(Account),
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
pub(crate) async fn run(arguments: &Arguments, settings: &Settings) -> Result<ExitCode> {
    let (account, order) = match &arguments.command {
        Command::Show(account) => (account, None),
        Command::Disable(account) => (account, Some((Order::Disable, "is disabled"))),
        Command::Enable(account) => (account, Some((Order::Enable, "is enabled"))),
        Command::Confirm(account) => (account, Some((Order::Confirm, "is confirmed"))),
        Command::EndSessions(account) => (account, Some((Order::EndSessions, "has no session"))),
        Command::Role { account, role: Role::Admin } => {
            (account, Some((Order::SetRole(Role::Admin), "is an admin")))
        }
        Command::Role { account, role: Role::User } => {
            (account, Some((Order::SetRole(Role::User), "is no admin")))
        }
        Command::Unthrottle(account) => (account, Some((Order::Unthrottle, "is counted anew"))),
        Command::Keep(account) => (account, Some((Order::Keep, "is kept"))),
        Command::Delete { account, .. } => (account, Some((Order::Delete, "is deleted"))),
    };
    let email = match EmailAddress::parse(&account.email) {
        Ok(email) => email,
        Err(problem) => {
            eprintln!("{}: {problem}", account.email);
            return Ok(ExitCode::from(USAGE));
        }
    };
    with_accounts(settings, async |accounts| {
        match order {
            None => match accounts.administration().report(&email).await? {
                Some(report) => user_report::print(&report, accounts.clock().now()),
                None => return Err(anyhow!("{email} has no account")),
            },
            Some((order, done)) => {
                accounts
                    .administration()
                    .order(&email, order)
                    .await
                    .map_err(|error| explain(&email, error))?;
                println!("{email} {done}");
            }
        }
        Ok(ExitCode::SUCCESS)
    })
    .await
}

fn explain(email: &EmailAddress, error: OrderError) -> anyhow::Error {
    match error {
        OrderError::NoAccount => anyhow!("{email} has no account"),
        OrderError::LastAdmin => anyhow!("{email} is the last admin who can log in"),
        OrderError::Unconfirmed => anyhow!(
            "{email} is not confirmed; once you are sure who reads mail there, run `xtask user \
             confirm {email}` first"
        ),
        OrderError::Fault(fault) => fault.into(),
    }
}
