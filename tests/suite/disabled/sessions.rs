//! Disabled accounts: no session is left, whatever was under way.

use std::time::Duration;

use auth::Order;
use reqwest::Method;
use tests::{Answer, Backend, TestApp, Transport};

use crate::{
    fault_steps::{PASSWORD, form, form_again, race_rounds},
    people::{self, ADA, MIA},
};

/// How much sooner or later the second order comes than the first: a log-in of a machine
/// that has more to do is reached within a few rounds.
const SHIFT: Duration = Duration::from_millis(8);
/// The smallest step, once the moment is found.
const SMALLEST_SHIFT: Duration = Duration::from_micros(200);
/// Rounds after which both have been first.
const MIN: usize = 50;

fn is_logged_in(answer: &Answer) -> bool {
    assert!(matches!(answer.status(), 303 | 422), "{} {}", answer.status(), answer.body);
    answer.status() == 303
}

/// RAC-02, LOG-06: each order comes sooner after a log-in that was first and later after
/// one that was not, in steps that are halved whenever the other is first, so that it
/// finds the moment that counts and stays there.
#[tokio::test(flavor = "multi_thread")]
async fn a_log_in_beside_the_order_that_disables_the_account_leaves_no_session() {
    let rounds = race_rounds(MIN);
    for backend in Backend::available() {
        let app = TestApp::on(backend, |_| {}).await;
        people::sign_up(&app, MIA).await;
        let mut browser = app.browser(Transport::Plain);
        let fields = [("email", MIA), ("password", PASSWORD)];
        let log_in = form(&mut browser, "/login", &fields).await;
        let (mut delay, mut shift) = (Duration::ZERO, SHIFT);
        let (mut winners, mut was_first) = (0, None);
        for round in 0..rounds {
            let order = async {
                tokio::time::sleep(delay).await;
                people::order(&app, MIA, Order::Disable).await;
            };

            let (answer, ()) = tokio::join!(log_in.clone().send(), order);

            let is_first = is_logged_in(&answer);
            if was_first.replace(is_first).is_some_and(|was_first| was_first != is_first) {
                shift = (shift / 2).max(SMALLEST_SHIFT);
            }
            winners += usize::from(is_first);
            delay = if is_first { delay.saturating_sub(shift) } else { delay + shift };
            assert_eq!(app.count("sessions").await, 0, "{backend:?} {round}");
            people::order(&app, MIA, Order::Enable).await;
            people::mails_sent(&app).await;
        }
        assert!((1..rounds).contains(&winners), "{backend:?}: {winners} were first");
    }
}

/// ADM-01, LOG-06: past the app, so that the session is still there.
#[tokio::test]
async fn an_admin_who_was_disabled_reaches_no_page_of_admins() {
    let app = TestApp::start().await;
    people::sign_up(&app, MIA).await;
    people::seed_admin(&app, ADA).await;
    let admin = people::logged_in(&app, Transport::Plain, ADA).await;
    let id = people::id_of(&app, MIA).await;
    assert!(admin.raw("GET", "/admin/users").send().await.body.contains(MIA));
    app.database.execute(&format!("UPDATE users SET disabled_at = 1 WHERE email = '{ADA}'")).await;
    let before = app.database_digest().await;

    let table = tests::account_routes();
    let routes: Vec<_> = table.iter().filter(|route| route.policy.permission().is_some()).collect();
    assert!(routes.len() > 1, "{routes:?}");
    for route in routes {
        let path = route.path.replace("{id}", &id).replace("{mail}", "x");
        let request = match route.method {
            Method::GET => admin.raw("GET", &path).same_origin(),
            _ => form_again(&admin, &path, &[("role", "admin")]),
        };
        for request in [request.clone(), request.htmx_partial()] {
            let answer = request.send().await;

            let what = format!("{} {path}: {answer:?}", route.method);
            assert!(matches!(answer.status(), 303 | 401 | 403), "{what}");
            assert!(!answer.body.contains(MIA), "{what}");
        }
    }
    assert_eq!(app.database_digest().await, before);
}
