//! Proving an address by a mailed link. Looking at the page spends nothing: mail
//! scanners follow links. Where another browser asked, the page says what that means
//! for the password, and nothing happens unseen.

mod view;

use auth::{ConfirmByLink, ConfirmByLinkError, Confirmed, LinkStanding};
use domain::Token;
use poem::{handler, web::Path};

use crate::{
    answer::Answer,
    error::Error,
    extract::{LocalPath, Submission},
    flash::Flash,
    ui::FieldName,
    visit::Visit,
};

#[handler]
pub(crate) async fn edit(visit: &Visit, Path(token): Path<String>) -> Result<Answer, Error> {
    let Ok(token) = token.parse::<Token>() else { return Ok(view::gone(visit)) };
    match visit.accounts().check_link(link(visit, &token)).await {
        Ok(standing) => Ok(Answer::page(view::page(visit, standing, None))),
        Err(error) => refuse(visit, error),
    }
}

#[handler]
pub(crate) async fn update(
    visit: &Visit,
    Path(token): Path<String>,
    submission: &Submission,
) -> Result<Answer, Error> {
    let Ok(token) = token.parse::<Token>() else { return Ok(view::gone(visit)) };
    let is_told = submission.has(FieldName::Renew);
    let shown = if is_told { LinkStanding::Elsewhere } else { LinkStanding::Here };
    let link = link(visit, &token);
    match visit.accounts().confirm_by_link(link, shown, &visit.client()).await {
        Ok(Confirmed::Here) => Ok(Answer::redirect(LocalPath::of("/login"))
            .with_flash(Flash::AddressConfirmed)
            .remove_proof()),
        Ok(Confirmed::Elsewhere(token)) => {
            let path = format!("/reset-password/{}", token.expose().as_str());
            let path = LocalPath::parse(&path).ok_or(Error::NotFound)?;
            Ok(Answer::redirect(path).with_flash(Flash::AddressConfirmed))
        }
        Err(error) => refuse(visit, error),
    }
}

fn link<'a>(visit: &'a Visit, token: &'a Token) -> ConfirmByLink<'a> {
    let (cookie, principal) = (visit.proof.as_deref(), visit.principal.as_deref());
    ConfirmByLink { token, cookie, principal }
}

fn refuse(visit: &Visit, error: ConfirmByLinkError) -> Result<Answer, Error> {
    let texts = visit.texts();
    match error {
        ConfirmByLinkError::InvalidToken => Ok(view::gone(visit)),
        ConfirmByLinkError::Elsewhere => {
            let told = Some(texts.proof.confirm_elsewhere_lead);
            Ok(Answer::invalid(view::page(visit, LinkStanding::Elsewhere, told)))
        }
        ConfirmByLinkError::Fault(fault) => Err(fault.into()),
    }
}
