//! Compares a page of a logged-in user with a bare route. The bare route sends the same bytes,
//! headers included, and uses the same accept loop. Compares the page of a user who has second
//! factors with that of one who has none, too.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, Result};
use auth::password::PasswordSettings;
use domain::{Assurance, Clock, EmailAddress, Role, SessionKey};
use store::Store;

use super::{
    client::{Connection, Request},
    database::{Database, Person, add_people},
    load::{Awake, Load, measure, median},
    report::Row,
    server::Server,
    standing,
};

/// The most CPU time of a warm page, in that of a bare route with the same bytes.
const WARM: f64 = 2.2;
/// The most CPU time of a warm page with second factors, in that of one without.
const PROTECTED: f64 = 1.05;
const ROUNDS: u32 = 15;
const TIME: Duration = Duration::from_millis(500);
const PATH: &str = "/profile";

/// A server and its measurements.
struct Contender {
    server: Server,
    requests: Arc<[Request]>,
    rounds: Vec<Load>,
}

impl Contender {
    fn new(server: Server, person: &Person) -> Self {
        let requests = Arc::from([person.get(&server, PATH)]);
        Self { server, requests, rounds: Vec::new() }
    }

    async fn measure(&mut self, connections: usize) -> Result<()> {
        self.rounds.push(measure(&self.server, &self.requests, connections, TIME).await?);
        Ok(())
    }

    fn median(&self, of: fn(&Load) -> f64) -> f64 {
        median(self.rounds.iter().map(of))
    }

    /// Returns the median of the ratios to `bare` of each round. Other load on the machine affects
    /// both sides of a round.
    fn ratio(&self, bare: &Self, of: fn(&Load) -> f64) -> f64 {
        median(self.rounds.iter().zip(&bare.rounds).map(|(own, bare)| of(own) / of(bare)))
    }
}

pub(super) async fn run() -> Result<Vec<Row>> {
    let database = Database::create("profile").await?;
    let store = database.open().await?;
    let people = add_people(&store, 2, Role::USER, &PasswordSettings::default()).await?;
    let [person, protected] = &people[..] else { return Ok(Vec::new()) };
    protect(&store, protected).await?;
    store.close().await?;
    let _awake = Awake::keep();
    let mut rows = Vec::new();
    for connections in [16, 64] {
        rows.extend(compare(&database, person, connections).await?);
    }
    rows.push(compare_protected(&database, person, protected).await?);
    Ok(rows)
}

/// Gives the person second factors, and a session that was begun with one.
async fn protect(store: &Store, person: &Person) -> Result<()> {
    let (tx, now) = (store.begin().await?, Clock::system().now());
    let found = tx.users().find_by_email(&EmailAddress::parse(&person.email)?).await?;
    let (user, hash) = found.context("the person has no account")?;
    standing::protect(&tx, user.id, &hash, now).await?;
    let key = SessionKey::of(&person.session_id);
    tx.sessions().set_factor(&key, &key, Assurance::PasswordAndCode, now).await?;
    Ok(tx.commit().await?)
}

async fn compare_protected(
    database: &Database,
    person: &Person,
    protected: &Person,
) -> Result<Row> {
    let mut without = Contender::new(Server::start(database, &[])?, person);
    let mut with = Contender::new(Server::start(database, &[])?, protected);
    for _ in 0..ROUNDS {
        without.measure(16).await?;
        with.measure(16).await?;
    }
    let (own, other) = (with.median(Load::micros), without.median(Load::micros));
    Ok(Row::at_most_times(
        "profile: CPU, warm, with second factors".to_owned(),
        format!("{own:.1} µs : {other:.1} µs"),
        with.ratio(&without, Load::micros),
        PROTECTED,
    ))
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
    let name = |what: &str| format!("profile, {connections} connections: {what}");
    let cpu = |what, of: &Contender, most| {
        let (own, least) = (of.median(Load::micros), bare.median(Load::micros));
        let measured = format!("{own:.1} µs : {least:.1} µs");
        Row::at_most_times(name(what), measured, of.ratio(&bare, Load::micros), most)
    };
    let (own, most) = (warm.median(Load::per_second), bare.median(Load::per_second));
    let rates = format!("{own:.0}/s : {most:.0}/s");
    let rate = warm.ratio(&bare, Load::per_second);
    Ok(vec![
        cpu("CPU, warm", &warm, WARM),
        cpu("CPU, no cache", &cold, 8.0),
        Row::at_least_times(name("rate, warm"), rates, rate, 1.0 / WARM),
    ])
}
