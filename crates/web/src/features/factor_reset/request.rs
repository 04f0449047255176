//! Asks for the link that begins the wait, from the second step of a log-in.

use auth::RequestFactorResetError;
use hypermedia::{
    answer::{Answer, View},
    error::Error,
    extract::{FormState, LocalPath},
    page_context::PageContext,
    ui::{ActionForm, Card, Indexing, Message, ids},
};
use maud::{Markup, Render, html};
use poem::handler;

use super::earliest;
use crate::{features::second_step, texts::Texts};

/// The page that explains the wait and has the button.
#[handler]
pub(crate) fn new(context: &PageContext) -> Answer {
    match context.pending_log_in {
        Some(_) => Answer::page(page(context, &FormState::default())),
        None => Answer::redirect(LocalPath::of(second_step::PATH)),
    }
}

#[handler]
pub(crate) async fn create(context: &PageContext) -> Result<Answer, Error> {
    let texts = Texts::of(context.language());
    let to_second_step = || Ok(Answer::redirect(LocalPath::of(second_step::PATH)));
    let Some(cookie) = context.pending_log_in.as_deref() else { return to_second_step() };
    let sessions = context.accounts().sessions();
    match sessions.request_factor_reset(cookie, &context.client()).await {
        Ok(email) => Ok(Answer::page(sent(context, &(texts.factor_reset.sent)(email.as_str())))),
        Err(RequestFactorResetError::NoPendingLogIn) => to_second_step(),
        Err(RequestFactorResetError::Throttled { retry_after }) => {
            let state = FormState::default().refused(texts.forms.throttled);
            Ok(Answer::throttled(page(context, &state), retry_after))
        }
        Err(RequestFactorResetError::Fault(fault)) => Err(fault.into()),
    }
}

pub(crate) fn page(context: &PageContext, state: &FormState) -> View {
    let texts = Texts::of(context.language());
    let words = &texts.factor_reset;
    let form = ActionForm {
        error: state.error.as_ref().map(Message::text),
        ..ActionForm::new(
            ids::FACTOR_RESET_REQUEST_FORM,
            second_step::LOST_PATH,
            context.csrf.token(),
            words.request_submit,
        )
    }
    .render();
    let foot = html! { p { a href=(second_step::PATH) { (words.back) } } };
    let body = html! {
        p.lead { (Message::about(earliest(context), words.request_lead)) }
        (form)
    };
    let card = Card { title: words.request_title, lead: None, body, foot: Some(foot) };
    view(words.request_title, Some(form), card.render())
}

fn sent(context: &PageContext, lead: &str) -> View {
    let words = &Texts::of(context.language()).factor_reset;
    let body = html! { p { (words.sent_next) } };
    let foot = html! { p { a href=(second_step::PATH) { (words.back) } } };
    let card = Card { title: words.sent_title, lead: Some(lead), body, foot: Some(foot) };
    view(words.sent_title, None, card.render())
}

fn view(title: &'static str, form: Option<Markup>, main: Markup) -> View {
    View { title, indexing: Indexing::Unlisted, form, main }
}
