//! The ways through the app that lead through a mailbox, over real SMTP, in each of the
//! three transports.

use auth::mail::MailKind;
use domain::Language;
use tests::{Browser, Mail, TestApp, Transport};

use super::{ask_for_email, confirmed_app, follow, make_member};
use crate::{
    cast::NEW_MIA,
    flows::{
        MIA, NEW_PASSWORD, PASSWORD, ask_for_reset, can_log_in, name_account, request_sign_up,
    },
    people::{self, code_in},
};

/// An app with an account for Mia.
async fn app_with_mia() -> Option<TestApp> {
    let app = confirmed_app().await?;
    make_member(&app, MIA, Language::English).await;
    Some(app)
}

/// The newest mail to `email` once all are sent, which has to be of this kind.
async fn newest(app: &TestApp, email: &str, kind: MailKind) -> Mail {
    people::mails_sent(app).await;
    let mail = app.mailbox.latest_to(email).await;
    assert_eq!(mail.subject, app::BRAND.fill(kind.subject(Language::English)));
    mail
}

async fn set_password(browser: &mut Browser, mail: &Mail) {
    browser.visit(&mail.link("/reset-password/")).await;
    let form = browser.form("reset-password-form").fill("password", NEW_PASSWORD);
    assert_eq!(form.submit().await.path(), "/login");
}

/// REG-01: by the link or by the code, as the reader prefers.
#[tokio::test]
async fn a_sign_up_is_finished_by_the_link_or_by_the_code() {
    for transport in Transport::ALL {
        let Some(app) = confirmed_app().await else { return };
        for (email, by_code) in [(MIA, false), (NEW_MIA, true)] {
            let mut browser = app.browser(transport);
            request_sign_up(&mut browser, email).await;
            let mail = newest(&app, email, MailKind::FinishSignUp).await;
            let page = browser.visit("/mailbox").await.visible_text();
            assert!(page.contains("Email sent"), "{transport:?}: {page}");
            if by_code {
                browser.form("code-form").fill("code", &code_in(&mail)).submit().await;
            } else {
                browser.visit(&mail.link("/new-account/")).await;
            }
            name_account(&mut browser).await;
            assert_eq!(browser.path(), "/profile", "{transport:?} {email}");
            assert!(can_log_in(&app, email, PASSWORD).await, "{transport:?} {email}");
            assert_eq!(app.mailbox.count_to(email).await, 1, "{transport:?} {email}");
        }
    }
}

/// RST-05, RST-09, LOG-13.
#[tokio::test]
async fn a_forgotten_password_is_replaced_and_the_owner_is_told() {
    for transport in Transport::ALL {
        let Some(app) = app_with_mia().await else { return };
        let mut browser = app.browser(transport);
        ask_for_reset(&mut browser, MIA).await;

        set_password(&mut browser, &newest(&app, MIA, MailKind::PasswordReset).await).await;

        assert!(can_log_in(&app, MIA, NEW_PASSWORD).await, "{transport:?}");
        assert!(!can_log_in(&app, MIA, PASSWORD).await, "{transport:?}");
        people::mails_sent(&app).await;
        let subjects = app.mailbox.all_to(MIA).await.into_iter().map(|mail| mail.subject);
        let expected = [MailKind::PasswordReset, MailKind::PasswordChanged];
        let expected = expected.map(|kind| app::BRAND.fill(kind.subject(Language::English)));
        assert_eq!(subjects.collect::<Vec<_>>(), expected, "{transport:?}");
    }
}

/// EML-02: the old address is told, and can take it back.
#[tokio::test]
async fn a_change_of_address_is_confirmed_by_one_mail_and_undone_by_another() {
    for transport in Transport::ALL {
        let Some(app) = app_with_mia().await else { return };
        let emails = || app.database.texts("SELECT email FROM users");
        let mut browser = app.browser(transport);
        people::log_in(&mut browser, MIA).await;
        ask_for_email(&mut browser, NEW_MIA).await;
        let mail = newest(&app, NEW_MIA, MailKind::ConfirmEmail).await;
        browser.visit(&mail.link("/confirm-email/")).await;
        browser.form("confirm-email-form").submit().await;
        assert_eq!(emails().await, [NEW_MIA], "{transport:?}");
        let notice = newest(&app, MIA, MailKind::EmailChanged).await;
        assert!(!String::from_utf8_lossy(&notice.raw).contains(NEW_MIA), "{transport:?}");

        let mut owner = app.browser(transport);
        owner.visit(&notice.link("/undo-email/")).await;
        owner.form("undo-email-form").submit().await;

        assert_eq!(emails().await, [MIA], "{transport:?}");
        set_password(&mut owner, &newest(&app, MIA, MailKind::PasswordReset).await).await;
        assert!(can_log_in(&app, MIA, NEW_PASSWORD).await, "{transport:?}");
    }
}

/// LOG-13: from the notice back into the account, and the stranger is out.
#[tokio::test]
async fn a_notice_of_a_new_browser_leads_the_owner_back_into_the_account() {
    for transport in Transport::ALL {
        let Some(app) = app_with_mia().await else { return };
        people::log_in(&mut app.browser(transport), MIA).await;
        let mut stranger = app.browser(transport);
        people::log_in(&mut stranger, MIA).await;
        let notice = newest(&app, MIA, MailKind::NewDevice).await;
        assert!(notice.text.contains("127.0.0.1"), "{transport:?}: {}", notice.text);

        let mut owner = app.browser(transport);
        follow(&app, &mut owner, MIA, "/not-me/").await;
        owner.form("not-me-form").submit().await;

        assert!(stranger.visit("/profile").await.path().starts_with("/login"), "{transport:?}");
        set_password(&mut owner, &newest(&app, MIA, MailKind::TakenBack).await).await;
        assert!(can_log_in(&app, MIA, NEW_PASSWORD).await, "{transport:?}");
    }
}
