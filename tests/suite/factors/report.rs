//! What `latchkey user show` tells of second factors.

use tests::TestApp;

use super::{principal_by, protect};
use crate::{
    fault_steps::Operator,
    flows::{MIA, make_user},
    passkeys::plant,
};

/// MFA-08: before an operator resets factors, it is known which there are and what is under way.
#[tokio::test]
async fn the_operator_sees_what_is_left_of_the_second_factors() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let url = format!("sqlite://{}/test.db?mode=rwc", app.folder().display());
    let xtask = Operator::on(app.folder(), &url);
    let shown = async |parts: &[&str]| {
        let shown = xtask.run(&["user", "show", MIA]).await.succeeded();
        for part in parts {
            assert!(shown.lines().any(|line| line.starts_with(part)), "no {part} in {shown}");
        }
    };
    shown(&["2nd step  off", "apps      0", "passkeys  0", "codes     0 left of 0"]).await;

    let protection = protect(&app, MIA).await;
    principal_by(&app, MIA, &protection.codes[0]).await;
    plant(&app, MIA).await;
    let waits = format!("UPDATE users SET factor_reset_at = 4102444800000 WHERE email = '{MIA}'");
    app.database.execute(&waits).await;

    shown(&[
        "2nd step  since ",
        "2nd step  removed after 2100-01-01T00:00:00Z, unless the owner stops that",
        "apps      1",
        "passkeys  1",
        "codes     9 left of 10",
    ])
    .await;
}
