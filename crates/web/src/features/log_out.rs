//! Logging out: the session ends on the server, not only in the browser.

use poem::handler;

use crate::{
    answer::Answer,
    error::Error,
    extract::{Authenticated, LocalPath, Submission},
    flash::Flash,
    ui::FieldName,
    visit::Visit,
};

#[handler]
pub(crate) async fn destroy(
    visit: &Visit,
    principal: &Authenticated,
    submission: &Submission,
) -> Result<Answer, Error> {
    visit.accounts().log_out(principal, &visit.client()).await?;
    let next = submission.value(FieldName::Next).ok();
    let next = next.and_then(|next| visit.site.pages.find(next));
    let next = next.unwrap_or_else(|| LocalPath::of("/"));
    Ok(Answer::redirect(next).end_session().with_flash(Flash::LoggedOut))
}
