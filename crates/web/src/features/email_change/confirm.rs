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
    ui::{ids, texts},
    visit::Visit,
};

const BUTTON: Button = Button {
    id: ids::CONFIRM_EMAIL_FORM,
    title: texts::CONFIRM_EMAIL,
    lead: texts::CONFIRM_EMAIL_LEAD,
    submit: texts::CONFIRM_EMAIL_SUBMIT,
};

pub(crate) fn page(visit: &Visit, state: &FormState) -> View {
    button(visit, state, &BUTTON)
}

#[handler]
pub(crate) async fn edit(visit: &Visit, Path(token): Path<String>) -> Result<Answer, Error> {
    let Ok(token) = token.parse::<Token>() else { return Ok(gone()) };
    let page = page(visit, &FormState::default());
    match visit.accounts().check_email_change(&token).await {
        Ok(()) => Ok(Answer::page(page)),
        Err(error) => refuse(error, page),
    }
}

#[handler]
pub(crate) async fn update(visit: &Visit, Path(token): Path<String>) -> Result<Answer, Error> {
    let Ok(token) = token.parse::<Token>() else { return Ok(gone()) };
    let visitor = visit.principal.as_deref();
    match visit.accounts().confirm_email_change(&token, visitor, &visit.client()).await {
        Ok(()) => Ok(Answer::redirect(LocalPath::of("/")).with_flash(Flash::EmailChanged)),
        Err(error) => {
            let state = FormState::default().refused(texts::EMAIL_TAKEN_MEANWHILE);
            refuse(error, page(visit, &state))
        }
    }
}
