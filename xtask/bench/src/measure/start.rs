//! Measures how soon a server answers on a migrated database, and how much memory it uses when
//! idle.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use super::{
    client::{Connection, Request},
    database::Database,
    report::Row,
    server::Server,
};

const STARTS: usize = 9;
const MAX_MS: f64 = 50.0;
const MAX_MIB: f64 = 14.0;
/// The time after which a server has finished the work of its start.
const SETTLE: Duration = Duration::from_secs(1);

pub(super) async fn run() -> Result<Vec<Row>> {
    let database = Database::create("start").await?;
    let mut times = Vec::with_capacity(STARTS);
    for _ in 0..STARTS {
        let began = Instant::now();
        let server = Server::start(&database, &[])?;
        ask(&server).await?;
        times.push(began.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_unstable_by(f64::total_cmp);
    let median = times.get(STARTS / 2).copied().unwrap_or(f64::INFINITY);

    let server = Server::start(&database, &[])?;
    ask(&server).await?;
    tokio::time::sleep(SETTLE).await;
    Ok(vec![
        Row::at_most("start: to the first answer, median", median, MAX_MS, "ms"),
        Row::at_most("start: PSS when idle", server.pss()?, MAX_MIB, "MiB"),
    ])
}

async fn ask(server: &Server) -> Result<()> {
    let mut connection = Connection::open(server.address()).await?;
    let answer = connection.send(&Request::get(server.address(), "/", "")).await?;
    ensure!(answer.status == 200, "the home page answers {}", answer.status);
    Ok(())
}
