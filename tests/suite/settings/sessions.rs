//! The list of one's sessions, and ending them from afar.

use std::{slice, time::Duration};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::SessionKey;
use tests::{
    Browser, Page, TestApp, Transport,
    support::search::{Haystack, assert_kept_out},
};

use super::has_event;
use crate::{
    cast::LEO,
    flows::{MIA, PASSWORD, logged_in, make_user, post},
    people::{SESSION, is_alive, mails_sent, session_end_path, session_of},
};

const PATH: &str = "/settings/sessions";
const FIREFOX: &str = "Mozilla/5.0 (Windows NT 10.0; rv:145.0) Gecko/20100101 Firefox/145.0";
const HOUR: Duration = Duration::from_hours(1);

/// The session of a log-in by a browser that calls itself `user_agent`.
async fn log_in_as(app: &TestApp, user_agent: &str) -> String {
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/login").await;
    let token = browser.csrf_token();
    let fields = [("csrf_token", token.as_str()), ("email", MIA), ("password", PASSWORD)];
    let request = browser.raw("POST", "/login").same_origin().form(&fields);
    let answer = request.header("user-agent", user_agent).send().await;
    let session = answer.cookies().into_iter().find(|cookie| cookie.name == SESSION);
    session.expect("a session").value
}

/// The rows of the list, as they are read.
fn rows(page: &Page) -> Vec<String> {
    let rows = page.dom().select("main tbody tr").into_iter();
    rows.map(|row| row.text().collect::<Vec<_>>().join(" ")).collect()
}

/// The id of the form that ends another session.
fn end_form(browser: &Browser) -> String {
    let form = browser.page().dom().find("form[id^='end-session-form-']");
    form.and_then(|form| form.attr("id")).expect("there is another session").to_owned()
}

/// SES-12.
#[tokio::test]
async fn each_session_is_told_by_device_address_and_times_and_ones_own_is_marked() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    make_user(&app, LEO).await;
    log_in_as(&app, FIREFOX).await;
    log_in_as(&app, "<script>alert(1)</script>").await;
    logged_in(&app, Transport::Plain, LEO).await;
    app.clock.advance(HOUR);
    let mut browser = logged_in(&app, Transport::Plain, MIA).await;
    app.clock.advance(HOUR);

    let rows = rows(browser.visit(PATH).await);

    assert_eq!(rows.len(), 3, "{rows:?}");
    let own = "Unknown browser on Linux 127.0.0.1 15 January 2027, 09:00 UTC \
               15 January 2027, 10:00 UTC This device";
    assert_eq!(rows[0], own);
    let names = browser.page().dom().select("main button[aria-label]");
    let names: Vec<_> = names.iter().filter_map(|it| it.attr("aria-label")).collect();
    let firefox_name =
        "Log out: Firefox on Windows, 127.0.0.1, 15 January 2027, 08:00 UTC".to_owned();
    assert!(names.len() == 2 && names.contains(&firefox_name.as_str()), "{names:?}");
    let firefox = "Firefox on Windows 127.0.0.1 15 January 2027, 08:00 UTC \
                   15 January 2027, 08:00 UTC Log out";
    assert!(rows.contains(&firefox.to_owned()), "{rows:?}");
    assert!(rows.iter().any(|row| row.starts_with("Unknown browser 127")), "{rows:?}");
    assert_eq!(rows.iter().filter(|row| row.contains("This device")).count(), 1);
}

/// SES-12.
#[tokio::test]
async fn a_session_is_ended_from_another() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        make_user(&app, MIA).await;
        let lost = logged_in(&app, Transport::Plain, MIA).await;
        let mut browser = logged_in(&app, transport, MIA).await;
        browser.visit(PATH).await;
        let form = end_form(&browser);
        let action = format!("{PATH}/{}/end", form.trim_start_matches("end-session-form-"));

        let page = browser.form(&form).submit().await;

        assert_eq!((page.status(), page.path().as_str()), (200, PATH), "{transport:?}");
        assert_eq!(page.flash(), "The device is logged out.", "{transport:?}");
        assert_eq!(rows(page).len(), 1, "{transport:?}");
        assert!(!is_alive(&app, &session_of(&lost)).await, "{transport:?}");
        assert!(has_event(&app, MIA, "session_ended owner").await, "{transport:?}");
        let again = post(&browser, &action, &[]).await;
        assert_eq!(again.status(), 404, "{transport:?}");
        assert!(again.body.contains("already ended"), "{transport:?}");
        assert!(is_alive(&app, &session_of(&browser)).await, "{transport:?}");
    }
}

