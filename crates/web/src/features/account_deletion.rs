//! The only page of an account that waits to be deleted: take it back, or log out.

use auth::CancelDeletionError;
use domain::Timestamp;
use hypermedia::{
    answer::{Answer, View},
    error::Error,
    extract::{Authenticated, LocalPath},
    flash::Flash,
    page_context::PageContext,
    ui::{ActionForm, Card, Indexing, Moment, ids},
};
use maud::{Markup, Render, html};
use poem::handler;

use crate::{features::settings, texts::Texts};

/// The address of the page.
pub(crate) const PATH: &str = "/account-deletion";
/// Where the account is taken back.
pub(crate) const CANCEL_PATH: &str = "/account-deletion/cancel";

#[handler]
pub(crate) fn show(context: &PageContext, principal: &Authenticated) -> Answer {
    match principal.delete_after {
        Some(moment) => Answer::page(page(context, moment)),
        None => Answer::redirect(LocalPath::of(settings::data::PATH)),
    }
}

#[handler]
pub(crate) async fn destroy(
    context: &PageContext,
    principal: &Authenticated,
) -> Result<Answer, Error> {
    match context.accounts().account().cancel_deletion(principal, &context.client()).await {
        Ok(()) => Ok(Answer::redirect(context.landing())
            .with_flash(Flash::new(Texts::of(context.language()).flashes.deletion_cancelled))),
        Err(CancelDeletionError::SessionEnded) => Ok(Answer::log_in()),
        Err(CancelDeletionError::Fault(fault)) => Err(fault.into()),
    }
}

fn page(context: &PageContext, moment: Timestamp) -> View {
    let texts = Texts::of(context.language());
    let body = html! {
        dl { div { dt { (texts.data.deleted_after) } dd { (Moment { texts, at: moment }) } } }
        (form(context))
    };
    let title = texts.data.account_deletion;
    let lead = Some(texts.data.account_deletion_lead);
    let main = Card { title, lead, body, foot: None }.render();
    View { title, indexing: Indexing::Unlisted, form: None, main }
}

fn form(context: &PageContext) -> Markup {
    let texts = Texts::of(context.language());
    ActionForm::new(
        ids::KEEP_ACCOUNT_FORM,
        CANCEL_PATH,
        context.csrf.token(),
        texts.data.keep_account,
    )
    .render()
}
