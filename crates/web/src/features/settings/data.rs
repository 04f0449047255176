//! What is held about a person: to take away as a file, or to have deleted.

use auth::{ExportError, RequestDeletionError};
use maud::{Markup, Render, html};
use poem::{IntoResponse, Response, handler, http::header};

use super::Section;
use crate::{
    answer::{Answer, View},
    error::Error,
    extract::{Authenticated, FormState, LocalPath},
    flash::Flash,
    ui::{ActionForm, Card, Discretion, DownloadForm, Message, Moment, Weight, ids},
    visit::Visit,
};

/// The address of the page.
pub(crate) const PATH: &str = "/settings/data";
/// Where the file is.
pub(crate) const EXPORT_PATH: &str = "/settings/data/export";
/// Where the deletion is asked for.
pub(crate) const DELETE_PATH: &str = "/settings/data/delete";

/// The name that the file has when it is saved.
const EXPORT_FILE: &str = "latchkey-data.json";

#[handler]
pub(crate) fn index(visit: &Visit) -> Answer {
    Answer::page(page(visit, &FormState::default(), &FormState::default()))
}

/// A file, which no cache keeps.
#[handler]
pub(crate) async fn create(visit: &Visit, principal: &Authenticated) -> Result<Response, Error> {
    let json = match visit.accounts().export(principal, &visit.client()).await {
        Ok(json) => json,
        Err(ExportError::Throttled { retry_after }) => {
            let state = FormState::default().refused(visit.texts().forms.throttled);
            return Ok(Answer::throttled(export_page(visit, &state), retry_after).into_response());
        }
        Err(ExportError::Fault(fault)) => return Err(fault.into()),
    };
    let disposition = format!("attachment; filename=\"{EXPORT_FILE}\"");
    Ok(Response::builder()
        .content_type("application/json")
        .header(header::CONTENT_DISPOSITION, disposition)
        .header(header::CACHE_CONTROL, "no-store")
        .body(json))
}

#[handler]
pub(crate) async fn destroy(visit: &Visit, principal: &Authenticated) -> Result<Answer, Error> {
    let texts = visit.texts();
    match visit.accounts().request_deletion(principal, &visit.client()).await {
        Ok(()) => Ok(Answer::redirect(LocalPath::of("/"))
            .end_session()
            .with_flash(Flash::DeletionRequested)),
        Err(RequestDeletionError::LastAdmin) => {
            let state = FormState::default().refused(texts.data.last_admin_stays);
            Ok(Answer::invalid(deletion_page(visit, &state)))
        }
        Err(RequestDeletionError::SessionEnded) => Ok(Answer::log_in()),
        Err(RequestDeletionError::Fault(fault)) => Err(fault.into()),
    }
}

/// The page, with the form that asks for the file in this state.
pub(crate) fn export_page(visit: &Visit, state: &FormState) -> View {
    let form = Some(export_form(visit, state));
    View { form, ..page(visit, state, &FormState::default()) }
}

/// The page, with the form that asks for the deletion in this state.
pub(crate) fn deletion_page(visit: &Visit, state: &FormState) -> View {
    let form = Some(deletion_form(visit, state));
    View { form, ..page(visit, &FormState::default(), state) }
}

fn page(visit: &Visit, export: &FormState, deletion: &FormState) -> View {
    let texts = visit.texts();
    let accounts = visit.accounts();
    let gone_at = accounts.clock().now() + accounts.settings().accounts.deletion_grace;
    let body = html! {
        h2 { (texts.data.export) }
        p.lead { (texts.data.export_lead) }
        (export_form(visit, export))
        h2 { (texts.data.delete_account) }
        p.lead { (texts.data.delete_account_lead) }
        dl { div { dt { (texts.data.deleted_after) } dd { (Moment { texts, at: gone_at }) } } }
        (deletion_form(visit, deletion))
    };
    let card = Card { title: texts.data.title, lead: None, body, foot: None };
    View {
        title: texts.data.title,
        discretion: Discretion::Unlisted,
        form: None,
        main: Section::Data.page(texts, &card.render()),
    }
}

fn export_form(visit: &Visit, state: &FormState) -> Markup {
    let texts = visit.texts();
    DownloadForm {
        id: ids::EXPORT_FORM,
        action: EXPORT_PATH,
        csrf_token: visit.csrf.token(),
        error: state.error.as_ref().map(Message::text),
        label: texts.data.export_submit,
    }
    .render()
}

fn deletion_form(visit: &Visit, state: &FormState) -> Markup {
    let texts = visit.texts();
    ActionForm {
        id: ids::DELETE_ACCOUNT_FORM,
        action: DELETE_PATH,
        csrf_token: visit.csrf.token(),
        hidden: Vec::new(),
        error: state.error.as_ref().map(Message::text),
        label: texts.data.delete_account_submit,
        spoken: None,
        weight: Weight::Quiet,
    }
    .render()
}
