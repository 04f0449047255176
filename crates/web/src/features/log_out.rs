//! Logging out: the session ends on the server, not only in the browser.

use hypermedia::{
    answer::Answer,
    error::Error,
    extract::{Authenticated, LocalPath, Submission},
    flash::Flash,
    page_context::PageContext,
    ui::{ActionForm, FieldName, Weight, ids},
};
use maud::{Markup, Render};
use poem::handler;

use crate::texts::Texts;

/// The path that ends the session.
pub(crate) const PATH: &str = "/logout";

/// The fields of the form.
pub(crate) const FIELDS: &[FieldName] = &[FieldName::NEXT];

#[handler]
pub(crate) async fn destroy(
    context: &PageContext,
    principal: &Authenticated,
    submission: &Submission,
) -> Result<Answer, Error> {
    context.accounts().sessions().log_out(principal, &context.client()).await?;
    let next = submission.value(FieldName::NEXT).ok();
    let next = next.and_then(|next| context.site.page_paths.find(next));
    let next = next.unwrap_or_else(|| LocalPath::of("/"));
    Ok(Answer::redirect(next)
        .end_session()
        .with_flash(Flash::new(Texts::of(context.language()).flashes.logged_out)))
}

/// The form that ends the session.
pub(crate) fn form(context: &PageContext) -> Markup {
    ActionForm {
        weight: Weight::Quiet,
        ..ActionForm::new(
            ids::LOGOUT_FORM,
            PATH,
            context.csrf.token(),
            Texts::of(context.language()).account.log_out,
        )
    }
    .render()
}
