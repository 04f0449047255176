//! The home page. A visitor reads what the product does and sees a page of it; a user is greeted and
//! led on.

use domain::Principal;
use hypermedia::{
    answer::{Answer, View},
    page_context::PageContext,
    ui::Indexing,
};
use maud::{Markup, html};
use poem::handler;

use crate::{
    brand::{SESSIONS, SESSIONS_DARK},
    texts::{Home, Texts},
};

#[handler]
pub(crate) fn index(context: &PageContext) -> Answer {
    let texts = &Texts::of(context.language()).home;
    let main = match context.principal.as_deref() {
        Some(principal) => welcome(context, texts, principal),
        None => introduction(context, texts),
    };
    Answer::page(View { title: texts.title, indexing: Indexing::Public, form: None, main })
}

fn welcome(context: &PageContext, texts: &Home, principal: &Principal) -> Markup {
    html! {
        section.hero {
            div {
                h1 { ((texts.welcome)(principal.name.as_str())) }
                p.lead { (texts.welcome_lead) }
                div.actions {
                    a.button href=(context.account_pages().landing) { (texts.to_account) }
                    a.button.quiet href="/settings/sessions" { (texts.to_sessions) }
                }
            }
        }
    }
}

fn introduction(context: &PageContext, texts: &Home) -> Markup {
    html! {
        section.hero {
            div {
                h1 { (texts.heading) }
                p.lead { (texts.lead) }
                div.actions {
                    @if context.offers_sign_up() {
                        a.button href="/signup" { (texts.sign_up) }
                    }
                    a.button.quiet href="/login" { (texts.log_in) }
                }
            }
            (picture(context, texts))
        }
        section.benefits {
            @for (title, text) in texts.benefits {
                div { h2 { (title) } p { (text) } }
            }
        }
    }
}

/// The list of sessions, as `the_tour_takes_its_pictures` has photographed it.
fn picture(context: &PageContext, texts: &Home) -> Markup {
    let look = &context.request_context.look;
    html! {
        @if let Some(light) = look.picture_url(SESSIONS) {
            picture {
                @if let Some(dark) = look.picture_url(SESSIONS_DARK) {
                    source srcset=(dark) media="(prefers-color-scheme: dark)";
                }
                img src=(light) alt=(texts.picture) width="1120" height="800";
            }
        }
    }
}
