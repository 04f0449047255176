//! The second step of an account with several kinds of factor: a form for each, on one page.

use tests::{Authenticator, Backend, Page, Transport};

use super::{give_password, logged_in_by_code, protected};
use crate::{cast::MIA, passkeys::add_passkey};

/// The ids of the errors on the page.
fn errors(page: &Page) -> Vec<&str> {
    page.dom().select("[id$=-error]").iter().filter_map(|error| error.attr("id")).collect()
}

/// The error of an earlier answer at another form is gone, and the focus is in the form that was
/// sent. With htmx the script removes the error: see `browser::factors`.
#[tokio::test]
async fn only_the_form_that_was_sent_shows_an_error() {
    for transport in Transport::ALL {
        let (app, protection) = protected(Backend::Sqlite).await;
        let mut owner = logged_in_by_code(&app, transport, &protection).await;
        add_passkey(&mut owner, &mut Authenticator::new(app.public_url())).await;
        let mut browser = app.browser(transport);
        give_password(&mut browser, MIA).await;
        let wrong = protection.phone.wrong_code();

        for (form, field, answer) in [
            ("second-step-form", "code", wrong.as_str()),
            ("recovery-code-form", "recovery_code", "7KQ2-M9XD-4TFA-0HJ8"),
            ("passkey-step-form", "passkey", "{}"),
            ("second-step-form", "code", "12"),
            ("recovery-code-form", "recovery_code", ""),
        ] {
            let page = browser.form(form).fill(field, answer).submit().await;

            assert_eq!(page.status(), 422, "{transport:?} {form}");
            if transport == Transport::Plain {
                assert_eq!(errors(page), [format!("{field}-error")], "{form}");
            }
            let focused = page.focused();
            assert!(
                field == "passkey" || focused.as_deref() == Some(field),
                "{transport:?} {form}"
            );
        }
        let form = browser.form("recovery-code-form").fill("recovery_code", &protection.codes[0]);
        assert!(form.submit().await.is_logged_in(), "{transport:?}: the forms still work");
    }
}
