//! The only page of an account that waits to be deleted: take it back, or log out.

use auth::CancelDeletionError;
use domain::Timestamp;
use maud::{Markup, Render, html};
use poem::handler;

use crate::{
    answer::{Answer, View},
    error::Error,
    extract::{Authenticated, LocalPath},
    features::settings,
    flash::Flash,
    ui::{ActionForm, Card, Discretion, Moment, Weight, ids},
    visit::Visit,
};

/// The address of the page.
pub(crate) const PATH: &str = "/account-deletion";
/// Where the account is taken back.
pub(crate) const CANCEL_PATH: &str = "/account-deletion/cancel";

#[handler]
pub(crate) fn show(visit: &Visit, principal: &Authenticated) -> Answer {
    match principal.delete_after {
        Some(moment) => Answer::page(page(visit, moment)),
        None => Answer::redirect(LocalPath::of(settings::data::PATH)),
    }
}

#[handler]
pub(crate) async fn destroy(visit: &Visit, principal: &Authenticated) -> Result<Answer, Error> {
    match visit.accounts().cancel_deletion(principal, &visit.client()).await {
        Ok(()) => {
            Ok(Answer::redirect(LocalPath::of("/profile")).with_flash(Flash::DeletionCancelled))
        }
        Err(CancelDeletionError::SessionEnded) => Ok(Answer::log_in()),
        Err(CancelDeletionError::Fault(fault)) => Err(fault.into()),
    }
}

fn page(visit: &Visit, moment: Timestamp) -> View {
    let texts = visit.texts();
    let body = html! {
        dl { div { dt { (texts.data.deleted_after) } dd { (Moment { texts, at: moment }) } } }
        (form(visit))
    };
    let title = texts.data.account_deletion;
    let lead = Some(texts.data.account_deletion_lead);
    let main = Card { title, lead, body, foot: None }.render();
    View { title, discretion: Discretion::Unlisted, form: None, main }
}

fn form(visit: &Visit) -> Markup {
    let texts = visit.texts();
    ActionForm {
        id: ids::KEEP_ACCOUNT_FORM,
        action: CANCEL_PATH,
        csrf_token: visit.csrf.token(),
        hidden: Vec::new(),
        error: None,
        label: texts.data.keep_account,
        spoken: None,
        weight: Weight::Strong,
    }
    .render()
}
