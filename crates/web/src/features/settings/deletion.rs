//! The question before the deletion of the account: what is deleted, and when. Deleting needs a
//! recent log-in, looking at the question does not.

use auth::RequestDeletionError;
use hypermedia::{
    answer::{Answer, View},
    error::Error,
    extract::{Authenticated, FormState, LocalPath},
    flash::Flash,
    page_context::PageContext,
    ui::{ActionForm, Card, Indexing, Message, Moment, Weight, ids},
};
use maud::{Markup, Render, html};
use poem::handler;

use super::Section;
use crate::texts::Texts;

/// The address of the page, and where the deletion is asked for.
pub(crate) const PATH: &str = "/settings/data/delete";

#[handler]
pub(crate) fn new(context: &PageContext) -> Answer {
    Answer::page(page(context, &FormState::default()))
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
            .with_flash(Flash::new(texts.flashes.deletion_requested))),
        Err(RequestDeletionError::LastAdmin) => {
            let state = FormState::default().refused(texts.data.last_admin_stays);
            Ok(Answer::invalid(page(context, &state)))
        }
        Err(RequestDeletionError::SessionEnded) => Ok(Answer::log_in()),
        Err(RequestDeletionError::Fault(fault)) => Err(fault.into()),
    }
}

/// The page, with the form in this state.
pub(crate) fn page(context: &PageContext, state: &FormState) -> View {
    let texts = Texts::of(context.language());
    let accounts = context.accounts();
    let gone_at = accounts.clock().now() + accounts.settings().accounts.deletion_grace;
    let form = form(context, state);
    let title = texts.data.deletion;
    let body = html! {
        ul { @for sentence in texts.data.deletion_effects { li { (sentence) } } }
        dl { div { dt { (texts.data.deleted_after) } dd { (Moment { texts, at: gone_at }) } } }
        (form)
    };
    let foot = html! { p { a href=(Section::Data.path()) { (texts.data.deletion_back) } } };
    let card = Card { title, lead: None, body, foot: Some(foot) };
    View {
        title,
        indexing: Indexing::Unlisted,
        form: Some(form.clone()),
        main: Section::Data.page(context, &card.render()),
    }
}

fn form(context: &PageContext, state: &FormState) -> Markup {
    let texts = Texts::of(context.language());
    ActionForm {
        error: state.error.as_ref().map(Message::text),
        weight: Weight::Danger,
        ..ActionForm::new(
            ids::DELETE_ACCOUNT_FORM,
            PATH,
            context.csrf.token(),
            texts.data.delete_account_submit,
        )
    }
    .render()
}
