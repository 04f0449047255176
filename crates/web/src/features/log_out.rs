//! Logging out: the session ends on the server, not only in the browser.

use poem::handler;

use crate::{
    answer::Answer,
    error::Error,
    extract::{Authenticated, LocalPath, Submission},
    flash::Flash,
    page_context::PageContext,
    ui::FieldName,
};

#[handler]
pub(crate) async fn destroy(
    context: &PageContext,
    principal: &Authenticated,
    submission: &Submission,
) -> Result<Answer, Error> {
    context.accounts().log_out(principal, &context.client()).await?;
    let next = submission.value(FieldName::Next).ok();
    let next = next.and_then(|next| context.site.pages.find(next));
    let next = next.unwrap_or_else(|| LocalPath::of("/"));
    Ok(Answer::redirect(next).end_session().with_flash(Flash::LoggedOut))
}
