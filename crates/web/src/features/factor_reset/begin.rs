//! The page of the mailed link that begins the wait. Opening it changes nothing.

use auth::FactorResetLinkError;
use domain::{EmailAddress, Token};
use hypermedia::{
    answer::{Answer, View},
    error::Error,
    extract::{FormState, LocalPath},
    flash::Flash,
    page_context::PageContext,
    ui::{Moment, ids},
};
use poem::{handler, web::Path};

use super::{LinkPage, earliest, gone};
use crate::texts::Texts;

#[handler]
pub(crate) async fn new(context: &PageContext, Path(link): Path<String>) -> Result<Answer, Error> {
    let Ok(link) = link.parse::<Token>() else { return Ok(gone(context)) };
    match context.accounts().sessions().check_factor_reset_link(&link).await {
        Ok(email) => Ok(Answer::page(page_of(context, Some(&email), &FormState::default()))),
        Err(FactorResetLinkError::InvalidLink) => Ok(gone(context)),
        Err(FactorResetLinkError::Fault(fault)) => Err(fault.into()),
    }
}

#[handler]
pub(crate) async fn create(
    context: &PageContext,
    Path(link): Path<String>,
) -> Result<Answer, Error> {
    let Ok(link) = link.parse::<Token>() else { return Ok(gone(context)) };
    match context.accounts().sessions().begin_factor_reset(&link, &context.client()).await {
        Ok(begun) => {
            let texts = Texts::of(context.language());
            let at = Moment { texts, at: begun.at }.text();
            let flash = Flash::new((texts.factor_reset.begun)(&at)).with_email(begun.email);
            Ok(Answer::redirect(LocalPath::of("/login")).with_flash(flash))
        }
        Err(FactorResetLinkError::InvalidLink) => Ok(gone(context)),
        Err(FactorResetLinkError::Fault(fault)) => Err(fault.into()),
    }
}

/// The page without the address, for a form that came without a valid token.
pub(crate) fn page(context: &PageContext, state: &FormState) -> View {
    page_of(context, None, state)
}

fn page_of(context: &PageContext, email: Option<&EmailAddress>, state: &FormState) -> View {
    let texts = Texts::of(context.language());
    let page = LinkPage {
        title: texts.factor_reset.begin_title,
        lead: (texts.factor_reset.begin_lead)(&earliest(context)),
        submit: texts.factor_reset.begin_submit,
        id: ids::FACTOR_RESET_FORM,
    };
    page.view(context, email, state)
}
