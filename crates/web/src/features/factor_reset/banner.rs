//! The banner of an account that is about to lose its second factors: on every page of every
//! session, with the button that stops it.

use hypermedia::{
    page_context::PageContext,
    ui::{ActionForm, Icon, Message, Moment, ids},
};
use maud::{Markup, html};

use super::keep;
use crate::texts::Texts;

pub(crate) fn banner(context: &PageContext) -> Option<Markup> {
    let at = context.principal.as_deref()?.factor_reset_at?;
    let texts = Texts::of(context.language());
    let words = &texts.factor_reset;
    let form = ActionForm::new(
        ids::STOP_FACTOR_RESET_FORM,
        keep::PATH,
        context.csrf.token(),
        words.keep_submit,
    );
    Some(html! {
        aside.notice aria-label=(words.banner_title) {
            (Icon::Alert)
            div {
                p { (Message::about(Moment { texts, at }, words.banner)) }
                (form)
            }
        }
    })
}
