//! Stops a reset of lost factors: by the link of a mail, or by the button of the banner.

use hypermedia::{
    answer::{Answer, View},
    error::Error,
    extract::{Authenticated, FormState, LocalPath},
    flash::Flash,
    page_context::PageContext,
    ui::ids,
};
use poem::{handler, web::Path};

use super::gone;
use crate::{
    features::link_page::{LinkPage, token},
    paths,
    texts::Texts,
};

/// Where the button of the banner leads.
pub(crate) const PATH: &str = "/settings/factors/keep";

#[handler]
pub(crate) async fn new(context: &PageContext, Path(link): Path<String>) -> Result<Answer, Error> {
    let sessions = context.accounts().sessions();
    let check = async { sessions.check_keep_factors_link(&token(&link)?).await };
    link_page(context).show(context, check.await)
}

#[handler]
pub(crate) async fn create(
    context: &PageContext,
    Path(link): Path<String>,
) -> Result<Answer, Error> {
    let (sessions, client) = (context.accounts().sessions(), context.client());
    let keep = async {
        let email = sessions.keep_factors_by_link(&token(&link)?, &client).await?;
        let flash = kept(context).with_email(email);
        Ok(Answer::redirect(LocalPath::of(paths::FORGOT_PASSWORD)).with_flash(flash))
    };
    link_page(context).follow(context, keep.await)
}

/// The button of the banner.
#[handler]
pub(crate) async fn update(
    context: &PageContext,
    principal: &Authenticated,
) -> Result<Answer, Error> {
    context.accounts().account().keep_factors(principal, &context.client()).await?;
    Ok(Answer::redirect(LocalPath::of(paths::FACTORS)).with_flash(kept(context)))
}

/// The page without the address, for a form that came without a valid token.
pub(crate) fn page(context: &PageContext, state: &FormState) -> View {
    link_page(context).view(context, None, state)
}

fn kept(context: &PageContext) -> Flash {
    Flash::new(Texts::of(context.language()).factor_reset.kept)
}

fn link_page(context: &PageContext) -> LinkPage {
    let words = &Texts::of(context.language()).factor_reset;
    LinkPage {
        id: ids::KEEP_FACTORS_FORM,
        title: words.keep_title,
        lead: words.keep_lead.into(),
        submit: words.keep_submit,
        gone,
    }
}
