//! The banner that asks a user to confirm the email address, on every page but those that are
//! about the confirmation.

use hypermedia::{
    page_context::PageContext,
    ui::{ActionForm, Icon, Weight, ids},
};
use maud::{Markup, html};

use crate::texts::Texts;

/// The paths of the pages about the confirmation.
const OWN_PAGES: [&str; 2] = ["/mailbox", "/confirm-address/"];

pub(crate) fn banner(context: &PageContext) -> Option<Markup> {
    let is_confirmed = context.principal.as_ref().is_none_or(|principal| principal.is_confirmed);
    let is_own_page = OWN_PAGES.iter().any(|path| context.path.starts_with(path));
    (!is_confirmed && !is_own_page).then(|| view(context))
}

fn view(context: &PageContext) -> Markup {
    let texts = &Texts::of(context.language()).proof;
    let form = ActionForm {
        id: ids::UNCONFIRMED_FORM,
        action: "/mailbox/resend",
        csrf_token: context.csrf.token(),
        hidden: Vec::new(),
        choice: None,
        error: None,
        label: texts.send_mail,
        spoken: None,
        weight: Weight::Quiet,
    };
    // This browser may have been sent a code.
    let may_have_code = context.proof.is_some();
    html! {
        aside.notice aria-label=(texts.confirm_address) {
            (Icon::Alert)
            div {
                p {
                    (texts.unconfirmed)
                    @if may_have_code { " " a href="/mailbox" { (texts.enter_code) } }
                }
                (form)
            }
        }
    }
}
