//! Compares the cost of a request with a thousand users and with a million, each with a session.
//! The cost must not depend on the number of users.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, Result};
use auth::password::PasswordSettings;
use domain::Role;

use super::{
    client::Request,
    database::{Database, Person, add_people},
    filling::Filling,
    load::{Best, measure},
    person::log_ins,
    report::Row,
    server::{HIGH_LIMITS, Server},
};

const SIZES: [u32; 2] = [1_000, 1_000_000];
const MAX: f64 = 1.2;
const ROUNDS: u32 = 6;
const TIME: Duration = Duration::from_millis(500);
const CONNECTIONS: usize = 16;
/// The measured users are spread over this many places among the others.
const PLACES: u32 = 16;
const PEOPLE_PER_PLACE: usize = 16;
/// Makes hashing cheap, so that the cost of the rest shows.
const SETTINGS: [(&str, &str); 3] = [
    ("LATCHKEY__PASSWORD__MEMORY_KIB", "64"),
    ("LATCHKEY__PASSWORD__ITERATIONS", "1"),
    ("LATCHKEY__SESSION__CACHE_TTL", "0s"),
];
const WHAT: [&str; 4] =
    ["profile, no cache", "log-in", "list of users, first page", "list of users, deep page"];

/// A server with a given number of users, and each measured request with its best result.
struct Site {
    server: Server,
    requests: [(Arc<[Request]>, Best); WHAT.len()],
    _database: Database,
}

pub(super) async fn run() -> Result<Vec<Row>> {
    let [mut small, mut large] = [open(SIZES[0]).await?, open(SIZES[1]).await?];
    for _ in 0..ROUNDS {
        for (few, many) in small.requests.iter_mut().zip(&mut large.requests) {
            for (server, (requests, best)) in [(&small.server, few), (&large.server, many)] {
                best.add(&measure(server, requests, CONNECTIONS, TIME).await?);
            }
        }
    }
    let pairs = small.requests.iter().zip(&large.requests);
    let rows = WHAT.iter().zip(pairs).map(|(what, ((_, small), (_, large)))| {
        let measured = format!("{:.0} µs : {:.0} µs", large.micros, small.micros);
        Row::at_most_times(
            format!("growth: CPU, {what}"),
            measured,
            large.micros / small.micros,
            MAX,
        )
    });
    Ok(rows.collect())
}

async fn open(size: u32) -> Result<Site> {
    let database = Database::create(&size.to_string()).await?;
    let (people, admin) = fill(&database, size).await?;
    let settings = [&SETTINGS[..], &HIGH_LIMITS].concat();
    let server = Server::start(&database, &settings)?;
    let deep = format!("/admin/users?page={}", cursor(size / 10));
    let requests = [
        people.iter().map(|person| person.get(&server, "/profile")).collect(),
        log_ins(&server, &people).await?.into(),
        Arc::from([admin.get(&server, "/admin/users")]),
        Arc::from([admin.get(&server, &deep)]),
    ];
    let requests = requests.map(|requests| (requests, Best::default()));
    Ok(Site { server, requests, _database: database })
}

async fn fill(database: &Database, size: u32) -> Result<(Vec<Person>, Person)> {
    let hashing = PasswordSettings { memory_kib: 64, iterations: 1, ..Default::default() };
    let store = database.open().await?;
    let mut people = Vec::new();
    for place in 0..PLACES {
        let (first, next) = (size / PLACES * place, size / PLACES * (place + 1));
        let filling = Filling::open(&database.url()).await?;
        filling.add(first..next).await?;
        filling.close().await?;
        people.extend(add_people(&store, PEOPLE_PER_PLACE, Role::USER, &hashing).await?);
    }
    let admin = add_people(&store, 1, Role::ADMIN, &hashing).await?;
    store.close().await?;
    Ok((people, admin.into_iter().next().context("nobody")?))
}

/// Returns the cursor of the page that begins after the filled user `number`, as the site encodes
/// it: the millisecond of the sign-up and an id, in URL-safe base64.
fn cursor(number: u32) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut bytes = [0; 24];
    let (moment, _id) = bytes.split_at_mut(8);
    moment.copy_from_slice(&u64::from(number).to_be_bytes());
    let groups = bytes.chunks(3).map(|group| group.iter().fold(0, |n, b| n << 8 | usize::from(*b)));
    let digits = groups.flat_map(|n| [n >> 18, n >> 12 & 63, n >> 6 & 63, n & 63]);
    digits.filter_map(|digit| ALPHABET.get(digit).copied()).map(char::from).collect()
}
