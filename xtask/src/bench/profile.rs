//! What a signed-in page costs over a bare route that answers with the same bytes,
//! headers and all, through the same accept loop.

use std::{sync::Arc, time::Duration};

use anyhow::Result;
use auth::password::PasswordSettings;
use domain::Role;

use super::{
    client::{Connection, Request},
    database::{Database, Person, add_people},
    load::{Best, measure},
    report::Row,
    server::Server,
};

const ROUNDS: u32 = 4;
const TIME: Duration = Duration::from_secs(1);
const PATH: &str = "/profile";

/// A server and what was measured of it.
struct Contender {
    server: Server,
    requests: Arc<[Request]>,
    best: Best,
}

impl Contender {
    fn new(server: Server, person: &Person) -> Self {
        let requests = Arc::from([person.get(&server, PATH)]);
        Self { server, requests, best: Best::default() }
    }

    async fn measure(&mut self, connections: usize) -> Result<()> {
        let load = measure(&self.server, &self.requests, connections, TIME).await?;
        self.best.add(&load);
        Ok(())
    }
}

pub(super) async fn run() -> Result<Vec<Row>> {
    let database = Database::create("profile").await?;
    let store = database.open().await?;
    let people = add_people(&store, 1, Role::User, &PasswordSettings::default()).await?;
    store.close().await?;
    let Some(person) = people.first() else { return Ok(Vec::new()) };
    let mut rows = Vec::new();
    for connections in [16, 64] {
        rows.extend(compare(&database, person, connections).await?);
    }
    Ok(rows)
}

async fn compare(database: &Database, person: &Person, connections: usize) -> Result<Vec<Row>> {
    let mut warm = Contender::new(Server::start(database, &[])?, person);
    let uncached = [("LATCHKEY__SESSION__CACHE_TTL", "0s")];
    let mut cold = Contender::new(Server::start(database, &uncached)?, person);
    let file = database.folder().join("profile.http");
    let mut connection = Connection::open(warm.server.address()).await?;
    std::fs::write(&file, connection.send(&person.get(&warm.server, PATH)).await?.bytes)?;
    let mut bare = Contender::new(Server::start_bare(&file)?, person);
    for _ in 0..ROUNDS {
        for contender in [&mut bare, &mut warm, &mut cold] {
            contender.measure(connections).await?;
        }
    }
    let (bare, warm, cold) = (bare.best, warm.best, cold.best);
    let name = |what: &str| format!("profile, {connections} connections: {what}");
    let cpu = |of: Best| format!("{:.1} µs : {:.1} µs", of.micros, bare.micros);
    let rate = |of: Best| format!("{:.0}/s : {:.0}/s", of.per_second, bare.per_second);
    Ok(vec![
        Row::at_most_times(name("CPU, warm"), cpu(warm), warm.micros / bare.micros, 1.6),
        Row::at_most_times(name("CPU, no cache"), cpu(cold), cold.micros / bare.micros, 8.0),
        Row::at_least_times(name("rate, warm"), rate(warm), warm.per_second / bare.per_second, 0.6),
    ])
}
