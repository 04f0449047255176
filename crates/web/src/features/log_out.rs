//! Logging out: the session ends on the server, not only in the browser.

use poem::handler;

use crate::{
    answer::Answer,
    error::Error,
    extract::{Authenticated, LocalPath},
    flash::Flash,
    visit::Visit,
};

#[handler]
pub(crate) async fn destroy(visit: &Visit, principal: &Authenticated) -> Result<Answer, Error> {
    visit.accounts().log_out(principal, &visit.client()).await?;
    Ok(Answer::redirect(LocalPath::of("/")).end_session().with_flash(Flash::LoggedOut))
}