/// SES-12, SES-13.
#[tokio::test]
async fn all_other_sessions_are_ended_at_once() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        make_user(&app, MIA).await;
        make_user(&app, LEO).await;
        let stranger = session_of(&logged_in(&app, Transport::Plain, LEO).await);
        let others = [log_in_as(&app, FIREFOX).await, log_in_as(&app, "").await];
        let mut browser = logged_in(&app, transport, MIA).await;
        browser.visit(PATH).await;

        let page = browser.form("end-other-sessions-form").submit().await;

        assert_eq!(page.flash(), "All other devices are logged out.", "{transport:?}");
        assert_eq!(rows(page).len(), 1, "{transport:?}");
        assert!(!page.has_form("end-other-sessions-form"), "{transport:?}");
        for other in others {
            assert!(!is_alive(&app, &other).await, "{transport:?}");
        }
        assert!(is_alive(&app, &stranger).await, "{transport:?}");
        assert!(has_event(&app, MIA, "other_sessions_ended owner").await, "{transport:?}");
        mails_sent(&app).await;
        let before = app.database_digest().await;
        post(&browser, "/settings/sessions/end-others", &[]).await;
        assert_eq!(app.database_digest().await, before, "where there is none, none is ended");
    }
}

/// ADM-06, ENU-07: what is another's, what was and what never was are one answer.
#[tokio::test]
async fn no_user_ends_a_session_of_another_user() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    make_user(&app, LEO).await;
    let victim = logged_in(&app, Transport::Plain, LEO).await;
    logged_in(&app, Transport::Plain, LEO).await;
    let foreign = session_end_path(&victim).await;
    let browser = logged_in(&app, Transport::Plain, MIA).await;
    let own = session_of(&browser);
    let hash = BASE64_URL_SAFE_NO_PAD.encode(SessionKey::of(&own).as_bytes());
    mails_sent(&app).await;
    let before = app.database_digest().await;
    let mut bodies = Vec::new();
    for path in [
        foreign,
        format!("{PATH}/{}/end", "A".repeat(43)),
        format!("{PATH}/{hash}/end"),
        format!("{PATH}/{own}/end"),
        format!("{PATH}/x/end"),
        format!("{PATH}/%00/end"),
    ] {
        let answer = post(&browser, &path, &[]).await;
        assert_eq!(answer.status(), 404, "{path}");
        bodies.push(answer.body);
    }
    assert!(bodies.iter().all(|body| *body == bodies[0]));
    assert_eq!(app.database_digest().await, before);
}

/// SES-11: what a session goes by on the page opens nothing and finds nothing. It is
/// found where neither the id nor its hash is.
#[tokio::test]
async fn the_list_tells_neither_ids_nor_hashes() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let other = log_in_as(&app, FIREFOX).await;
    let mut browser = logged_in(&app, Transport::Plain, MIA).await;

    let page = browser.visit(PATH).await.body().to_owned();

    let name = end_form(&browser).trim_start_matches("end-session-form-").to_owned();
    let page = Haystack::of(PATH, page.as_bytes());
    for id in [other, session_of(&browser)] {
        let hash = *SessionKey::of(&id).as_bytes();
        let (head, tail) = hash.split_at(hash.len() / 2);
        let [whole, head, tail] =
            [&hash[..], head, tail].map(|part| BASE64_URL_SAFE_NO_PAD.encode(part));
        assert_kept_out(slice::from_ref(&page), &[&id, &whole, &head, &tail], &[&name]);
    }
}

/// SES-08: a session that has had its time is not offered to be ended.
#[tokio::test]
async fn sessions_that_have_expired_are_not_listed() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    log_in_as(&app, FIREFOX).await;
    app.clock.advance(20 * HOUR);
    let mut browser = logged_in(&app, Transport::Plain, MIA).await;
    assert_eq!(rows(browser.visit(PATH).await).len(), 2);

    app.clock.advance(4 * HOUR);

    assert_eq!(rows(browser.visit(PATH).await).len(), 1);
    assert_eq!(app.count("sessions").await, 2);
}

/// Ending the session that asks is a log-out.
#[tokio::test]
async fn who_ends_their_own_session_is_logged_out() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let mut browser = logged_in(&app, Transport::HtmxPartial, MIA).await;
    let session = session_of(&browser);
    let second = logged_in(&app, Transport::Plain, MIA).await;
    let path = session_end_path(&second).await;

    let answer = post(&browser, &path, &[]).await;

    assert_eq!(answer.header("hx-push-url"), Some("/"));
    assert!(!is_alive(&app, &session).await && is_alive(&app, &session_of(&second)).await);
    assert_eq!(browser.visit("/profile").await.path(), "/login?next=%2Fprofile");
}
