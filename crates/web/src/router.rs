//! Every route, in groups by who may use it. What is not here does not exist; the
//! probes and the assets, which know no visitor, are mounted in `app.rs`.

use domain::Permission;

use crate::{
    features::{
        confirm_address, dev_mail, forgot_password, home, log_in, log_out, mailbox, profile,
        reset_password, sign_up, user_admin, well_known,
    },
    routes::{Policy, Routes},
};

/// The route table. `/dev/mail` is part of it only where mails may be looked at.
pub(crate) fn routes(with_dev_mail: bool) -> Routes {
    let routes = Routes::default()
        .group(Policy::Anyone, |group| {
            group
                .get("/", home::index)
                .form(
                    "/forgot-password",
                    forgot_password::page,
                    forgot_password::new,
                    forgot_password::create,
                )
                .form(
                    "/reset-password/{token}",
                    reset_password::page,
                    reset_password::edit,
                    reset_password::update,
                )
                .get("/confirm-address/{token}", confirm_address::edit)
                .post("/confirm-address/{token}", confirm_address::update)
                .get("/mailbox", mailbox::show)
                .get("/mailbox/state", mailbox::state::show)
                .post("/mailbox/code", mailbox::code::create)
                .post("/mailbox/resend", mailbox::resend::create)
                .post("/mailbox/email", mailbox::email::update)
                .get("/.well-known/change-password", well_known::change_password)
                .get("/.well-known/security.txt", well_known::security_txt)
                .get("/robots.txt", well_known::robots_txt)
        })
        .group(Policy::Anonymous, |group| {
            group
                .form("/signup", sign_up::page, sign_up::new, sign_up::create)
                .post("/signup/check", sign_up::check)
                .form("/login", log_in::page, log_in::new, log_in::create)
        })
        .group(Policy::User, |group| {
            group.get("/profile", profile::show).post("/logout", log_out::destroy)
        })
        .group(Policy::Permission(Permission::ManageUsers), |group| {
            group
                .get("/admin/users", user_admin::index)
                .post("/admin/users/{id}/role", user_admin::update)
        });
    if with_dev_mail {
        routes.group(Policy::Anyone, |group| group.get("/dev/mail", dev_mail::index))
    } else {
        routes
    }
}
