//! "This wasn't me": the link in a notice. Its page changes nothing. Its form logs every session out
//! and mails the owner a link to a new password. It logs no one in.

use hypermedia::{
    answer::{Answer, View},
    error::Error,
    extract::{FormState, LocalPath},
    flash::Flash,
    page_context::PageContext,
    ui::ids,
};
use poem::{handler, web::Path};

use crate::{
    features::{
        link_page::{LinkPage, token},
        reset_password::gone,
    },
    paths,
    texts::Texts,
};

#[handler]
pub(crate) async fn new(context: &PageContext, Path(link): Path<String>) -> Result<Answer, Error> {
    let credentials = context.accounts().credentials();
    let check = async { credentials.check_compromise_link(&token(&link)?).await };
    link_page(context).show(context, check.await)
}

#[handler]
pub(crate) async fn create(
    context: &PageContext,
    Path(link): Path<String>,
) -> Result<Answer, Error> {
    let (accounts, client) = (context.accounts(), context.client());
    let report = async {
        accounts.credentials().report_compromise(&token(&link)?, &client).await?;
        let flash = Flash::new(Texts::of(context.language()).flashes.taken_back);
        let answer = Answer::redirect(LocalPath::of(paths::LOG_IN)).with_flash(flash);
        // The browser starts afresh, with any user logged in here.
        let Some(principal) = &context.principal else { return Ok(answer) };
        accounts.sessions().log_out(principal, &client).await?;
        Ok(answer.end_session())
    };
    link_page(context).follow(context, report.await)
}

/// The page without the address, for a form that came without a valid token.
pub(crate) fn page(context: &PageContext, state: &FormState) -> View {
    link_page(context).view(context, None, state)
}

fn link_page(context: &PageContext) -> LinkPage {
    let words = &Texts::of(context.language()).settings;
    LinkPage {
        id: ids::COMPROMISE_REPORT_FORM,
        title: words.compromise_report,
        lead: words.compromise_report_lead.into(),
        submit: words.compromise_report_confirm,
        gone,
    }
}
