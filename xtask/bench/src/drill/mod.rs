//! `cargo xtask drill`: three servers behind a balancer, on a PostgreSQL primary with a replica.
//! Visitors use them and record what is acknowledged, while one fault after the other is caused.
//!
//! Everything runs on the loopback, takes about two minutes and ends by itself. The drill fails if
//! something acknowledged is lost, if a session outlives its log-out, if a mail arrives twice that
//! was not being sent at a kill, or if a request fails while a server could answer. It needs the
//! server programs of PostgreSQL, and `faketime` to change clocks.

mod balancer;
mod browser;
mod cluster;
mod faults;
mod ledger;
mod mails;
mod node;
mod scene;
mod tally;
mod verdict;
mod visitor;

use std::{
    env,
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use tokio::{sync::watch, task::JoinSet, time::sleep};

use self::{
    balancer::Balancer,
    cluster::Cluster,
    faults::Faults,
    ledger::Ledger,
    mails::Mails,
    node::{Node, Settings},
    scene::{NODES, Scene},
    tally::Tally,
    visitor::Visitor,
};
use xtask::{mail_catcher::MailCatcher, programs::server_binary};

/// The number of simultaneous visitors.
const VISITORS: usize = 6;
/// The longest time until pending mails arrive after the faults: the lease of a mail that was being
/// sent at a kill, and the pause after a failed try.
const SETTLING: Duration = Duration::from_secs(100);

/// Runs the drill.
pub(crate) async fn run() -> Result<ExitCode> {
    let folder = env::temp_dir().join(format!("latchkey-drill-{}", std::process::id()));
    println!("the drill takes about two minutes");
    let began = Instant::now();
    let cluster = Cluster::start(&folder).await?;
    let catcher = MailCatcher::start(([127, 0, 0, 1], 0).into()).await?;
    let mails = Mails::keep(&catcher);
    let balancer = Balancer::start().await?;
    let settings = Settings {
        program: server_binary()?,
        database: cluster.url(),
        mail: catcher.addr(),
        public: balancer.address(),
        folder: folder.clone(),
    };
    let mut nodes = Vec::with_capacity(NODES);
    for number in 0..NODES {
        let node = Node::start(&settings, number)?;
        balancer.add(node.address());
        nodes.push(node);
    }
    balancer.wait_until_ready(NODES).await?;
    let scene = Arc::new(Scene { balancer, ledger: Ledger::default(), tally: Tally::new(), mails });
    let (stop, stopped) = watch::channel(false);
    let mut visitors = JoinSet::new();
    for number in 0..VISITORS {
        let visitor = Visitor::new(Arc::clone(&scene), number, stopped.clone());
        visitors.spawn(visitor.stay());
    }
    let mut faults = Faults { scene: &scene, cluster, nodes, settings };
    let made = faults.make_all().await;
    stop.send_replace(true);
    while let Some(ended) = visitors.join_next().await {
        ended.context("a visitor panicked")?;
    }
    made?;
    settle(&scene).await;
    let is_good = verdict::print(&scene, &faults).await?;
    println!("took {} s", began.elapsed().as_secs());
    drop(faults);
    std::fs::remove_dir_all(&folder)
        .with_context(|| format!("{} is left behind", folder.display()))?;
    Ok(if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Waits until every mail has arrived or `SETTLING` is over.
async fn settle(scene: &Scene) {
    let until = Instant::now() + SETTLING;
    while !scene.ledger.missing_mails(&scene.mails).is_empty() && Instant::now() < until {
        sleep(Duration::from_millis(500)).await;
    }
}
