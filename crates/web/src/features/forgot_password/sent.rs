//! The page that waits for the mail: which address it goes to, how to send it again, and another
//! address. It is the same for every address, so it does not say where the mail is: the mail of an
//! owner is sent before those of strangers (docs/decisions/0052).

use auth::RESEND_PAUSE;
use hypermedia::{
    answer::{Answer, View},
    error::Error,
    extract::{FormState, LocalPath},
    flash::Flash,
    page_context::PageContext,
    reset_request::ResetRequest,
    ui::{ActionForm, Card, Indexing, Message, Weight, ids},
};
use maud::{Markup, Render, html};
use poem::handler;

use super::{ask, view};
use crate::{paths, texts::Texts};

/// The address of the page.
pub(crate) const PATH: &str = "/forgot-password/sent";
/// Where another mail is asked for.
pub(crate) const RESEND_PATH: &str = "/forgot-password/resend";

#[handler]
pub(crate) fn show(context: &PageContext) -> Answer {
    match &context.reset_request {
        Some(request) => Answer::page(page(context, request, None)),
        None => Answer::redirect(LocalPath::of(paths::FORGOT_PASSWORD)),
    }
}

/// Asks for another mail. A minute has to lie between two.
#[handler]
pub(crate) async fn update(context: &PageContext) -> Result<Answer, Error> {
    let texts = Texts::of(context.language());
    let Some(request) = &context.reset_request else {
        return Ok(Answer::redirect(LocalPath::of(paths::FORGOT_PASSWORD)));
    };
    let age = context.accounts().clock().now() - request.asked_at;
    if let Some(wait) = RESEND_PAUSE.checked_sub(age).filter(|wait| !wait.is_zero()) {
        let state = FormState::default().refused((texts.forms.resend_too_soon)(wait));
        return Ok(Answer::throttled(page(context, request, Some(&state)), wait));
    }
    let asked = ask(context, request.email.clone()).await?;
    Ok(asked.with_flash(Flash::new(texts.flashes.reset_resent)))
}

fn page(context: &PageContext, request: &ResetRequest, refused: Option<&FormState>) -> View {
    let texts = Texts::of(context.language());
    let resend = resend_form(context, refused);
    let body = html! {
        p.hint id=(ids::MAIL_STATE) role="status" { (texts.proof.sent_hint) }
        (resend)
        section aria-labelledby="wrong-address" {
            h2 #wrong-address { (texts.proof.wrong_address) }
            (view::other_address(context))
        }
    };
    let lead = (texts.pages.reset_sent_lead)(request.email.as_str());
    let foot = html! { p { a href=(paths::LOG_IN) { (texts.pages.back_to_log_in) } } };
    let card = Card { title: texts.proof.mailbox, lead: Some(&lead), body, foot: Some(foot) };
    View {
        title: texts.proof.mailbox,
        indexing: Indexing::Unlisted,
        form: refused.map(|_| resend),
        main: card.render(),
    }
}

fn resend_form(context: &PageContext, refused: Option<&FormState>) -> Markup {
    ActionForm {
        error: refused.and_then(|state| state.error.as_ref()).map(Message::text),
        weight: Weight::Quiet,
        ..ActionForm::new(
            ids::RESEND_RESET_FORM,
            RESEND_PATH,
            context.csrf.token(),
            Texts::of(context.language()).proof.another_mail,
        )
    }
    .render()
}
