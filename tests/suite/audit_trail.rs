//! The audit trail: the events of all accounts, as admins see and filter them.

use auth::Order;
use tests::{Backend, Browser, Page, TestApp, Transport, support::dom::select_in};

use crate::{
    flows::{ADA, MIA, logged_in, make_admin, make_user, post},
    people::{self, user_page},
};

const DAY: std::time::Duration = std::time::Duration::from_hours(24);

/// Mia logs in, an admin disables her with a reason, and the operator enables her the day after.
async fn scene(backend: Backend, transport: Transport) -> (TestApp, Browser) {
    let app = TestApp::on(backend, |_| {}).await;
    make_admin(&app, ADA).await;
    make_user(&app, MIA).await;
    logged_in(&app, Transport::Plain, MIA).await;
    let admin = logged_in(&app, Transport::Plain, ADA).await;
    let path = format!("{}/disable", user_page(&app, MIA).await);
    assert_eq!(post(&admin, &path, &[("reason", "spam")]).await.status(), 303);
    app.clock.advance(DAY);
    people::order(&app, MIA, Order::Enable).await;
    app.clock.advance(std::time::Duration::from_mins(1));
    let admin = logged_in(&app, transport, ADA).await;
    (app, admin)
}

/// The event and the account of each row, the newest first.
fn rows(page: &Page) -> Vec<String> {
    let rows = page.dom().select("tbody tr");
    let cells = rows.iter().map(|row| {
        let cell = |place: &str| {
            let cells = select_in(**row, place);
            cells.first().map(|cell| cell.text().collect::<String>()).unwrap_or_default()
        };
        format!("{} {}", cell("th"), cell("td:nth-child(3)"))
    });
    cells.collect()
}

#[tokio::test]
async fn admins_see_what_happened_to_whom_and_who_did_it() {
    for backend in Backend::available() {
        for transport in Transport::ALL {
            let (app, mut admin) = scene(backend, transport).await;
            admin.visit("/admin/users").await;

            let page = admin.click("Events").await;

            assert_eq!(page.path(), "/admin/events", "{transport:?}");
            let found = rows(page);
            assert!(found[0].starts_with("Logged in") && found[0].ends_with(ADA), "{found:?}");
            assert!(found[1].contains("enabled") && found[1].ends_with(MIA), "{found:?}");
            let is_disabled = |row: &String| row.contains("spam") && row.ends_with(MIA);
            assert!(found[2..].iter().any(is_disabled), "{found:?}");
            let text = page.visible_text();
            assert!(text.contains(&format!("Admin: {ADA}")) && text.contains("Operator"));
            assert!(text.contains("127.0.0.1"), "{text}");
            let link = user_page(&app, MIA).await;
            assert!(page.body().contains(&format!("href=\"{link}\"")));
        }
    }
}

#[tokio::test]
async fn the_trail_is_filtered_by_kind_actor_account_and_day() {
    for backend in Backend::available() {
        let (app, mut admin) = scene(backend, Transport::HtmxPartial).await;
        let mia = people::id_of(&app, MIA).await;
        let by_id = format!("user={mia}&kind=disabled");
        for (query, count) in [
            ("kind=disabled", 1),
            ("actor=operator&user=mia%40example.test", 1),
            ("actor=admin", 1),
            ("by=ada%40example.test", 1),
            (by_id.as_str(), 1),
            ("user=MIA%40EXAMPLE.TEST&kind=logged_in", 1),
            ("user=mia%40example.test&from=2027-01-16", 1),
            ("user=mia%40example.test&until=2027-01-15", 3),
            ("user=mia%40example.test&until=2027-01-14", 0),
            ("user=nobody%40example.test", 0),
            ("user=nonsense", 0),
            ("by=mia%40example.test", 0),
        ] {
            let page = admin.visit(&format!("/admin/events?{query}")).await;

            assert_eq!(page.status(), 200, "{query}");
            assert_eq!(rows(page).len(), count, "{query}: {}", page.visible_text());
            assert_eq!(page.visible_text().contains("No events found"), count == 0, "{query}");
        }
        let page = admin.visit("/admin/events?kind=disabled&user=mia%40example.test").await;
        let kept = page.dom().find("form.filter [name=user]");
        assert_eq!(kept.and_then(|input| input.attr("value")), Some(MIA));
        let kept = page.dom().find("form.filter [name=kind] option[selected]");
        assert_eq!(kept.and_then(|option| option.attr("value")), Some("disabled"));
    }
}

/// ADM-09.
#[tokio::test]
async fn filters_that_make_no_sense_are_passed_over() {
    let (_app, mut admin) = scene(Backend::Sqlite, Transport::Plain).await;
    for query in ["kind=hacked", "actor=root", "from=yesterday", "page=2", "kind=%00", "x=y"] {
        let page = admin.visit(&format!("/admin/events?{query}")).await;
        assert_eq!(page.status(), 200, "{query}");
        assert!(rows(page).len() > 4, "{query}");
    }
}

/// The pager goes by key and keeps the filters.
#[tokio::test]
async fn the_pages_of_the_trail_hold_every_event_once() {
    for backend in Backend::available() {
        let (app, mut admin) = scene(backend, Transport::Plain).await;
        for _ in 0..60 {
            people::order(&app, MIA, Order::Unthrottle).await;
        }
        let query = "kind=limits_cleared&user=mia%40example.test";
        let page = admin.visit(&format!("/admin/events?{query}")).await;
        let first = rows(page).len();

        let page = admin.click("Older").await;

        assert!(page.path().contains(query), "{}", page.path());
        assert_eq!((first, rows(page).len()), (50, 10));
        assert!(page.link("Older").is_none());
        let page = admin.click("Newest").await;
        assert_eq!(page.path(), format!("/admin/events?{query}"));
    }
}

/// ADM-01: who is gone is named nowhere.
#[tokio::test]
async fn a_deleted_account_has_no_name_in_the_trail() {
    let (app, mut admin) = scene(Backend::Sqlite, Transport::Plain).await;
    assert!(admin.visit("/admin/events").await.body().contains(MIA));
    people::order(&app, MIA, Order::Delete).await;

    let page = admin.visit("/admin/events").await;

    assert!(!page.body().contains(MIA) && !page.body().contains("spam"));
    assert!(page.visible_text().contains("Deleted account"), "{}", page.visible_text());
}
