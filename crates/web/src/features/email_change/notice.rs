//! The notice of the change of address that waits for its link: which address it is, since when, and
//! the buttons that send the link again and cancel the change.

use auth::PendingEmailChange;
use hypermedia::{
    extract::FormState,
    page_context::PageContext,
    ui::{ActionForm, Message, Moment, Weight, ids},
};
use maud::{Markup, Render, html};

use crate::texts::Texts;

/// Where another mail is asked for.
pub(crate) const RESEND_PATH: &str = "/settings/email/resend";
/// Where the change is cancelled.
pub(crate) const CANCEL_PATH: &str = "/settings/email/cancel";

/// The notice above the form for a new address.
pub(super) fn notice(
    context: &PageContext,
    pending: &PendingEmailChange,
    resend: &Markup,
) -> Markup {
    let texts = Texts::of(context.language());
    html! {
        aside.notice aria-label=(texts.settings.pending_email) {
            div {
                p { ((texts.settings.pending_email_lead)(pending.email.as_str())) }
                p.hint {
                    (texts.settings.pending_email_sent) " "
                    (Moment { texts, at: pending.asked_at })
                }
                div.actions {
                    (resend)
                    (cancel_form(context))
                }
            }
        }
    }
}

/// The button that asks for another mail.
pub(super) fn resend_form(context: &PageContext, state: Option<&FormState>) -> Markup {
    let label = Texts::of(context.language()).proof.another_mail;
    let error = state.and_then(|state| state.error.as_ref()).map(Message::text);
    let form = button(context, ids::RESEND_EMAIL_FORM, RESEND_PATH, label);
    ActionForm { error, ..form }.render()
}

fn cancel_form(context: &PageContext) -> Markup {
    let label = Texts::of(context.language()).settings.cancel_email;
    button(context, ids::CANCEL_EMAIL_FORM, CANCEL_PATH, label).render()
}

fn button<'a>(
    context: &'a PageContext,
    id: &'static str,
    action: &'static str,
    label: &'static str,
) -> ActionForm<'a> {
    ActionForm { weight: Weight::Quiet, ..ActionForm::new(id, action, context.csrf.token(), label) }
}
