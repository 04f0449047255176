//! The rows of a large site, inserted by a few statements. Some rows of each table have expired.
//! The accounts have no usable password.

/// Sessions that were last used before this moment are idle, in milliseconds since 1970.
pub(super) const IDLE_SINCE: i64 = 1_000_000_000_000;
/// Reads a row of each table that the migrations change.
pub(super) const READ: &str = "SELECT u.name, s.last_seen_at FROM users u \
     JOIN sessions s ON s.user_id = u.id WHERE u.email = 'user700@example.net'";

/// An expiry that is past in one row of a hundred and far ahead in the others.
const EXPIRES: &str = "CASE WHEN n % 100 = 0 THEN n ELSE 4102444800000 END";

/// Returns the statements for PostgreSQL: `users` users and sessions, half as many mails, and two
/// and a half times as many events.
pub(super) fn postgres(users: u32) -> Vec<String> {
    let numbers = |count: u32| format!("generate_series(1, {count}) n");
    let mut sql = rows(
        users,
        &numbers,
        ["md5(n::text)::uuid", "sha256(n::text::bytea)", "false"],
        &format!("md5((n % {users} + 1)::text)::uuid"),
    );
    sql.push("VACUUM ANALYZE".to_owned());
    sql
}

/// Returns the same statements for SQLite.
pub(super) fn sqlite(users: u32) -> Vec<String> {
    let numbers = |count: u32| {
        format!(
            "(WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers \
             WHERE n < {count}) SELECT n FROM numbers)"
        )
    };
    let id = |n: &str| format!("CAST(printf('%016d', {n}) AS BLOB)");
    let user = id("n");
    let hash = "CAST(printf('%032d', n) AS BLOB)";
    rows(users, &numbers, [&user, hash, "0"], &id(&format!("n % {users} + 1")))
}

fn rows(
    users: u32,
    numbers: &dyn Fn(u32) -> String,
    [id, hash, no]: [&str; 3],
    owner: &str,
) -> Vec<String> {
    let (all, mails, events) = (numbers(users), numbers(users / 2), numbers(users / 2 * 5));
    vec![
        format!(
            "INSERT INTO users (id, email, name, search_text, password_hash, role, created_at, \
             confirmed_at) SELECT {id}, 'user' || n || '@example.net', 'User ' || n, \
             'user ' || n || ' user' || n || '@example.net', '', 'user', n, \
             CASE WHEN n % 1000 = 0 THEN NULL ELSE n END FROM {all}"
        ),
        format!(
            "INSERT INTO sessions (id_hash, user_id, remember, role_when_issued, created_at, \
             last_seen_at, expires_at, ip_address, user_agent, session_values) \
             SELECT {hash}, {id}, {no}, 'user', n, \
             CASE WHEN n % 100 = 1 THEN n ELSE 2 * {IDLE_SINCE} END, {EXPIRES}, '', '', '{{}}' \
             FROM {all}"
        ),
        format!(
            "INSERT INTO outbox (id, recipient, subject, text_body, html_body, created_at, \
             expires_at, attempts, sent_at) SELECT {id}, 'user' || n || '@example.net', 'Hello', \
             '', '', n, n, 1, {EXPIRES} FROM {mails}"
        ),
        format!(
            "INSERT INTO security_events (id, user_id, event, actor, created_at, ip_address, \
             user_agent, request_id) SELECT {id}, CASE WHEN n % 100 > 0 THEN {owner} END, \
             'logged_in', 'owner', n, '192.0.2.1', 'none', '' FROM {events}"
        ),
    ]
}
