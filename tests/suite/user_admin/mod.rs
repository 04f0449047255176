//! The list of users.

mod actions;
mod export;
mod lists;
mod reset_factors;
mod roles;

use tests::{Backend, Page, TestApp, Transport};

use crate::{
    flows::{ADA, MIA, PASSWORD, logged_in, make_admin, make_user, post},
    people,
};

/// Makes an account with a confirmed address.
async fn make_confirmed(app: &TestApp, email: &str) {
    make_user(app, email).await;
    people::confirm(app, email).await;
}

/// The addresses in the list, from top to bottom.
fn listed(page: &Page) -> Vec<String> {
    let cells = page.dom().select("tbody td");
    let texts = cells.iter().map(|cell| cell.text().collect::<String>());
    texts.map(|text| text.trim().to_owned()).filter(|text| text.contains('@')).collect()
}

#[tokio::test]
async fn admins_see_who_there_is_the_newest_first() {
    let app = TestApp::start().await;
    make_admin(&app, ADA).await;
    app.clock.advance(std::time::Duration::from_secs(1));
    make_confirmed(&app, MIA).await;
    let mut browser = logged_in(&app, Transport::Plain, ADA).await;

    let page = browser.click("Users").await;

    assert_eq!(page.path(), "/admin/users");
    assert_eq!(listed(page), [MIA, ADA]);
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert!(page.link("Older").is_none() && page.link("Newest").is_none());
}

/// ADM-01, ADM-05 (CVE-2018-16984): only admins see the list, and it shows no secret.
#[tokio::test]
async fn the_list_is_for_admins_and_shows_no_secret() {
    let app = TestApp::start().await;
    make_admin(&app, ADA).await;
    make_confirmed(&app, MIA).await;
    let mut user = logged_in(&app, Transport::Plain, MIA).await;

    let page = user.visit("/admin/users").await;
    assert_eq!((page.status(), page.h1().as_str()), (403, "You don’t have access to this page"));
    let has_link = |page: &Page| page.body().contains("href=\"/admin/users/");
    assert!(!page.body().contains(ADA) && !has_link(page));

    let mut admin = logged_in(&app, Transport::Plain, ADA).await;
    let page = admin.visit("/admin/users").await;
    assert!(page.body().contains(ADA) && has_link(page), "so does not hold of this page");
    let body = page.body().to_owned();
    for hash in app.database.texts("SELECT password_hash FROM users").await {
        assert!(!body.contains(&hash) && !body.contains("argon2"));
    }
}

/// REG-12: before a role is given it is seen who has proven nothing and who is shut out.
#[tokio::test]
async fn the_list_says_whose_address_is_not_confirmed_and_who_is_disabled() {
    let app = TestApp::start().await;
    make_admin(&app, ADA).await;
    for email in [MIA, "ida@example.test", "zoe@example.test"] {
        make_user(&app, email).await;
    }
    people::confirm(&app, MIA).await;
    people::confirm(&app, "ida@example.test").await;
    app.database.execute("UPDATE users SET disabled_at = 1 WHERE email LIKE 'ida@%'").await;
    for (language, disabled, unconfirmed) in
        [("en", "Disabled", "Unconfirmed"), ("de", "Gesperrt", "Unbestätigt")]
    {
        let mut browser = app.browser(Transport::Plain).reading(language);
        people::log_in(&mut browser, ADA).await;

        let page = browser.visit("/admin/users").await;

        let mut rows = listed(page);
        rows.sort();
        let expected = [
            ADA.to_owned(),
            format!("ida@example.test {disabled}"),
            MIA.to_owned(),
            format!("zoe@example.test {unconfirmed}"),
        ];
        assert_eq!(rows, expected, "{language}");
    }
}

#[tokio::test]
async fn the_search_finds_parts_of_names_and_addresses() {
    let app = TestApp::start().await;
    make_admin(&app, ADA).await;
    for email in [MIA, "per_cent@example.test", "noa@other.test"] {
        make_confirmed(&app, email).await;
    }
    let mut browser = logged_in(&app, Transport::Plain, ADA).await;
    for (words, found) in [
        ("MIA", vec![MIA]),
        (" other.t ", vec!["noa@other.test"]),
        ("r_c", vec!["per_cent@example.test"]),
        ("_", vec!["per_cent@example.test"]),
        ("%", vec![]),
        ("' OR '1'='1", vec![]),
        ("\\", vec![]),
    ] {
        let mut address = app.public_url().join("/admin/users").unwrap();
        address.query_pairs_mut().append_pair("q", words);

        let page = browser.visit(address.as_str()).await;

        assert_eq!(page.status(), 200, "{words}");
        assert_eq!(listed(page), found, "{words}");
        assert_eq!(page.by_label("Search by name or address").unwrap().value, words);
        assert_eq!(page.visible_text().contains("No users found"), found.is_empty(), "{words}");
    }
}

