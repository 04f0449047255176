//! The mailed link that begins the wait.

use hypermedia::{
    answer::{Answer, View},
    error::Error,
    extract::{FormState, LocalPath},
    flash::Flash,
    page_context::PageContext,
    ui::{Message, Moment, ids},
};
use poem::{handler, web::Path};

use super::{earliest, gone};
use crate::{
    features::link_page::{LinkPage, token},
    paths,
    texts::Texts,
};

#[handler]
pub(crate) async fn new(context: &PageContext, Path(link): Path<String>) -> Result<Answer, Error> {
    let sessions = context.accounts().sessions();
    let check = async { sessions.check_factor_reset_link(&token(&link)?).await };
    link_page(context).show(context, check.await)
}

#[handler]
pub(crate) async fn create(
    context: &PageContext,
    Path(link): Path<String>,
) -> Result<Answer, Error> {
    let (sessions, client) = (context.accounts().sessions(), context.client());
    let begin = async {
        let begun = sessions.begin_factor_reset(&token(&link)?, &client).await?;
        let texts = Texts::of(context.language());
        let moment = Moment { texts, at: begun.at };
        let flash = Flash::about(moment, texts.factor_reset.begun).with_email(begun.email);
        Ok(Answer::redirect(LocalPath::of(paths::LOG_IN)).with_flash(flash))
    };
    link_page(context).follow(context, begin.await)
}

/// The page without the address, for a form that came without a valid token.
pub(crate) fn page(context: &PageContext, state: &FormState) -> View {
    link_page(context).view(context, None, state)
}

fn link_page(context: &PageContext) -> LinkPage {
    let words = &Texts::of(context.language()).factor_reset;
    LinkPage {
        id: ids::FACTOR_RESET_FORM,
        title: words.begin_title,
        lead: Message::about(earliest(context), words.begin_lead),
        submit: words.begin_submit,
        gone,
    }
}
