//! The home page, the same for everybody but for where it leads next.

use hypermedia::{
    answer::{Answer, View},
    page_context::PageContext,
    ui::{Icon, Indexing},
};
use maud::{Markup, html};
use poem::handler;

use crate::texts::Texts;

#[handler]
pub(crate) fn index(context: &PageContext) -> Answer {
    let texts = Texts::of(context.language());
    Answer::page(View {
        title: texts.pages.home_title,
        indexing: Indexing::Public,
        form: None,
        main: view(context),
    })
}

fn view(context: &PageContext) -> Markup {
    let texts = Texts::of(context.language());
    html! {
        section.hero {
            (Icon::Key)
            h1 { (texts.pages.home_heading) }
            p.lead { (texts.pages.home_lead) }
            div.actions {
                @if context.principal.is_some() {
                    a.button href=(context.account_pages().landing) { (texts.pages.to_profile) }
                } @else {
                    a.button href="/signup" { (texts.account.sign_up) }
                    a.button.quiet href="/login" { (texts.account.log_in) }
                }
            }
        }
    }
}
