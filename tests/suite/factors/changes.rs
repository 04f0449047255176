//! Renaming and removing factors, new recovery codes, and what the list says.

use tests::{Backend, Browser, Transport};

use super::{
    add_app, events, factor_form, give_code, give_password, logged_in_by_code, principal_by,
    protected,
};
use crate::{flows::MIA, people};

/// MFA-10: each factor has a name, and goes by itself.
#[tokio::test]
async fn a_factor_is_renamed_and_removed_by_itself() {
    for transport in Transport::ALL {
        let (app, protection) = protected(Backend::Sqlite).await;
        let principal = principal_by(&app, MIA, &protection.phone.next_code()).await;
        let (tablet, _) = add_app(&app, &principal, "Tablet").await;
        let mut browser = logged_in_by_code(&app, transport, &protection).await;
        let rename = factor_form(&mut browser, "rename").await;
        let page = browser.form(&rename).fill("name", "www.evil.test").submit().await;
        assert_eq!(page.status(), 422, "{transport:?}");
        assert!(page.form_error(&rename).is_some(), "{transport:?}: {}", page.visible_text());
        let page = browser.form(&rename).fill("name", "Old phone").submit().await;
        assert_eq!(page.flash(), "Name saved.", "{transport:?}");
        assert!(page.visible_text().contains("Old phone"), "{transport:?}");

        let remove = factor_form(&mut browser, "remove").await;
        let page = browser.form(&remove).submit().await;

        assert_eq!(page.path(), "/settings/factors", "{transport:?}: {}", page.visible_text());
        assert!(!page.visible_text().contains("Old phone"), "{transport:?}");
        let mut fresh = app.browser(transport);
        give_password(&mut fresh, MIA).await;
        let gone = give_code(&mut fresh, &protection.phone.next_code()).await.status();
        assert_eq!(gone, 422, "{transport:?}");
        assert!(give_code(&mut fresh, &tablet.next_code()).await.is_logged_in(), "{transport:?}");
        let page = browser.visit("/settings/security").await.visible_text();
        assert!(page.contains("Authentication app removed: Old phone"), "{transport:?}: {page}");
    }
}

/// MFA-10, MFA-11: without its last factor the account is as before, and the codes are void.
#[tokio::test]
async fn the_last_factor_takes_the_recovery_codes_with_it() {
    let (app, protection) = protected(Backend::Sqlite).await;
    let mut browser = logged_in_by_code(&app, Transport::Plain, &protection).await;
    let mut other = logged_in_by_code(&app, Transport::Plain, &protection).await;
    let remove = factor_form(&mut browser, "remove").await;
    assert!(browser.text().contains("turns off"), "{}", browser.text());

    browser.form(&remove).submit().await;

    assert_eq!(app.count("recovery_codes").await, 0);
    assert_eq!(events(&app, "second_factor_off").await, 1);
    assert_eq!(other.visit("/profile").await.path(), "/login?next=%2Fprofile");
    assert!(browser.visit("/profile").await.is_logged_in());
    people::log_in(&mut app.browser(Transport::Plain), MIA).await;
}

/// MFA-04: new codes void the old ones; used ones are struck out, and three are told of on every
/// page.
#[tokio::test]
async fn the_list_and_the_banner_tell_of_codes_that_run_out() {
    let (app, protection) = protected(Backend::Sqlite).await;
    for code in &protection.codes[..7] {
        principal_by(&app, MIA, code).await;
    }
    let mut browser = logged_in_by_code(&app, Transport::Plain, &protection).await;
    let banner = |browser: &Browser| {
        let banner = browser.page().dom().find("main > aside");
        banner.is_some_and(|it| it.text().collect::<String>().contains("3 recovery codes left"))
    };
    browser.visit("/profile").await;
    assert!(banner(&browser), "{}", browser.text());
    let page = browser.visit("/settings/factors").await;
    assert_eq!(page.dom().select("main s").len(), 7, "{}", page.visible_text());

    browser.click("Get new recovery codes").await;
    browser.form("save-codes-form").check("saved").submit().await;

    assert!(browser.page().flash().contains("new recovery codes"), "{}", browser.page().flash());
    browser.visit("/profile").await;
    assert!(!banner(&browser), "{}", browser.text());
    let mut fresh = app.browser(Transport::Plain);
    give_password(&mut fresh, MIA).await;
    let form = fresh.form("recovery-code-form");
    let page = form.fill("recovery_code", &protection.codes[9]).submit().await;
    assert_eq!(page.status(), 422, "{}", page.visible_text());
}

/// ADM-06: the factors of others are not there.
#[tokio::test]
async fn a_factor_of_another_user_is_not_found() {
    let (app, protection) = protected(Backend::Sqlite).await;
    let principal = principal_by(&app, MIA, &protection.phone.next_code()).await;
    let list = app.accounts().account().list_factors(&principal).await.unwrap();
    let id = list.factors[0].id;
    people::sign_up(&app, people::ZOE).await;
    people::confirm(&app, people::ZOE).await;
    let other = people::logged_in(&app, Transport::Plain, people::ZOE).await;
    let token = other.csrf_token();

    for path in [format!("/settings/factors/apps/{id}"), "/settings/factors/apps/x".to_owned()] {
        for action in ["", "/remove"] {
            let form = [("csrf_token", token.as_str()), ("name", "Mine")];
            let request = other.raw("POST", &format!("{path}{action}")).same_origin();
            assert_eq!(request.form(&form).send().await.status(), 404, "{path}{action}");
        }
    }
    assert_eq!(app.database.texts("SELECT name FROM authentication_apps").await, ["Phone"]);
}
