//! "This wasn't me": the link in a notice. Its page changes nothing, because mail scanners follow
//! links. Its form logs every session out and mails the owner a link to a new password. It logs no
//! one in.

use auth::CompromiseReportError;
use domain::{EmailAddress, Token};
use hypermedia::{
    answer::{Answer, View},
    error::Error,
    extract::{FormState, LocalPath},
    flash::Flash,
    page_context::PageContext,
    ui::{ActionForm, Card, Indexing, Weight, ids},
};
use maud::{Render, html};
use poem::{handler, web::Path};

use crate::{
    features::{link_subject, reset_password::gone},
    texts::Texts,
};

#[handler]
pub(crate) async fn new(context: &PageContext, Path(link): Path<String>) -> Result<Answer, Error> {
    let Ok(link) = link.parse::<Token>() else { return Ok(gone(context)) };
    match context.accounts().credentials().check_compromise_link(&link).await {
        Ok(email) => Ok(Answer::page(page_of(context, Some(&email), &FormState::default()))),
        Err(CompromiseReportError::InvalidLink) => Ok(gone(context)),
        Err(CompromiseReportError::Fault(fault)) => Err(fault.into()),
    }
}

#[handler]
pub(crate) async fn create(
    context: &PageContext,
    Path(link): Path<String>,
) -> Result<Answer, Error> {
    let Ok(link) = link.parse::<Token>() else { return Ok(gone(context)) };
    match context.accounts().credentials().report_compromise(&link, &context.client()).await {
        Ok(()) => {
            let answer = Answer::redirect(LocalPath::of("/login"))
                .with_flash(Flash::new(Texts::of(context.language()).flashes.taken_back));
            // The browser starts afresh, with any user logged in here.
            Ok(match &context.principal {
                Some(principal) => {
                    context.accounts().sessions().log_out(principal, &context.client()).await?;
                    answer.end_session()
                }
                None => answer,
            })
        }
        Err(CompromiseReportError::InvalidLink) => Ok(gone(context)),
        Err(CompromiseReportError::Fault(fault)) => Err(fault.into()),
    }
}

/// The page without the address, for a form that came without a valid token.
pub(crate) fn page(context: &PageContext, state: &FormState) -> View {
    page_of(context, None, state)
}

fn page_of(context: &PageContext, email: Option<&EmailAddress>, state: &FormState) -> View {
    let texts = Texts::of(context.language());
    let form = ActionForm {
        id: ids::COMPROMISE_REPORT_FORM,
        action: &context.path,
        csrf_token: context.csrf.token(),
        hidden: Vec::new(),
        choice: None,
        error: state.error.as_ref().map(hypermedia::ui::Message::text),
        label: texts.settings.compromise_report_confirm,
        spoken: None,
        weight: Weight::Strong,
    }
    .render();
    let card = Card {
        title: texts.settings.compromise_report,
        lead: Some(texts.settings.compromise_report_lead),
        body: html! {
            @if let Some(email) = email { (link_subject::account(texts, email)) }
            (form)
        },
        foot: None,
    };
    View {
        title: texts.settings.compromise_report,
        indexing: Indexing::Secret,
        form: Some(form),
        main: card.render(),
    }
}
