//! What a person's account looks like to themselves.

use domain::Principal;
use maud::{Markup, html};
use poem::handler;

use crate::{
    answer::{Answer, View},
    extract::Authenticated,
    ui::{Discretion, texts},
};

#[handler]
pub(crate) fn show(principal: &Authenticated) -> Answer {
    Answer::page(View {
        title: texts::PROFILE_TITLE,
        discretion: Discretion::Unlisted,
        form: None,
        main: view(principal),
    })
}

fn view(principal: &Principal) -> Markup {
    html! {
        section.card {
            h1 { (texts::hello(principal.name.as_str())) }
            p.lead { (texts::PROFILE_LEAD) }
            dl {
                div { dt { (texts::EMAIL) } dd { (principal.email) } }
                div { dt { (texts::ROLE) } dd { (texts::role(principal.role)) } }
            }
            div.foot { p { a href="/settings/profile" { (texts::TO_SETTINGS) } } }
        }
    }
}
