//! `doctor`: checks everything that a server depends on and names the fixes.
//!
//! Changes and creates nothing, and prints no secret. Each group of checks has a time limit and
//! they run at the same time, so that the command ends within half a minute. A check that depends
//! on a failed one is reported as skipped.

mod configuration;
mod database;
mod files;
mod http;
mod machine;
mod mail;
mod report;
mod site;

use std::{path::Path, process::ExitCode, time::Duration};

use anyhow::Result;
use auth::keys::SecretKey;
use clap::Args;
use domain::EmailAddress;
use hypermedia::{
    operator_command,
    proxy_probe::ProxyProbe,
    settings::{Environment, Settings, SettingsError},
};
use tokio::time::timeout;

use self::report::Finding;
use super::exit_code::USAGE;
use crate::App;

/// The longest time of a group of checks. The test mail has 28 seconds.
const LIMIT: Duration = Duration::from_secs(29);
/// The file in which development keeps its secret.
const MADE_SECRET: &str = "var/secret_key";

/// The options of the checks and of their output.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Print one JSON object instead of lines
    #[arg(long)]
    json: bool,
    /// Send a test mail to this address
    #[arg(long, value_name = "ADDRESS")]
    mail_to: Option<String>,
}

/// Runs every check. Exits with 0 without findings, with 1 with findings, and with 2 if nothing
/// could be checked.
pub(super) async fn run(app: &App, arguments: &Arguments) -> Result<ExitCode> {
    let mail_to = match arguments.mail_to.as_deref().map(EmailAddress::parse).transpose() {
        Ok(mail_to) => mail_to,
        Err(problem) => return Ok(refuse(&format!("--mail-to: {problem}"))),
    };
    let (settings, refused) = match Settings::load_leniently(app.brand) {
        Ok(loaded) => loaded,
        Err(error) => return Ok(refuse(&error.to_string())),
    };
    let settings = app.prepare(settings);
    let findings = Box::pin(examine(&settings, &refused, mail_to)).await;
    if arguments.json {
        report::print_json(app.brand.version, environment(settings.environment), &findings)?;
    } else {
        report::print_lines(&findings)?;
    }
    let has_findings = findings.iter().any(|finding| finding.status.is_finding());
    Ok(if has_findings { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn refuse(reason: &str) -> ExitCode {
    eprintln!("{reason}");
    ExitCode::from(USAGE)
}

async fn examine(
    settings: &Settings,
    refused: &[SettingsError],
    mail_to: Option<EmailAddress>,
) -> Vec<Finding> {
    let migrate = format!("run `{}`", operator_command(settings.brand.slug, "migrate"));
    let mut findings = configuration::check(settings, refused);
    let is_usable = |key: &str| !refused.iter().any(|error| error.is_about(key));
    findings.extend(look_at_files(settings, is_usable("database.url"), &migrate));
    // Runs alone, because other checks would slow it down.
    findings.push(machine::hashing(settings.password.clone()).await);
    let (database, mail, site) = tokio::join!(
        within("database", async {
            if is_usable("database.url") {
                let secret = existing_secret(settings);
                database::check(&settings.database, secret.as_ref(), &migrate).await
            } else {
                vec![Finding::skipped("database", "database.url cannot be used")]
            }
        }),
        within("mail_server", async {
            if is_usable("mail.url") {
                mail::server(settings.mail.clone(), mail_to).await
            } else {
                vec![Finding::skipped("mail_server", "mail.url cannot be used")]
            }
        }),
        within("public_url", async {
            if is_usable("server.public_url") && is_usable("secret_key") {
                look_at_site(settings).await
            } else {
                let reason = "server.public_url or secret_key cannot be used";
                vec![Finding::skipped("public_url", reason)]
            }
        }),
    );
    findings.extend(database);
    findings.extend(mail);
    if is_usable("mail.from") {
        findings.extend(mail::dns(settings.mail.from.domain()));
    }
    findings.extend(site);
    findings
}

async fn within(check: &'static str, checking: impl Future<Output = Vec<Finding>>) -> Vec<Finding> {
    timeout(LIMIT, Box::pin(checking)).await.unwrap_or_else(|_| {
        let fix = "look at what it asks; this should take seconds";
        vec![Finding::problem(check, "the check did not end in time", fix)]
    })
}

fn look_at_files(settings: &Settings, has_database: bool, migrate: &str) -> Vec<Finding> {
    let files = settings.files();
    let config = files.config.as_deref();
    let mut findings = vec![files::configuration(config, files.has_secrets)];
    findings.extend(files::secrets(&files.secrets));
    if !has_database {
        return findings;
    }
    let database = settings.database.url.file();
    let file = database.as_deref();
    findings.extend(files::database(file, migrate));
    let folder = file.map(|file| match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => Path::new(".").to_owned(),
    });
    findings.extend(machine::disks(folder));
    findings
}

/// The secret, unless it cannot be used or development has not made it yet.
fn existing_secret(settings: &Settings) -> Option<SecretKey> {
    let is_there = settings.secret_key.is_some() || Path::new(MADE_SECRET).exists();
    if is_there { settings.secret_key().ok() } else { None }
}

/// Checks the site. Never creates the secret that development would create.
async fn look_at_site(settings: &Settings) -> Vec<Finding> {
    if settings.secret_key.is_none() && !Path::new(MADE_SECRET).exists() {
        let reason = "there is no secret_key to sign the question with";
        return vec![Finding::skipped("public_url", reason)];
    }
    match settings.secret_key() {
        Ok(secret) => site::check(&settings.server.public_url, &ProxyProbe::new(&secret)).await,
        Err(_) => vec![Finding::skipped("public_url", "secret_key cannot be used")],
    }
}

const fn environment(environment: Environment) -> &'static str {
    match environment {
        Environment::Development => "development",
        Environment::Production => "production",
        Environment::Test => "test",
    }
}
