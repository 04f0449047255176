//! Proving an address by a mailed link. Looking at the page spends nothing: mail
//! scanners follow links. Where another browser asked, the page says what that means
//! for the password, and nothing happens unseen.

mod view;

use auth::{ConfirmByLink, ConfirmByLinkError, Confirmed, LinkStanding};
use domain::Token;
use hypermedia::{
    answer::Answer,
    error::Error,
    extract::{LocalPath, Submission},
    flash::Flash,
    page_context::PageContext,
    ui::FieldName,
};
use poem::{handler, web::Path};

use crate::{fields, texts::Texts};

/// The fields of the form.
pub(crate) const FIELDS: &[FieldName] = &[fields::RENEW];

#[handler]
pub(crate) async fn edit(
    context: &PageContext,
    Path(token): Path<String>,
) -> Result<Answer, Error> {
    let Ok(token) = token.parse::<Token>() else { return Ok(view::gone(context)) };
    match context.accounts().registration().check_link(link(context, &token)).await {
        Ok(standing) => Ok(Answer::page(view::page(context, standing, None))),
        Err(error) => refuse(context, error),
    }
}

#[handler]
pub(crate) async fn update(
    context: &PageContext,
    Path(token): Path<String>,
    submission: &Submission,
) -> Result<Answer, Error> {
    let Ok(token) = token.parse::<Token>() else { return Ok(view::gone(context)) };
    let is_told = submission.has(fields::RENEW);
    let shown = if is_told { LinkStanding::Elsewhere } else { LinkStanding::Here };
    let link = link(context, &token);
    match context.accounts().registration().confirm_by_link(link, shown, &context.client()).await {
        Ok(Confirmed::Here) => Ok(Answer::redirect(LocalPath::of("/login"))
            .with_flash(Flash::new(Texts::of(context.language()).flashes.address_confirmed))
            .remove_proof()),
        Ok(Confirmed::Elsewhere(token)) => {
            let path = format!("/reset-password/{}", token.expose().as_str());
            let path = LocalPath::parse(&path).ok_or(Error::NotFound)?;
            Ok(Answer::redirect(path)
                .with_flash(Flash::new(Texts::of(context.language()).flashes.address_confirmed)))
        }
        Err(error) => refuse(context, error),
    }
}

fn link<'a>(context: &'a PageContext, token: &'a Token) -> ConfirmByLink<'a> {
    let (cookie, principal) = (context.proof.as_deref(), context.principal.as_deref());
    ConfirmByLink { token, cookie, principal }
}

fn refuse(context: &PageContext, error: ConfirmByLinkError) -> Result<Answer, Error> {
    let texts = Texts::of(context.language());
    match error {
        ConfirmByLinkError::InvalidToken => Ok(view::gone(context)),
        ConfirmByLinkError::Elsewhere => {
            let told = Some(texts.proof.confirm_elsewhere_lead);
            Ok(Answer::invalid(view::page(context, LinkStanding::Elsewhere, told)))
        }
        ConfirmByLinkError::Fault(fault) => Err(fault.into()),
    }
}
