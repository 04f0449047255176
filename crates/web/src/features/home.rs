//! The home page, the same for everybody but for where it leads next.

use maud::{Markup, html};
use poem::handler;

use crate::{
    answer::{Answer, View},
    ui::{Discretion, Icon},
    visit::Visit,
};

#[handler]
pub(crate) fn index(visit: &Visit) -> Answer {
    let texts = visit.texts();
    Answer::page(View {
        title: texts.pages.home_title,
        discretion: Discretion::Public,
        form: None,
        main: view(visit),
    })
}

fn view(visit: &Visit) -> Markup {
    let texts = visit.texts();
    html! {
        section.hero {
            (Icon::Key)
            h1 { (texts.pages.home_heading) }
            p.lead { (texts.pages.home_lead) }
            div.actions {
                @if visit.principal.is_some() {
                    a.button href="/profile" { (texts.pages.to_profile) }
                } @else {
                    a.button href="/signup" { (texts.frame.sign_up) }
                    a.button.quiet href="/login" { (texts.frame.log_in) }
                }
            }
        }
    }
}
