//! Many simultaneous requests about one invitation.

use tests::{Backend, Transport};

use super::{GUEST, PAGE, app_on, invite, link};
use crate::{
    fault_steps::{count_of, form_again, send_at_once},
    flows::{ADA, PASSWORD, logged_in, make_admin},
    people,
};

/// INV-02, RAC-01.
#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_uses_of_an_invitation_at_once_one_makes_the_account() {
    for backend in Backend::available() {
        let app = app_on(backend).await;
        invite(&app, GUEST, "editor").await;
        let link = link(&app, GUEST).await;
        let mut guest = app.browser(Transport::Plain);
        guest.visit(&link).await;
        let fields = [("name", "Ida"), ("password", PASSWORD)];

        let answers = send_at_once((0..20).map(|_| form_again(&guest, &link, &fields))).await;

        assert_eq!((count_of(&answers, 303), count_of(&answers, 410)), (1, 19), "{backend:?}");
        let made = format!("SELECT role FROM users WHERE email = '{GUEST}'");
        assert_eq!(app.database.texts(&made).await, ["editor"], "{backend:?}");
        assert_eq!(app.count("sessions").await, 1, "{backend:?}");
    }
}

/// INV-03: two admins who invite one address at the same moment with other roles.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_admins_who_invite_one_address_at_once_one_does() {
    for backend in Backend::available() {
        let app = app_on(backend).await;
        make_admin(&app, "eva@example.test").await;
        let mut admins = Vec::new();
        for email in [ADA, "eva@example.test"] {
            let mut admin = logged_in(&app, Transport::Plain, email).await;
            admin.visit(PAGE).await;
            admins.push(admin);
        }
        for round in 0..10 {
            let email = format!("guest{round}@example.test");
            let roles = ["editor", "admin"];
            let forms = admins.iter().zip(roles).map(|(admin, role)| {
                form_again(admin, PAGE, &[("email", email.as_str()), ("role", role)])
            });

            let answers = send_at_once(forms).await;

            assert_eq!((count_of(&answers, 303), count_of(&answers, 422)), (1, 1), "{backend:?}");
            people::mails_sent(&app).await;
            assert_eq!(app.mailbox.count_to(&email).await, 1, "{backend:?} {email}");
        }
        assert_eq!(app.count("invitations").await, 10, "{backend:?}");
    }
}

/// INV-02: withdrawn or accepted, never both.
#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_is_accepted_or_withdrawn_and_never_both() {
    for backend in Backend::available() {
        let app = app_on(backend).await;
        let mut admin = logged_in(&app, Transport::Plain, ADA).await;
        for round in 0..10 {
            let email = format!("guest{round}@example.test");
            invite(&app, &email, "user").await;
            let link = link(&app, &email).await;
            let page = admin.visit(PAGE).await;
            let form = page.dom().find("form[id^=revoke-invitation-form]").expect("it is open");
            let revoke = form.attr("action").expect("an action").to_owned();
            let mut guest = app.browser(Transport::Plain);
            guest.visit(&link).await;
            let fields = [("name", "Ida"), ("password", PASSWORD)];
            let forms = [form_again(&guest, &link, &fields), form_again(&admin, &revoke, &[])];

            let answers = send_at_once(forms).await;

            let made =
                answers.iter().filter(|answer| answer.header("location") == Some("/profile"));
            let users = format!("SELECT email FROM users WHERE email = '{email}'");
            let users = app.database.texts(&users).await.len();
            assert_eq!(made.count(), users, "{backend:?}: {answers:?}");
            let rows = format!("SELECT email FROM invitations WHERE email = '{email}'");
            assert_eq!(app.database.texts(&rows).await.len(), users, "{backend:?}");
        }
    }
}
