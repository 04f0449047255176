//! `user invite` and `user uninvite`: the use cases of the page of invitations, with the operator as
//! the inviter.

use std::process::ExitCode;

use anyhow::{Result, anyhow};
use auth::{
    Accounts, Invite, InviteError, Invited, Inviter, ResendInvitationError, RevokeInvitationError,
};
use clap::Subcommand;
use domain::EmailAddress;
use hypermedia::{operator_command, settings::Settings};

use super::{accounts::with_accounts, exit_code::USAGE, role::find_role};
use crate::App;

/// What is done about the invitation of an address.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Mail an address a link to create an account, also while sign-up is closed
    Invite {
        /// The address
        email: String,
        /// The role that the account gets: user, admin or one of the product
        #[arg(long, required_unless_present = "resend")]
        role: Option<String>,
        /// Mail a new link for an open invitation, which keeps its role, in place of the one before
        #[arg(long, conflicts_with = "role")]
        resend: bool,
    },
    /// Withdraw the invitation of an address, so that its link no longer works
    Uninvite {
        /// The address
        email: String,
    },
}

pub(super) async fn run(app: &App, command: &Command, settings: &Settings) -> Result<ExitCode> {
    let (Command::Invite { email: address, .. } | Command::Uninvite { email: address }) = command;
    let email = match EmailAddress::parse(address) {
        Ok(email) => email,
        Err(problem) => {
            eprintln!("{address}: {problem}");
            return Ok(ExitCode::from(USAGE));
        }
    };
    let invite = match command {
        Command::Invite { role: Some(role), .. } => match find_role(app, role) {
            Some(role) => Some(Invite { email: email.clone(), role }),
            None => return Ok(ExitCode::from(USAGE)),
        },
        Command::Invite { role: None, .. } | Command::Uninvite { .. } => None,
    };
    with_accounts(app, settings, async |accounts| {
        match (command, &invite) {
            (_, Some(invite)) => send(app, accounts, invite).await?,
            (Command::Invite { .. }, None) => resend(accounts, &email).await?,
            (Command::Uninvite { .. }, None) => withdraw(accounts, &email).await?,
        }
        Ok(ExitCode::SUCCESS)
    })
    .await
}

async fn send(app: &App, accounts: &Accounts, invite: &Invite) -> Result<()> {
    let Invite { email, role } = invite;
    match accounts.administration().invite(Inviter::Operator, invite).await {
        Ok(Invited::Mailed) => println!("{email} is invited with the role {role}"),
        Ok(Invited::HasAccount(_)) => {
            let change = operator_command(app.brand.slug, "user role");
            println!(
                "{email} has an account and is told to log in; its role stays, and \
                 `{change} {email} {role}` changes it"
            );
        }
        Err(InviteError::AlreadyInvited) => {
            let again = operator_command(app.brand.slug, "user invite");
            return Err(anyhow!(
                "{email} is invited already; `{again} {email} --resend` mails another link"
            ));
        }
        Err(InviteError::Throttled { retry_after }) => {
            let minutes = retry_after.as_secs() / 60 + 1;
            return Err(anyhow!("{email} was mailed too often; wait for {minutes} minutes"));
        }
        Err(InviteError::Fault(fault)) => return Err(fault.into()),
    }
    Ok(())
}

async fn resend(accounts: &Accounts, email: &EmailAddress) -> Result<()> {
    let administration = accounts.administration();
    let id = administration.find_invitation(email).await?;
    let id = id.ok_or_else(|| anyhow!("{email} has no open invitation"))?;
    match administration.resend_invitation(Inviter::Operator, id).await {
        Ok(()) => println!("{email} is mailed another link"),
        Err(ResendInvitationError::NoSuchInvitation) => {
            return Err(anyhow!("{email} has no open invitation"));
        }
        Err(ResendInvitationError::HasAccount) => return Err(anyhow!("{email} has an account")),
        Err(ResendInvitationError::UnknownRole) => {
            return Err(anyhow!(
                "the role of the invitation is gone; withdraw it, and invite anew"
            ));
        }
        Err(ResendInvitationError::TooSoon { retry_after }) => {
            let seconds = retry_after.as_secs() + 1;
            return Err(anyhow!("the last mail is too young; wait for {seconds} seconds"));
        }
        Err(ResendInvitationError::Fault(fault)) => return Err(fault.into()),
    }
    Ok(())
}

async fn withdraw(accounts: &Accounts, email: &EmailAddress) -> Result<()> {
    let administration = accounts.administration();
    let id = administration.find_invitation(email).await?;
    let id = id.ok_or_else(|| anyhow!("{email} has no open invitation"))?;
    match administration.revoke_invitation(Inviter::Operator, id).await {
        Ok(()) => println!("the invitation of {email} is withdrawn"),
        Err(RevokeInvitationError::NoSuchInvitation) => {
            return Err(anyhow!("{email} has no open invitation"));
        }
        Err(RevokeInvitationError::Fault(fault)) => return Err(fault.into()),
    }
    Ok(())
}
