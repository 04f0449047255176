//! Compares the ledger with the final state, prints the comparison, and decides whether the bounds
//! hold.

use std::{fs, sync::Arc, time::Duration};

use anyhow::Result;

use super::{
    faults::Faults,
    mails::Arrived,
    scene::Scene,
    visitor::{can_log_in, status_of},
};

/// The longest time between the first arrival of a mail that arrives twice and the kill that
/// explains the second. The server needs one statement to record a delivery.
const ON_ITS_WAY: Duration = Duration::from_secs(4);
/// The number of printed failures of each kind.
const SHOWN: usize = 5;

/// Prints the result of the drill. Returns whether nothing was lost and no bound was exceeded.
pub(super) async fn print(scene: &Arc<Scene>, faults: &Faults<'_>) -> Result<bool> {
    let mut problems = Vec::new();
    print_requests(scene, &mut problems);

    let counts = scene.ledger.counts();
    let (sessions, accounts) = (scene.ledger.sessions(), scene.ledger.accounts());
    let mut lost_sessions = 0;
    for (cookie, _) in &sessions {
        lost_sessions += u32::from(status_of(scene, "/profile", cookie).await != Some(200));
    }
    let mut lost_accounts = 0;
    for (email, passwords) in &accounts {
        lost_accounts += u32::from(!can_log_in(scene, email, passwords).await);
    }
    println!(
        "acknowledged: {} sign-ups, {} log-ins, {} resets, {} log-outs",
        counts.sign_ups, counts.log_ins, counts.resets, counts.log_outs
    );
    println!("accounts: {} with their last password, {lost_accounts} lost", accounts.len());
    println!("sessions: {} open, {lost_sessions} lost", sessions.len());
    if lost_accounts + lost_sessions > 0 {
        problems.push("something acknowledged was lost".to_owned());
    }

    let missing = scene.ledger.missing_mails(&scene.mails);
    let doubled: Vec<_> = scene.mails.all().into_iter().filter(|mail| mail.at.len() > 1).collect();
    let excused = doubled.iter().filter(|mail| was_on_its_way(scene, mail)).count();
    println!(
        "mails: {} owed, {} lost, {} doubled, {excused} of them on their way at a kill",
        scene.ledger.owed(),
        missing.len(),
        doubled.len()
    );
    if scene.mails.missed() > 0 {
        problems.push(format!("{} mails came too fast to be counted", scene.mails.missed()));
    }
    if !missing.is_empty() || excused < doubled.len() {
        let first = missing.iter().take(SHOWN).map(|(to, kind)| format!("{kind:?} to {to}"));
        problems.push(format!("mails: lost {:?}", first.collect::<Vec<_>>()));
    }
    problems.extend(scene.ledger.faults().into_iter().take(SHOWN));
    problems.extend(panics(faults)?);
    for problem in &problems {
        println!("FAILED: {problem}");
    }
    Ok(problems.is_empty())
}

fn print_requests(scene: &Scene, problems: &mut Vec<String>) {
    println!("{:<28}{:>9}{:>9}{:>9}{:>12}", "phase", "requests", "failed", "excused", "slowest");
    for (index, phase) in scene.tally.phases().into_iter().enumerate() {
        let (faults, excused) = scene.tally.failures_in(index);
        println!(
            "{:<28}{:>9}{:>9}{excused:>9}{:>9} ms",
            phase.name,
            phase.requests,
            faults.len() + excused,
            phase.slowest.as_millis()
        );
        for fault in faults.iter().take(SHOWN) {
            problems.push(format!("{}: {} while a server could answer", phase.name, fault.what));
        }
    }
}

fn was_on_its_way(scene: &Scene, mail: &Arrived) -> bool {
    mail.at.first().is_some_and(|first| scene.tally.was_disturbed(*first, ON_ITS_WAY))
}

/// Returns the lines of the servers' logs that report a panic.
fn panics(faults: &Faults<'_>) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(&faults.settings.folder)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "log") {
            continue;
        }
        let log = String::from_utf8_lossy(&fs::read(&path)?).into_owned();
        let bad = log.lines().filter(|line| line.contains("panic"));
        found.extend(bad.take(SHOWN).map(|line| format!("{}: {line}", path.display())));
    }
    Ok(found)
}
