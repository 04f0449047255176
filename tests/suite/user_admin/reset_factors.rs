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
