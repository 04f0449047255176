//! `seed-admin`: creates the first admin. The server never creates one. A password is
//! never part of the command line, which other users of the machine can read.

use std::{
    fs,
    io::{self, IsTerminal},
    path::PathBuf,
    process::ExitCode,
};

use anyhow::{Context, Result, anyhow};
use auth::{Accounts, AdminSecret, SeedAdmin, SeedAdminError, Seeded};
use clap::Args;
use domain::{DisplayName, EmailAddress, Password, Token, User};
use hypermedia::{operator_command, settings::Settings};
use zeroize::Zeroizing;

use super::{accounts::with_accounts, exit_code::USAGE};
use crate::App;

/// The future admin, and the source of the password.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The admin's address
    #[arg(long)]
    email: String,
    /// The admin's name
    #[arg(long, default_value = "Admin")]
    name: String,
    /// Promote an existing account. With one of the password options below, its password is
    /// replaced and its sessions end; without one, both stay
    #[arg(long)]
    promote: bool,
    #[command(flatten)]
    secret: SecretArguments,
}

#[derive(Debug, Args)]
#[group(multiple = false)]
struct SecretArguments {
    /// Read the password from the first line of standard input
    #[arg(long)]
    password_stdin: bool,
    /// Read the password from the first line of a file
    #[arg(long, value_name = "F")]
    password_file: Option<PathBuf>,
    /// Generate a password and print it once
    #[arg(long)]
    generate: bool,
    /// Mail a link to set a password, which only the recipient knows
    #[arg(long)]
    invite: bool,
}

/// Creates or promotes the admin.
pub(super) async fn run(app: &App, arguments: &Arguments, settings: &Settings) -> Result<ExitCode> {
    let (email, name) = match identity(arguments) {
        Ok(identity) => identity,
        Err(problem) => return Ok(usage(&problem)),
    };
    with_accounts(app, settings, async |accounts| seed(app, accounts, arguments, email, name).await)
        .await
}

async fn seed(
    app: &App,
    accounts: &Accounts,
    arguments: &Arguments,
    email: EmailAddress,
    name: DisplayName,
) -> Result<ExitCode> {
    let found = accounts.administration().find_user(&email).await?;
    let has_factor = found.as_ref().is_some_and(|user| user.second_factor_since.is_some());
    let secret = match found {
        Some(user) if !takes_secret(&user, arguments) => Ok((AdminSecret::Kept, None)),
        _ => secret(&arguments.secret)?,
    };
    let (secret, generated) = match secret {
        Ok(secret) => secret,
        Err(problem) => return Ok(usage(&problem)),
    };
    let address = email.clone();
    let seed = SeedAdmin { email, name, secret, promote: arguments.promote };
    match accounts.administration().seed_admin(seed).await {
        Ok(seeded) => {
            println!("{}", report(seeded, &address));
            let is_new = matches!(seeded, Seeded::Created | Seeded::PromotedWithNewPassword);
            if has_factor && seeded != Seeded::AlreadyAdmin {
                let reset = operator_command(app.brand.slug, "user reset-factors");
                println!(
                    "its second factor stays; if that may be another person's, run \
                     `{reset} {address} --reason REASON`"
                );
            }
            if let Some(password) = generated.filter(|_| is_new) {
                println!("password: {}", password.as_str());
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(SeedAdminError::NotPromoted) => {
            Err(anyhow!("{address} has an account that is no admin; add --promote to make it one"))
        }
        Err(SeedAdminError::NoAccount) => Err(anyhow!("{address} has no account any more")),
        Err(SeedAdminError::Disabled) => {
            let enable = operator_command(app.brand.slug, "user enable");
            Err(anyhow!(
                "{address} has an account that is disabled; let its owner in first, with \
                 `{enable} {address}`"
            ))
        }
        Err(SeedAdminError::Reserved) => Err(anyhow!(
            "{address} is reserved: its owner took another address less than a week ago and can \
             still go back; seed that account's address with --promote, or wait"
        )),
        Err(SeedAdminError::Password(problem)) => Ok(usage(&format!("{problem}"))),
        Err(SeedAdminError::Fault(fault)) => Err(fault.into()),
    }
}

/// Whether the account gets a new password when it becomes an admin's.
fn takes_secret(user: &User, arguments: &Arguments) -> bool {
    let SecretArguments { password_stdin, password_file, generate, invite } = &arguments.secret;
    let is_chosen = *password_stdin || password_file.is_some() || *generate || *invite;
    arguments.promote && !user.role.is_admin() && is_chosen
}

fn report(seeded: Seeded, email: &EmailAddress) -> String {
    match seeded {
        Seeded::Created => format!("{email} is an admin now"),
        Seeded::Invited => format!("{email} is an admin now; the server mails the link"),
        Seeded::Promoted => format!(
            "{email} is an admin now, with the password it had: whoever registered the address \
             keeps it, until the password is reset by a mailed link"
        ),
        Seeded::PromotedWithNewPassword => {
            format!("{email} is an admin now, with the new password alone; its sessions are ended")
        }
        Seeded::AlreadyAdmin => format!("{email} is an admin already; nothing was changed"),
    }
}

fn identity(arguments: &Arguments) -> Result<(EmailAddress, DisplayName), String> {
    let email =
        EmailAddress::parse(&arguments.email).map_err(|error| format!("--email: {error}"))?;
    let name = DisplayName::parse(&arguments.name).map_err(|error| format!("--name: {error}"))?;
    Ok((email, name))
}

type Chosen = (AdminSecret, Option<Zeroizing<String>>);

/// Returns the secret, or a message that names the options that are missing.
fn secret(arguments: &SecretArguments) -> Result<Result<Chosen, String>> {
    if arguments.invite {
        return Ok(Ok((AdminSecret::Invite, None)));
    }
    if arguments.generate {
        let password = Token::generate().expose();
        return Ok(parse(&password).map(|secret| (secret, Some(password))));
    }
    let typed = if arguments.password_stdin {
        read_line(io::stdin().lines())?
    } else if let Some(file) = &arguments.password_file {
        let text =
            fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        Zeroizing::new(text.lines().next().unwrap_or_default().to_owned())
    } else if io::stdin().is_terminal() {
        match prompt()? {
            Ok(password) => password,
            Err(problem) => return Ok(Err(problem)),
        }
    } else {
        return Ok(Err("no terminal to ask for a password; pass --password-stdin, \
             --password-file F, --generate or --invite"
            .to_owned()));
    };
    Ok(parse(&typed).map(|secret| (secret, None)))
}

fn parse(text: &str) -> Result<AdminSecret, String> {
    Password::parse(text).map(AdminSecret::Password).map_err(|error| error.to_string())
}

fn read_line(mut lines: impl Iterator<Item = io::Result<String>>) -> Result<Zeroizing<String>> {
    let line = lines.next().transpose().context("cannot read standard input")?;
    Ok(Zeroizing::new(line.unwrap_or_default()))
}

fn prompt() -> Result<Result<Zeroizing<String>, String>> {
    let ask = |text| rpassword::prompt_password(text).map(Zeroizing::new);
    let first = ask("Password: ").context("cannot ask for a password")?;
    let second = ask("Once more: ").context("cannot ask for a password")?;
    Ok(if first == second { Ok(first) } else { Err("the passwords differ".to_owned()) })
}

fn usage(problem: &str) -> ExitCode {
    eprintln!("{problem}");
    ExitCode::from(USAGE)
}
