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
    ui::ids,
    visit::Visit,
};

pub(crate) fn page(visit: &Visit, state: &FormState) -> View {
    let texts = &visit.texts().pages;
    let words = Button {
        id: ids::UNDO_EMAIL_FORM,
        title: texts.undo_email,
        lead: texts.undo_email_lead,
        submit: texts.undo_email_submit,
    };
    button(visit, state, &words)
}

#[handler]
pub(crate) async fn edit(visit: &Visit, Path(token): Path<String>) -> Result<Answer, Error> {
    let Ok(token) = token.parse::<Token>() else { return Ok(gone(visit)) };
    let page = page(visit, &FormState::default());
    match visit.accounts().check_email_undo(&token).await {
        Ok(()) => Ok(Answer::page(page)),
        Err(error) => refuse(visit, error, page),
    }
}

#[handler]
pub(crate) async fn update(visit: &Visit, Path(token): Path<String>) -> Result<Answer, Error> {
    let texts = visit.texts();
    let Ok(token) = token.parse::<Token>() else { return Ok(gone(visit)) };
    match visit.accounts().undo_email_change(&token, &visit.client()).await {
        Ok(owner) => {
            let answer = Answer::redirect(LocalPath::of("/"));
            let answer = answer.with_flash(Flash::EmailChangeUndone);
            let own = visit.principal.as_ref().filter(|visitor| visitor.user_id == owner);
            Ok(if own.is_some() { answer.end_session() } else { answer })
        }
        Err(error) => {
            let state = FormState::default().refused(texts.forms.email_taken_meanwhile);
            refuse(visit, error, page(visit, &state))
        }
    }
}
