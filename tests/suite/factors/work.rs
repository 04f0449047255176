//! What a second factor costs.

use tests::{Backend, TestApp, Transport};

use super::{give_code, give_password, protected};
use crate::{
    flows::{MIA, make_user},
    people,
};

const HALF_A_CODE: &str = "7KQ2-M9XD-4TFA-0HJ8";

fn hashed(app: &TestApp) -> u64 {
    app.accounts().operations().hash_count()
}

/// MFA-02: a code of an app costs no hash beside that of the password, right or wrong; a recovery
/// code costs one for each try, however many there are.
#[tokio::test]
async fn a_log_in_by_code_costs_the_hash_of_its_password_alone() {
    let (app, protection) = protected(Backend::Sqlite).await;
    make_user(&app, people::ZOE).await;
    let before = hashed(&app);
    people::logged_in(&app, Transport::Plain, people::ZOE).await;
    let without = hashed(&app) - before;

    let before = hashed(&app);
    let mut browser = app.browser(Transport::Plain);
    give_password(&mut browser, MIA).await;
    give_code(&mut browser, &protection.phone.wrong_code()).await;
    assert!(give_code(&mut browser, &protection.phone.next_code()).await.is_logged_in());
    assert_eq!((without, hashed(&app) - before), (1, 1));

    let mut browser = app.browser(Transport::Plain);
    give_password(&mut browser, MIA).await;
    for (code, is_right) in [(HALF_A_CODE, false), (&protection.codes[4], true)] {
        let before = hashed(&app);
        let page = browser.form("recovery-code-form").fill("recovery_code", code).submit().await;
        assert_eq!(page.is_logged_in(), is_right, "{}", page.visible_text());
        assert_eq!(hashed(&app) - before, 1, "{code}");
    }
}
