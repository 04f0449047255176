//! Causes the faults, one after the other, with calm phases between them.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Result;
use tokio::time::sleep;

use super::{
    cluster::Cluster,
    node::{Node, Settings, other_clock},
    scene::{NODES, Scene},
};

/// The length of a phase without a new fault.
const CALM: Duration = Duration::from_secs(6);
/// The length of a fault that can be ended.
const FAULT: Duration = Duration::from_secs(8);
/// The pause between two cuts of the connections that receive cache invalidations.
const CUT: Duration = Duration::from_millis(200);
/// The time until the operator notices that the primary is down.
const NOTICE: Duration = Duration::from_secs(1);

/// The servers and settings that faults are caused with.
pub(super) struct Faults<'a> {
    pub(super) scene: &'a Arc<Scene>,
    pub(super) cluster: Cluster,
    pub(super) nodes: Vec<Node>,
    pub(super) settings: Settings,
}

impl Faults<'_> {
    /// Causes every fault.
    pub(super) async fn make_all(&mut self) -> Result<()> {
        let scene = Arc::clone(self.scene);
        self.calm("calm").await;

        scene.tally.enter("a node is killed");
        self.kill_node(0, &[]).await?;

        scene.tally.enter("LISTEN is cut");
        self.cut_listeners().await?;

        for offset in ["+90s", "-90s"] {
            scene.tally.enter("a clock is 90 s off");
            match other_clock(offset) {
                Some(clock) => self.kill_node(1, &clock).await?,
                None => println!("left out: there is no `faketime`"),
            }
            sleep(FAULT).await;
        }

        scene.tally.enter("the primary is killed");
        self.fail_over().await?;
        self.calm("calm on the other primary").await;
        Ok(())
    }

    async fn calm(&self, name: &'static str) {
        self.scene.tally.enter(name);
        sleep(CALM).await;
    }

    /// Kills a node and starts it again after half the length of a fault, with these environment
    /// variables.
    async fn kill_node(&mut self, number: usize, variables: &[(String, String)]) -> Result<()> {
        let Some(node) = self.nodes.get_mut(number) else { return Ok(()) };
        self.scene.tally.note_kill();
        node.kill()?;
        sleep(FAULT / 2).await;
        node.start_again(&self.settings, variables)?;
        self.scene.balancer.wait_until_ready(NODES).await?;
        sleep(FAULT / 2).await;
        Ok(())
    }

    async fn cut_listeners(&self) -> Result<()> {
        let until = Instant::now() + FAULT;
        while Instant::now() < until {
            self.cluster.cut_listeners()?;
            sleep(CUT).await;
        }
        Ok(())
    }

    async fn fail_over(&mut self) -> Result<()> {
        self.scene.tally.begin_outage();
        self.cluster.kill_primary()?;
        sleep(NOTICE).await;
        self.cluster.promote_replica()?;
        self.scene.balancer.wait_until_ready(1).await?;
        let outage = self.scene.tally.end_outage();
        println!("answers again after {:.1} s", outage.as_secs_f64());
        self.scene.balancer.wait_until_ready(NODES).await?;
        sleep(FAULT).await;
        Ok(())
    }
}
