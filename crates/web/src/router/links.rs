//! The routes of mailed links. They work in any browser, and looking at one spends nothing.

use hypermedia::routes::Group;

use crate::{
    features::{
        compromise_report, confirm_address, email_change, factor_reset, invitation, new_account,
        reset_password,
    },
    paths,
};

pub(super) fn routes(group: Group) -> Group {
    group
        .form(
            paths::RESET_PASSWORD,
            reset_password::FIELDS,
            reset_password::page,
            reset_password::edit,
            reset_password::update,
        )
        .get(paths::CONFIRM_ADDRESS, confirm_address::edit)
        .post(paths::CONFIRM_ADDRESS, confirm_address::FIELDS, confirm_address::update)
        .get(paths::NEW_ACCOUNT, new_account::edit)
        .post(paths::NEW_ACCOUNT, new_account::FIELDS, new_account::update)
        .get(invitation::PATH, invitation::edit)
        .post(invitation::PATH, new_account::FIELDS, invitation::update)
        .form(
            "/factor-reset/{token}",
            &[],
            factor_reset::begin::page,
            factor_reset::begin::new,
            factor_reset::begin::create,
        )
        .form(
            "/keep-factors/{token}",
            &[],
            factor_reset::keep::page,
            factor_reset::keep::new,
            factor_reset::keep::create,
        )
        .form(
            "/not-me/{token}",
            &[],
            compromise_report::page,
            compromise_report::new,
            compromise_report::create,
        )
        .form(
            "/confirm-email/{token}",
            &[],
            email_change::link::confirm::page,
            email_change::link::confirm::edit,
            email_change::link::confirm::update,
        )
        .form(
            "/undo-email/{token}",
            &[],
            email_change::link::undo::page,
            email_change::link::undo::edit,
            email_change::link::undo::update,
        )
}
