//! Personal data: the export as a file, and the way to the deletion of the account.

use auth::ExportError;
use hypermedia::{
    answer::{Answer, View},
    error::Error,
    extract::{Authenticated, FormState},
    page_context::PageContext,
    ui::{Card, DownloadForm, Indexing, Message, Weight, ids},
};
use maud::{Markup, Render, html};
use poem::{IntoResponse, Request, Response, handler, http::header};

use super::{Section, deletion};
use crate::texts::Texts;

/// The address of the page.
pub(crate) const PATH: &str = "/settings/data";
/// Where the file is.
pub(crate) const EXPORT_PATH: &str = "/settings/data/export";
/// The page for a visitor who was asked for the password first: it says to press the button again.
pub(crate) const EXPORT_PAGE: &str = "/settings/data?export=again";

#[handler]
pub(crate) fn index(context: &PageContext, request: &Request) -> Answer {
    let again = request.uri().query() == EXPORT_PAGE.split_once('?').map(|(_, query)| query);
    Answer::page(page(context, &FormState::default(), again))
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

/// The page, with the form that asks for the file in this state.
pub(crate) fn export_page(context: &PageContext, state: &FormState) -> View {
    let form = Some(export_form(context, state, false));
    View { form, ..page(context, state, false) }
}

fn page(context: &PageContext, state: &FormState, again: bool) -> View {
    let texts = Texts::of(context.language());
    let body = html! {
        h2 { (texts.data.export) }
        p.lead { (texts.data.export_lead) }
        (export_form(context, state, again))
        h2 { (texts.data.delete_account) }
        p.lead { (texts.data.delete_account_lead) }
        p { a.button.quiet href=(deletion::PATH) { (texts.data.delete_account_submit) "…" } }
    };
    let card = Card { title: texts.data.title, lead: None, body, foot: None };
    View {
        title: texts.data.title,
        indexing: Indexing::Unlisted,
        form: None,
        main: Section::Data.page(context, &card.render()),
    }
}

fn export_form(context: &PageContext, state: &FormState, again: bool) -> Markup {
    let texts = Texts::of(context.language());
    DownloadForm {
        id: ids::EXPORT_FORM,
        action: EXPORT_PATH,
        csrf_token: context.csrf.token(),
        hidden: Vec::new(),
        error: state.error.as_ref().map(Message::text),
        label: texts.data.export_submit,
        again: again.then_some(texts.data.export_again),
        weight: Weight::Strong,
    }
    .render()
}
