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
    let texts = &Texts::of(context.language()).home;
    Answer::page(View {
        title: texts.title,
        indexing: Indexing::Public,
        form: None,
        main: view(context),
    })
}

fn view(context: &PageContext) -> Markup {
    let texts = &Texts::of(context.language()).home;
    html! {
        section.hero {
            (Icon::Key)
            h1 { (texts.heading) }
            p.lead { (texts.lead) }
            div.actions {
                @if context.principal.is_some() {
                    a.button href=(context.account_pages().landing) { (texts.to_account) }
                } @else {
                    a.button href="/signup" { (texts.sign_up) }
                    a.button.quiet href="/login" { (texts.log_in) }
                }
            }
        }
    }
}
