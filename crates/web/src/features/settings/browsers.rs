//! The remembered browsers, in which a log-in asks for no second factor, and forgetting them.

use auth::ListedBrowser;
use domain::Principal;
use hypermedia::{
    answer::Answer,
    error::Error,
    extract::{Authenticated, LocalPath},
    flash::Flash,
    page_context::PageContext,
    ui::{ActionForm, Moment, Table, Weight},
};
use maud::{Markup, Render, html};
use poem::{handler, web::Path};

use super::Section;
use crate::texts::Texts;

/// A browser that is forgotten already is no error: it is what the visitor wants.
#[handler]
pub(crate) async fn destroy(
    context: &PageContext,
    principal: &Authenticated,
    Path(name): Path<String>,
) -> Result<Answer, Error> {
    let sessions = context.accounts().sessions();
    sessions.forget_browser(principal, &name, &context.client()).await?;
    let flash = Flash::new(Texts::of(context.language()).factors.forgotten);
    Ok(Answer::redirect(LocalPath::of(Section::Sessions.path())).with_flash(flash))
}

/// The list, for the page of the sessions; nothing where there are none.
pub(super) async fn section(context: &PageContext, principal: &Principal) -> Result<Markup, Error> {
    if principal.second_factor_since.is_none() {
        return Ok(Markup::default());
    }
    let browsers = context.accounts().sessions().list_remembered_browsers(principal).await?;
    if browsers.is_empty() {
        return Ok(Markup::default());
    }
    let words = &Texts::of(context.language()).factors;
    let rows = browsers.iter().map(|browser| row(context, browser)).collect();
    let table = Table { caption: words.browsers, columns: &words.browser_columns, rows };
    Ok(html! {
        h2 { (words.browsers) }
        p.lead { (words.browsers_lead) }
        div.panel { (table) }
    })
}

fn row(context: &PageContext, browser: &ListedBrowser) -> Vec<Markup> {
    let texts = Texts::of(context.language());
    let device = (texts.settings.device)(browser.device);
    let since = Moment { texts, at: browser.created_at };
    let label = texts.factors.forget;
    let spoken = format!("{label}: {device}, {}, {}", browser.ip_address, since.text());
    let forget = ActionForm {
        spoken: Some(&spoken),
        weight: Weight::Quiet,
        ..ActionForm::new(
            &format!("forget-browser-form-{}", browser.name),
            &format!("/settings/browsers/{}/forget", browser.name),
            context.csrf.token(),
            label,
        )
    }
    .render();
    vec![
        html! { (device) },
        html! { (browser.ip_address) },
        since.render(),
        Moment { texts, at: browser.expires_at }.render(),
        forget,
    ]
}
