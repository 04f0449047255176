//! Every route of the account pages, in groups by policy. Besides them there are those of the
//! product, and probes and assets, which know no visitor.

mod links;

use hypermedia::{
    policy::Policy,
    routes::{Group, Routes},
};

use crate::{
    features::{
        account_deletion, admin, dev_mail, email_change, factor_reset, factors,
        forgot_password::{self, from_log_in},
        language, log_in, log_out, mailbox, profile, second_step, session, settings, sign_up, sudo,
        well_known,
    },
    paths,
    user_view::UserView,
};

/// The routes of the account pages, with this view of the profile. `/dev/mail` is part of them only
/// where mails may be looked at.
pub(crate) fn routes(profile: UserView, with_dev_mail: bool) -> Routes {
    let routes = Routes::default()
        .group(Policy::Anyone, anyone)
        .group(Policy::Anyone, links::routes)
        .group(Policy::Anonymous, |group| {
            group
                .form(paths::SIGN_UP, sign_up::FIELDS, sign_up::page, sign_up::new, sign_up::create)
                .post(paths::SIGN_UP_CHECK, sign_up::CHECK_FIELDS, sign_up::check)
                .form(paths::LOG_IN, log_in::FIELDS, log_in::page, log_in::new, log_in::create)
                .post(from_log_in::PATH, from_log_in::FIELDS, from_log_in::create)
                .get(second_step::PATH, second_step::new)
                .post(second_step::PATH, second_step::FIELDS, second_step::create)
                .form(
                    second_step::LOST_PATH,
                    &[],
                    factor_reset::request::page,
                    factor_reset::request::new,
                    factor_reset::request::create,
                )
        })
        .group(Policy::AnyUser, |group| {
            group
                .get(session::PATH, session::show)
                .post(log_out::PATH, log_out::FIELDS, log_out::destroy)
                .get(account_deletion::PATH, account_deletion::show)
                .post(account_deletion::CANCEL_PATH, &[], account_deletion::destroy)
        })
        .group(Policy::User, |group| group.get(paths::PROFILE, profile::Show(profile)))
        .group(Policy::User, own_account)
        .group(Policy::RecentUser, sensitive);
    let routes = admin::routes(routes);
    if with_dev_mail {
        routes.group(Policy::Anyone, |group| group.get("/dev/mail", dev_mail::index))
    } else {
        routes
    }
}

fn own_account(group: Group) -> Group {
    factors::own_routes(group)
        .form(paths::SUDO, sudo::FIELDS, sudo::page, sudo::new, sudo::create)
        .form("/sudo/{token}", sudo::FIELDS, sudo::page, sudo::edit, sudo::update)
        .get(paths::SETTINGS, settings::index)
        .form(
            settings::profile::PATH,
            settings::profile::FIELDS,
            settings::profile::page,
            settings::profile::edit,
            settings::profile::update,
        )
        .form(
            paths::PASSWORD,
            settings::password::FIELDS,
            settings::password::page,
            settings::password::edit,
            settings::password::update,
        )
        .post(factor_reset::keep::PATH, &[], factor_reset::keep::update)
        .get(paths::SESSIONS, settings::sessions::index)
        .post("/settings/sessions/{session}/end", &[], settings::sessions::destroy)
        .post("/settings/sessions/end-others", &[], settings::sessions::destroy_others)
        .post("/settings/browsers/{browser}/forget", &[], settings::browsers::destroy)
        .get(paths::SECURITY, settings::security::index)
        .get(settings::data::PATH, settings::data::index)
        .get(settings::deletion::PATH, settings::deletion::new)
        .post(email_change::pending::CANCEL_PATH, &[], email_change::pending::destroy)
}

/// Actions that need a recent log-in: a person who finds an open browser must not do them.
fn sensitive(group: Group) -> Group {
    settings::passwordless::routes(factors::routes(group))
        .form(
            paths::EMAIL,
            email_change::FIELDS,
            email_change::page,
            email_change::new,
            email_change::create,
        )
        .post(email_change::pending::RESEND_PATH, &[], email_change::pending::update)
        .download(
            settings::data::EXPORT_PATH,
            settings::data::EXPORT_PAGE,
            settings::data::export_page,
            settings::data::create,
        )
        .button(settings::deletion::PATH, settings::deletion::page, settings::deletion::destroy)
}

fn anyone(group: Group) -> Group {
    group
        .post("/language", language::FIELDS, language::update)
        .form(
            paths::FORGOT_PASSWORD,
            forgot_password::FIELDS,
            forgot_password::page,
            forgot_password::new,
            forgot_password::create,
        )
        .get(forgot_password::sent::PATH, forgot_password::sent::show)
        .post(forgot_password::sent::RESEND_PATH, &[], forgot_password::sent::update)
        .get(paths::MAILBOX, mailbox::show)
        .get(paths::MAILBOX_STATE, mailbox::state::show)
        .post(paths::MAILBOX_CODE, mailbox::code::FIELDS, mailbox::code::create)
        .post(paths::MAILBOX_RESEND, &[], mailbox::resend::create)
        .post(paths::MAILBOX_EMAIL, mailbox::email::FIELDS, mailbox::email::update)
        .get("/.well-known/change-password", well_known::change_password)
        .get("/.well-known/security.txt", well_known::security_txt)
}
