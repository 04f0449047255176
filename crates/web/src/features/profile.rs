//! The profile: the account as its owner sees it.

use domain::Principal;
use hypermedia::{
    answer::{Answer, View},
    extract::Authenticated,
    page_context::PageContext,
    ui::Indexing,
};
use maud::{Markup, html};
use poem::handler;

use crate::texts::Texts;

#[handler]
pub(crate) fn show(context: &PageContext, principal: &Authenticated) -> Answer {
    let texts = Texts::of(context.language());
    Answer::page(View {
        title: texts.pages.profile_title,
        indexing: Indexing::Unlisted,
        form: None,
        main: view(texts, principal),
    })
}

fn view(texts: &Texts, principal: &Principal) -> Markup {
    html! {
        section.card {
            h1 { ((texts.pages.hello)(principal.name.as_str())) }
            p.lead { (texts.pages.profile_lead) }
            dl {
                div { dt { (texts.forms.email) } dd { (principal.email.as_str()) } }
                div {
                    dt { (texts.pages.role) }
                    dd { ((texts.pages.role_name)(principal.role)) }
                }
            }
            div.foot {
                p { a href="/settings/profile" { (texts.settings.from_profile) } }
            }
        }
    }
}
