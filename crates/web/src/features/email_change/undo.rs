//! The link in the mail to the old address, which takes a change back. Looking undoes
//! nothing.

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
    id: ids::UNDO_EMAIL_FORM,
    title: texts::UNDO_EMAIL,
    lead: texts::UNDO_EMAIL_LEAD,
    submit: texts::UNDO_EMAIL_SUBMIT,
};

pub(crate) fn page(visit: &Visit, state: &FormState) -> View {
    button(visit, state, &BUTTON)
}

#[handler]
pub(crate) async fn edit(visit: &Visit, Path(token): Path<String>) -> Result<Answer, Error> {
    let Ok(token) = token.parse::<Token>() else { return Ok(gone()) };
    let page = page(visit, &FormState::default());
    match visit.accounts().check_email_undo(&token).await {
        Ok(()) => Ok(Answer::page(page)),
        Err(error) => refuse(error, page),
    }
}

#[handler]
pub(crate) async fn update(visit: &Visit, Path(token): Path<String>) -> Result<Answer, Error> {
    let Ok(token) = token.parse::<Token>() else { return Ok(gone()) };
    match visit.accounts().undo_email_change(&token, &visit.client()).await {
        Ok(owner) => {
            let answer = Answer::redirect(LocalPath::of("/"));
            let answer = answer.with_flash(Flash::EmailChangeUndone);
            let own = visit.principal.as_ref().filter(|visitor| visitor.user_id == owner);
            Ok(if own.is_some() { answer.end_session() } else { answer })
        }
        Err(error) => {
            let state = FormState::default().refused(texts::EMAIL_TAKEN_MEANWHILE);
            refuse(error, page(visit, &state))
        }
    }
}
