//! "This wasn't me": the link in a notice. Looking at its page changes nothing, as mail
//! scanners follow links; sending it locks everybody out and the owner's way back
//! comes by mail. It logs nobody in, and the page names nobody.

use auth::NotMeError;
use domain::Token;
use maud::Render;
use poem::{handler, web::Path};

use crate::{
    answer::{Answer, View},
    error::Error,
    extract::{FormState, LocalPath},
    features::reset_password::gone,
    flash::Flash,
    ui::{ActionForm, Card, Discretion, Weight, ids},
    visit::Visit,
};

#[handler]
pub(crate) async fn new(visit: &Visit, Path(link): Path<String>) -> Result<Answer, Error> {
    let Ok(link) = link.parse::<Token>() else { return Ok(gone(visit)) };
    match visit.accounts().check_not_me_link(&link).await {
        Ok(()) => Ok(Answer::page(page(visit, &FormState::default()))),
        Err(NotMeError::InvalidLink) => Ok(gone(visit)),
        Err(NotMeError::Fault(fault)) => Err(fault.into()),
    }
}

#[handler]
pub(crate) async fn create(visit: &Visit, Path(link): Path<String>) -> Result<Answer, Error> {
    let Ok(link) = link.parse::<Token>() else { return Ok(gone(visit)) };
    match visit.accounts().report_not_me(&link, &visit.client()).await {
        Ok(()) => {
            let answer = Answer::redirect(LocalPath::of("/login")).with_flash(Flash::TakenBack);
            // Whoever was logged in here, the browser starts afresh.
            Ok(match &visit.principal {
                Some(principal) => {
                    visit.accounts().log_out(principal, &visit.client()).await?;
                    answer.end_session()
                }
                None => answer,
            })
        }
        Err(NotMeError::InvalidLink) => Ok(gone(visit)),
        Err(NotMeError::Fault(fault)) => Err(fault.into()),
    }
}

pub(crate) fn page(visit: &Visit, state: &FormState) -> View {
    let texts = visit.texts();
    let form = ActionForm {
        id: ids::NOT_ME_FORM,
        action: &visit.path,
        csrf_token: visit.csrf.token(),
        hidden: Vec::new(),
        error: state.error.as_ref().map(crate::ui::Message::text),
        label: texts.settings.not_me_confirm,
        spoken: None,
        weight: Weight::Strong,
    }
    .render();
    let card = Card {
        title: texts.settings.not_me,
        lead: Some(texts.settings.not_me_lead),
        body: form.clone(),
        foot: None,
    };
    View {
        title: texts.settings.not_me,
        discretion: Discretion::Secret,
        form: Some(form),
        main: card.render(),
    }
}
