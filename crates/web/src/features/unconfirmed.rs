//! The banner that asks a user to confirm the email address, on every page but those that are
//! about the confirmation.

use domain::Principal;
use hypermedia::{
    page_context::PageContext,
    ui::{ActionForm, Day, Icon, Weight, ids},
};
use maud::{Markup, html};

use crate::{paths, texts::Texts};

pub(super) fn banner(context: &PageContext) -> Option<Markup> {
    let is_confirmed = context.principal.as_ref().is_none_or(|principal| principal.is_confirmed);
    let own_pages = [paths::MAILBOX, paths::CONFIRM_ADDRESS].map(paths::beginning);
    let is_own_page = own_pages.iter().any(|path| context.path.starts_with(path));
    let principal = context.principal.as_deref().filter(|_| !is_confirmed && !is_own_page);
    principal.map(|principal| view(context, principal))
}

fn view(context: &PageContext, principal: &Principal) -> Markup {
    let all_texts = Texts::of(context.language());
    let texts = &all_texts.proof;
    let removed_at =
        principal.joined_at + context.accounts().settings().accounts.unconfirmed_lifetime;
    let form = ActionForm {
        weight: Weight::Quiet,
        ..ActionForm::new(
            ids::UNCONFIRMED_FORM,
            paths::MAILBOX_RESEND,
            context.csrf.token(),
            texts.send_mail,
        )
    };
    // This browser may have been sent a code.
    let may_have_code = context.proof.is_some();
    html! {
        aside.notice.line aria-label=(texts.confirm_address) {
            (Icon::Alert)
            div {
                p {
                    (texts.unconfirmed) " " (Day { texts: all_texts, at: removed_at }) "."
                    @if may_have_code { " " a href=(paths::MAILBOX) { (texts.enter_code) } }
                }
                (form)
            }
        }
    }
}
