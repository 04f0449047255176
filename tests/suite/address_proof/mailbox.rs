//! The page that waits for the mail of an account: another mail, and another address.

use tests::{TestApp, Transport};

use super::{LINK, link_to};
use crate::{
    flows::{MIA, PASSWORD, can_log_in, sign_up},
    people::mails_sent,
};

#[tokio::test]
async fn another_mail_has_a_pause_and_voids_the_one_before() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        let mut browser = app.browser(transport);
        sign_up(&mut browser, MIA).await;
        let older = link_to(&app, MIA).await;
        browser.visit("/mailbox").await;
        let page = browser.form("resend-proof-form").submit().await;
        assert_eq!((page.status(), page.header("retry-after")), (429, Some("60")));

        app.clock.advance(auth::RESEND_PAUSE);
        let page = browser.form("resend-proof-form").submit().await;

        assert_eq!((page.path().as_str(), page.status()), ("/mailbox", 200), "{transport:?}");
        let newer = app.mailbox.nth_to(MIA, 2).await.link(LINK);
        assert_eq!(browser.visit(&older).await.status(), 410, "{transport:?}");
        assert_eq!(browser.visit(&newer).await.status(), 200, "{transport:?}");
    }
}

#[tokio::test]
async fn a_mistyped_address_is_mended_by_the_browser_that_signed_up() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        let mut browser = app.browser(transport);
        sign_up(&mut browser, "mai@example.test").await;
        mails_sent(&app).await;
        browser.visit("/mailbox").await;

        let page = browser.form("correct-email-form").fill("email", MIA).submit().await;

        assert_eq!((page.path().as_str(), page.status()), ("/mailbox", 200), "{transport:?}");
        let typo = link_to(&app, "mai@example.test").await;
        assert_eq!(browser.visit(&typo).await.status(), 410, "{transport:?}");
        browser.visit(&link_to(&app, MIA).await).await;
        browser.form("confirm-address-form").submit().await;
        assert!(can_log_in(&app, MIA, PASSWORD).await, "{transport:?}");
        assert_eq!(app.database.texts("SELECT email FROM users").await, [MIA], "{transport:?}");
    }
}
