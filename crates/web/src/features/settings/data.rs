//! Personal data: export as a file, and deletion of the account.

use auth::{ExportError, RequestDeletionError};
use hypermedia::{
    answer::{Answer, View},
    error::Error,
    extract::{Authenticated, FormState, LocalPath},
    flash::Flash,
    page_context::PageContext,
    ui::{ActionForm, Card, DownloadForm, Indexing, Message, Moment, Weight, ids},
};
use maud::{Markup, Render, html};
use poem::{IntoResponse, Response, handler, http::header};

use super::Section;
use crate::texts::Texts;

/// The address of the page.
pub(crate) const PATH: &str = "/settings/data";
/// Where the file is.
pub(crate) const EXPORT_PATH: &str = "/settings/data/export";
/// Where the deletion is asked for.
pub(crate) const DELETE_PATH: &str = "/settings/data/delete";

/// The name that the file has when it is saved.

#[handler]
pub(crate) fn index(context: &PageContext) -> Answer {
    Answer::page(page(context, &FormState::default(), &FormState::default()))
}

/// A file, which no cache keeps.
#[handler]
pub(crate) async fn create(
    context: &PageContext,
    principal: &Authenticated,
) -> Result<Response, Error> {
    let json = match context.accounts().account().export(principal, &context.client()).await {
        Ok(json) => json,
        Err(ExportError::Throttled { retry_after }) => {
            let state = FormState::default().refused(Texts::of(context.language()).forms.throttled);
            return Ok(Answer::throttled(export_page(context, &state), retry_after).into_response());
        }
        Err(ExportError::Fault(fault)) => return Err(fault.into()),
    };
    let disposition = format!("attachment; filename=\"{}-data.json\"", context.site.brand.slug);
    Ok(Response::builder()
        .content_type("application/json")
        .header(header::CONTENT_DISPOSITION, disposition)
        .header(header::CACHE_CONTROL, "no-store")
        .body(json))
}

#[handler]
pub(crate) async fn destroy(
    context: &PageContext,
    principal: &Authenticated,
) -> Result<Answer, Error> {
    let texts = Texts::of(context.language());
    match context.accounts().account().request_deletion(principal, &context.client()).await {
        Ok(()) => Ok(Answer::redirect(LocalPath::of("/"))
            .end_session()
            .with_flash(Flash::new(Texts::of(context.language()).flashes.deletion_requested))),
        Err(RequestDeletionError::LastAdmin) => {
            let state = FormState::default().refused(texts.data.last_admin_stays);
            Ok(Answer::invalid(deletion_page(context, &state)))
        }
        Err(RequestDeletionError::SessionEnded) => Ok(Answer::log_in()),
        Err(RequestDeletionError::Fault(fault)) => Err(fault.into()),
    }
}

/// The page, with the form that asks for the file in this state.
pub(crate) fn export_page(context: &PageContext, state: &FormState) -> View {
    let form = Some(export_form(context, state));
    View { form, ..page(context, state, &FormState::default()) }
}

/// The page, with the form that asks for the deletion in this state.
pub(crate) fn deletion_page(context: &PageContext, state: &FormState) -> View {
    let form = Some(deletion_form(context, state));
    View { form, ..page(context, &FormState::default(), state) }
}

fn page(context: &PageContext, export: &FormState, deletion: &FormState) -> View {
    let texts = Texts::of(context.language());
    let accounts = context.accounts();
    let gone_at = accounts.clock().now() + accounts.settings().accounts.deletion_grace;
    let body = html! {
        h2 { (texts.data.export) }
        p.lead { (texts.data.export_lead) }
        (export_form(context, export))
        h2 { (texts.data.delete_account) }
        p.lead { (texts.data.delete_account_lead) }
        dl { div { dt { (texts.data.deleted_after) } dd { (Moment { texts, at: gone_at }) } } }
        (deletion_form(context, deletion))
    };
    let card = Card { title: texts.data.title, lead: None, body, foot: None };
    View {
        title: texts.data.title,
        indexing: Indexing::Unlisted,
        form: None,
        main: Section::Data.page(texts, &card.render()),
    }
}

fn export_form(context: &PageContext, state: &FormState) -> Markup {
    let texts = Texts::of(context.language());
    DownloadForm {
        id: ids::EXPORT_FORM,
        action: EXPORT_PATH,
        csrf_token: context.csrf.token(),
        error: state.error.as_ref().map(Message::text),
        label: texts.data.export_submit,
    }
    .render()
}

fn deletion_form(context: &PageContext, state: &FormState) -> Markup {
    let texts = Texts::of(context.language());
    ActionForm {
        id: ids::DELETE_ACCOUNT_FORM,
        action: DELETE_PATH,
        csrf_token: context.csrf.token(),
        hidden: Vec::new(),
        choice: None,
        error: state.error.as_ref().map(Message::text),
        label: texts.data.delete_account_submit,
        spoken: None,
        weight: Weight::Quiet,
    }
    .render()
}