/// TXT-05: one person has one name, whatever case and composition it is typed in.
#[tokio::test]
async fn the_search_minds_neither_case_nor_composition_in_any_script() {
    for backend in Backend::available() {
        let app = TestApp::on(backend, |_| {}).await;
        make_admin(&app, ADA).await;
        let people = [
            ("a", "Zoë Weiß"),
            ("b", "Γιώργος"),
            ("c", "ＭＩＡ"),
            ("d", "山田 太郎"),
            ("e", "100% Åsa"),
        ];
        for (local, name) in people {
            let mut browser = app.browser(Transport::Plain);
            browser.visit("/signup").await;
            let email = format!("{local}@bücher.test");
            let fields = [("email", &*email), ("name", name), ("password", PASSWORD)];
            assert_eq!(post(&browser, "/signup", &fields).await.status(), 303, "{name}");
        }
        // As the release before has written it.
        let former = "UPDATE users SET search_text = 'zoë weiß a@xn--bcher-kva.test' \
                      WHERE email LIKE 'a@%'";
        assert_eq!(app.database.execute(former).await, 1);
        let mut browser = logged_in(&app, Transport::Plain, ADA).await;
        for (words, found) in [
            ("Zoe\u{308}", "a@"),
            ("ZOE\u{308} WEIß", "a@"),
            ("\u{200b}Zoë\u{a0}", "a@"),
            ("ΓΙΏΡΓΟΣ", "b@"),
            ("Γιώργος", "b@"),
            ("mia", "c@"),
            ("山田\u{3000}太郎", "d@"),
            ("太郎", "d@"),
            ("ÅSA", "e@"),
            ("A\u{30a}sa", "e@"),
            ("100%", "e@"),
            ("D@BÜCHER.TEST", "d@"),
            ("d@xn--bcher", "d@"),
        ] {
            let mut address = app.public_url().join("/admin/users").unwrap();
            address.query_pairs_mut().append_pair("q", words);

            let found_there = listed(browser.visit(address.as_str()).await);

            let starts = found_there.iter().map(|email| email.get(..2).unwrap_or_default());
            assert_eq!(starts.collect::<Vec<_>>(), [found], "{words}");
        }
    }
}

/// ADM-09: whatever stands in the address, the list answers.
#[tokio::test]
async fn parameters_that_make_no_sense_are_passed_over() {
    let app = TestApp::start().await;
    make_admin(&app, ADA).await;
    let mut browser = logged_in(&app, Transport::Plain, ADA).await;
    let endless = format!("q={}", "%25".repeat(2_000));
    for query in [
        "page=2",
        "page=-1",
        "page=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%27",
        "page=a&page=b",
        "q=a&q=b",
        "sort=password_hash&order=desc&limit=999999",
        "q=%00",
        "q=%ff",
        &endless,
    ] {
        let page = browser.visit(&format!("/admin/users?{query}")).await;

        assert_eq!(page.status(), 200, "{query}");
        assert!(!page.body().contains("argon2"), "{query}");
    }
}

/// The pager goes by key: no user is skipped or shown twice when another signs up between two
/// pages.
#[tokio::test]
async fn the_pages_of_the_list_hold_everybody_once() {
    let app = TestApp::start().await;
    make_admin(&app, ADA).await;
    for n in 0..110 {
        make_confirmed(&app, &format!("user{n:03}@example.test")).await;
        if n % 7 == 0 {
            app.clock.advance(std::time::Duration::from_millis(1));
        }
    }
    let mut browser = logged_in(&app, Transport::HtmxPartial, ADA).await;
    let mut seen = listed(browser.visit("/admin/users").await);
    assert_eq!(seen.len(), 50);
    assert!(browser.page().link("Newest").is_none());
    make_confirmed(&app, "late@example.test").await;

    for length in [50, 11] {
        let page = browser.click("Older").await;
        assert_eq!(listed(page).len(), length);
        assert_eq!(page.link("Older").is_some(), length == 50);
        seen.extend(listed(page));
    }

    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 111);
    assert!(listed(browser.click("Newest").await).contains(&"late@example.test".to_owned()));
}

#[tokio::test]
async fn the_pager_keeps_what_was_searched_for() {
    let app = TestApp::start().await;
    make_admin(&app, ADA).await;
    for n in 0..60 {
        make_confirmed(&app, &format!("goose+{n}@example.test")).await;
        make_confirmed(&app, &format!("moose+{n}@example.test")).await;
    }
    let mut browser = logged_in(&app, Transport::Plain, ADA).await;
    browser.visit("/admin/users?q=goose%2B").await;

    let page = browser.click("Older").await;

    assert_eq!(listed(page).len(), 10);
    assert!(listed(page).iter().all(|email| email.starts_with("goose+")));
}
