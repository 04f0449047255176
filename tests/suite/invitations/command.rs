//! `latchkey user invite` and `user uninvite`, seen from the site.

use tests::{TestApp, Transport};

use super::{GUEST, link};
use crate::{
    fault_steps::Operator,
    flows::{MIA, make_user, name_account},
    people,
};

async fn app() -> (TestApp, Operator) {
    let app = TestApp::with(|settings| {
        settings.accounts.signup = auth::SignupMode::Closed;
    })
    .await;
    let url = format!("sqlite://{}/test.db?mode=rwc", app.folder().display());
    let operator = Operator::on(app.folder(), &url);
    (app, operator)
}

/// INV-01: the way to the first accounts of a site whose sign-up is closed.
#[tokio::test]
async fn the_operator_invites_sends_again_and_withdraws() {
    let (app, operator) = app().await;
    let invite = ["user", "invite", GUEST, "--role", "admin"];
    let printed = operator.run(&invite).await.succeeded();
    assert_eq!(printed.trim(), format!("{GUEST} is invited with the role admin"));

    let refused = operator.run(&invite).await.failed_with(1);
    assert!(refused.contains("--resend"), "{refused}");
    app.database.execute("UPDATE invitations SET sent_at = sent_at - 60000").await;
    operator.run(&["user", "invite", GUEST, "--resend"]).await.succeeded();
    let both = operator.run(&[&invite[..], &["--resend"]].concat()).await;
    assert_eq!(both.code, Some(2), "{both:?}");
    app.database.execute("UPDATE outbox SET due_at = 0 WHERE due_at IS NOT NULL").await;
    operator.run(&["user", "uninvite", GUEST]).await.succeeded();
    operator.run(&["user", "uninvite", GUEST]).await.failed_with(1);

    operator.run(&invite).await.succeeded();
    // The app has another key for its links, so it sends the mail anew.
    let administration = app.accounts().administration();
    let id = administration.find_invitation(&people::address(GUEST)).await.unwrap().unwrap();
    administration.resend_invitation(auth::Inviter::Operator, id).await.unwrap();
    let link = link(&app, GUEST).await;
    let mut guest = app.browser(Transport::Plain);
    guest.visit(&link).await;
    name_account(&mut guest).await;

    let made = "SELECT event || ' ' || actor FROM security_events WHERE role IS NOT NULL \
        ORDER BY event";
    assert_eq!(app.database.texts(made).await, ["invited operator"]);
}

#[tokio::test]
async fn a_role_or_an_address_that_is_none_is_told_and_an_account_keeps_its_role() {
    let (app, operator) = app().await;
    make_user(&app, MIA).await;
    people::confirm(&app, MIA).await;
    for wrong in
        [["user", "invite", GUEST, "--role", "root"], ["user", "invite", "ida", "--role", "user"]]
    {
        operator.run(&wrong).await.failed_with(2);
    }
    assert_eq!(app.count("invitations").await, 0);

    let printed = operator.run(&["user", "invite", MIA, "--role", "admin"]).await.succeeded();

    assert!(printed.contains("has an account and is told to log in"), "{printed}");
    assert_eq!(app.count("invitations").await, 0);
}
