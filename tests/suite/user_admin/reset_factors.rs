//! The action of an admin on the second factors of a user.

use tests::{TestApp, Transport};

use super::make_confirmed;
use crate::{
    flows::{ADA, MIA, logged_in, make_admin},
    people::{id_of, user_page},
};

/// MFA-08: who is asking is on record. The field says that it is needed, and has the focus.
#[tokio::test]
async fn a_reset_of_factors_needs_a_reason() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        make_admin(&app, ADA).await;
        make_confirmed(&app, MIA).await;
        let is_on = format!("UPDATE users SET second_factor_since = 1 WHERE email = '{MIA}'");
        app.database.execute(&is_on).await;
        let mut admin = logged_in(&app, transport, ADA).await;
        let text = admin.visit(&user_page(&app, MIA).await).await.visible_text();
        assert!(text.contains("Two-factor authentication since"), "{transport:?}: {text}");
        let form = format!("reset-factors-form-{}", id_of(&app, MIA).await);

        let page = admin.form(&form).submit().await;

        assert_eq!((page.status(), page.invalid_fields()), (422, vec!["reason".to_owned()]));
        assert!(page.form_error(&form).expect("it says why").contains("Enter a reason"));
        let marked = page.dom().find("input[name=reason][aria-invalid]").expect("it is marked");
        let described = marked.attr("aria-describedby");
        assert_eq!(described, Some(format!("{form}-error").as_str()), "{transport:?}");
        let label = page.dom().find(&format!("#{form} label")).expect("a label");
        assert!(!label.text().collect::<String>().contains("Optional"), "{transport:?}");
    }
}

/// MFA-08: before an admin resets factors, it is known that a wait is under way.
#[tokio::test]
async fn the_page_of_a_user_tells_until_when_a_reset_of_factors_waits() {
    for (language, told) in [
        ("en", "Second factors will be removed on 1 January 2100, 00:00 UTC"),
        ("de", "Zweite Faktoren werden entfernt am 1. Januar 2100, 00:00 Uhr (UTC)"),
    ] {
        let app = TestApp::start().await;
        make_admin(&app, ADA).await;
        make_confirmed(&app, MIA).await;
        let mut admin = logged_in(&app, Transport::Plain, ADA).await.reading(language);
        let page = user_page(&app, MIA).await;
        let text = admin.visit(&page).await.visible_text();
        assert!(!text.contains("2100"), "{text}");
        let waits = format!(
            "UPDATE users SET second_factor_since = 1, factor_reset_at = 4102444800000 \
             WHERE email = '{MIA}'"
        );
        app.database.execute(&waits).await;

        let text = admin.visit(&page).await.visible_text();

        assert!(text.contains(told), "{text}");
    }
}
