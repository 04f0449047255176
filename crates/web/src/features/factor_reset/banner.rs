//! The banner of an account whose second factors are about to be removed: on every page of every
//! session, with the button that stops it.

use hypermedia::{
    page_context::PageContext,
    ui::{ActionForm, Icon, Moment, Weight, ids},
};
use maud::{Markup, html};

use super::keep;
use crate::texts::Texts;

pub(crate) fn banner(context: &PageContext) -> Option<Markup> {
    let at = context.principal.as_deref()?.factor_reset_at?;
    let texts = Texts::of(context.language());
    let words = &texts.factor_reset;
    let form = ActionForm {
        id: ids::STOP_FACTOR_RESET_FORM,
        action: keep::PATH,
        csrf_token: context.csrf.token(),
        hidden: Vec::new(),
        choice: None,
        error: None,
        label: words.keep_submit,
        spoken: None,
        weight: Weight::Strong,
    };
    Some(html! {
        aside.notice aria-label=(words.banner_title) {
            (Icon::Alert)
            div {
                p { (words.banner) " " (Moment { texts, at }) ". " (words.banner_next) }
                (form)
            }
        }
    })
}
