//! The home page, the same for everybody but for where it leads next.

use maud::{Markup, html};
use poem::handler;

use crate::{
    answer::{Answer, View},
    ui::{Discretion, Icon, texts},
    visit::Visit,
};

#[handler]
pub(crate) fn index(visit: &Visit) -> Answer {
    Answer::page(View {
        title: texts::HOME_TITLE,
        discretion: Discretion::Public,
        form: None,
        main: view(visit),
    })
}

fn view(visit: &Visit) -> Markup {
    html! {
        section.hero {
            (Icon::Key)
            h1 { (texts::HOME_HEADING) }
            p.lead { (texts::HOME_LEAD) }
            div.actions {
                @if visit.principal.is_some() {
                    a.button href="/profile" { (texts::TO_PROFILE) }
                } @else {
                    a.button href="/signup" { (texts::SIGN_UP) }
                    a.button.quiet href="/login" { (texts::LOG_IN) }
                }
            }
        }
    }
}
