//! The link in the mail to the new address. Looking confirms nothing; whoever opens
//! it, it is the address of the account that asked (EML-05).

use domain::Token;
use poem::{handler, web::Path};

use super::{
    refuse,
    view::{Button, button, gone},
};
use crate::{
    answer::{Answer, View},
    error::Error,
    extract::{FormState, LocalPath},
    flash::Flash,
    ui::ids,
    visit::Visit,
};

pub(crate) fn page(visit: &Visit, state: &FormState) -> View {
    let texts = &visit.texts().pages;
    let words = Button {
        id: ids::CONFIRM_EMAIL_FORM,
        title: texts.confirm_email,
        lead: texts.confirm_email_lead,
        submit: texts.confirm_email_submit,
    };
    button(visit, state, &words)
}

#[handler]
pub(crate) async fn edit(visit: &Visit, Path(token): Path<String>) -> Result<Answer, Error> {
    let Ok(token) = token.parse::<Token>() else { return Ok(gone(visit)) };
    let page = page(visit, &FormState::default());
    match visit.accounts().check_email_change(&token).await {
        Ok(()) => Ok(Answer::page(page)),
        Err(error) => refuse(visit, error, page),
    }
}

#[handler]
pub(crate) async fn update(visit: &Visit, Path(token): Path<String>) -> Result<Answer, Error> {
    let texts = visit.texts();
    let Ok(token) = token.parse::<Token>() else { return Ok(gone(visit)) };
    let visitor = visit.principal.as_deref();
    match visit.accounts().confirm_email_change(&token, visitor, &visit.client()).await {
        Ok(()) => Ok(Answer::redirect(LocalPath::of("/")).with_flash(Flash::EmailChanged)),
        Err(error) => {
            let state = FormState::default().refused(texts.forms.email_taken_meanwhile);
            refuse(visit, error, page(visit, &state))
        }
    }
}
