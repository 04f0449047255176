//! The second factors of an account: the list of them, and the ways to add one.

pub(crate) mod change;
mod list;
pub(crate) mod new_app;
pub(crate) mod new_passkey;
mod qr;
pub(crate) mod recovery_codes;

use auth::SecondFactorMode;
use domain::Principal;
use hypermedia::{
    answer::{Answer, View},
    error::Error,
    extract::Authenticated,
    page_context::PageContext,
    routes::Group,
};
use poem::handler;

use crate::{fields, paths};

#[handler]
pub(crate) async fn index(
    context: &PageContext,
    principal: &Authenticated,
) -> Result<Answer, Error> {
    if !is_offered(context) {
        return Err(Error::NotFound);
    }
    Ok(Answer::page(page(context, principal, None).await?))
}

/// The list, with the reason why a factor on it was not changed.
async fn page(
    context: &PageContext,
    principal: &Principal,
    refusal: Option<list::Refusal>,
) -> Result<View, Error> {
    let accounts = context.accounts();
    let list = accounts.account().list_factors(principal).await?;
    let accepted_passkeys = accounts.credentials().list_accepted_passkeys(principal).await?;
    Ok(list::page(context, principal, &list::Shown { list, accepted_passkeys, refusal }))
}

/// The list, and what changes no factor.
pub(crate) fn own_routes(group: Group) -> Group {
    group.get(paths::FACTORS, index).post(
        change::PASSKEY_NAME,
        change::FIELDS,
        change::update_passkey,
    )
}

/// The pages that change factors, all of which need a recent log-in.
pub(crate) fn routes(group: Group) -> Group {
    group
        .form(new_app::PATH, new_app::FIELDS, new_app::page, new_app::new, new_app::create)
        .get(new_passkey::PATH, new_passkey::new)
        .post(new_passkey::PATH, new_passkey::FIELDS, new_passkey::create)
        .post(change::PASSKEY_REMOVAL, &[], change::destroy_passkey)
        .post(change::APP, change::FIELDS, change::update_app)
        .post(change::APP_REMOVAL, &[], change::destroy_app)
        .get(recovery_codes::PATH, recovery_codes::new)
        .post(recovery_codes::PATH, recovery_codes::FIELDS, recovery_codes::create)
        .download_with(
            recovery_codes::FILE_PATH,
            &[fields::SETUP],
            paths::FACTORS,
            recovery_codes::file_page,
            recovery_codes::show,
        )
}

/// Whether the pages about factors are there for this visitor: accounts can have factors, or this
/// one has some.
pub(crate) fn is_offered(context: &PageContext) -> bool {
    let mode = context.accounts().settings().accounts.second_factor;
    let principal = context.principal.as_ref();
    mode != SecondFactorMode::Off
        || principal.is_some_and(|principal| principal.second_factor_since.is_some())
}
