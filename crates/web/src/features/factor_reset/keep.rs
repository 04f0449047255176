//! Stops a reset of lost factors: by the link of a mail, whose page changes nothing, or by the button
//! of the banner.

use auth::KeepFactorsError;
use domain::{EmailAddress, Token};
use hypermedia::{
    answer::{Answer, View},
    error::Error,
    extract::{Authenticated, FormState, LocalPath},
    flash::Flash,
    page_context::PageContext,
    ui::ids,
};
use poem::{handler, web::Path};

use super::{LinkPage, gone};
use crate::texts::Texts;

/// Where the button of the banner leads.
pub(crate) const PATH: &str = "/settings/factors/keep";

#[handler]
pub(crate) async fn new(context: &PageContext, Path(link): Path<String>) -> Result<Answer, Error> {
    let Ok(link) = link.parse::<Token>() else { return Ok(gone(context)) };
    match context.accounts().sessions().check_keep_factors_link(&link).await {
        Ok(email) => Ok(Answer::page(page_of(context, Some(&email), &FormState::default()))),
        Err(KeepFactorsError::InvalidLink) => Ok(gone(context)),
        Err(KeepFactorsError::Fault(fault)) => Err(fault.into()),
    }
}

#[handler]
pub(crate) async fn create(
    context: &PageContext,
    Path(link): Path<String>,
) -> Result<Answer, Error> {
    let Ok(link) = link.parse::<Token>() else { return Ok(gone(context)) };
    match context.accounts().sessions().keep_factors_by_link(&link, &context.client()).await {
        Ok(_) => Ok(Answer::redirect(LocalPath::of("/forgot-password")).with_flash(kept(context))),
        Err(KeepFactorsError::InvalidLink) => Ok(gone(context)),
        Err(KeepFactorsError::Fault(fault)) => Err(fault.into()),
    }
}

/// The button of the banner.
#[handler]
pub(crate) async fn update(
    context: &PageContext,
    principal: &Authenticated,
) -> Result<Answer, Error> {
    context.accounts().account().keep_factors(principal, &context.client()).await?;
    Ok(Answer::redirect(LocalPath::of("/settings/factors")).with_flash(kept(context)))
}

/// The page without the address, for a form that came without a valid token.
pub(crate) fn page(context: &PageContext, state: &FormState) -> View {
    page_of(context, None, state)
}

fn kept(context: &PageContext) -> Flash {
    Flash::new(Texts::of(context.language()).factor_reset.kept)
}

fn page_of(context: &PageContext, email: Option<&EmailAddress>, state: &FormState) -> View {
    let words = &Texts::of(context.language()).factor_reset;
    let page = LinkPage {
        title: words.keep_title,
        lead: words.keep_lead.to_owned(),
        submit: words.keep_submit,
        id: ids::KEEP_FACTORS_FORM,
    };
    page.view(context, email, state)
}
