//! The page that takes a new address, with the change that waits for its link.

use auth::PendingEmailChange;
use hypermedia::{
    answer::View,
    extract::FormState,
    page_context::PageContext,
    ui::{Card, Field, FieldKind, Form, Indexing, ids},
};
use maud::{Markup, Render, html};

use super::notice::{notice, resend_form};
use crate::{features::settings::Section, fields, texts::Texts};

/// The page without the change that is pending, for a form that came without a valid token.
pub(crate) fn page(context: &PageContext, state: &FormState) -> View {
    page_of(context, None, state)
}

pub(super) fn page_of(
    context: &PageContext,
    pending: Option<&PendingEmailChange>,
    state: &FormState,
) -> View {
    let form = form(context, state);
    let notice = pending.map(|pending| notice(context, pending, &resend_form(context, None)));
    view(context, notice.as_ref(), &form, form.clone())
}

/// The page with the reason why there is no other mail.
pub(super) fn with_refused_mail(
    context: &PageContext,
    pending: &PendingEmailChange,
    state: &FormState,
) -> View {
    let resend = resend_form(context, Some(state));
    let notice = notice(context, pending, &resend);
    view(context, Some(&notice), &form(context, &FormState::default()), resend)
}

/// `part` is the form that comes back alone.
fn view(context: &PageContext, notice: Option<&Markup>, form: &Markup, part: Markup) -> View {
    let texts = Texts::of(context.language());
    let title = texts.pages.change_email;
    let email = context.principal.as_ref().map(|principal| principal.email.to_string());
    let lead = (texts.pages.change_email_lead)(&email.unwrap_or_default());
    let body = html! {
        @if let Some(notice) = notice { (notice) }
        (form)
    };
    let card = Card { title, lead: Some(&lead), body, foot: None };
    let main = Section::Email.page(context, &card.render());
    View { title, indexing: Indexing::Unlisted, form: Some(part), main }
}

fn form(context: &PageContext, state: &FormState) -> Markup {
    let texts = Texts::of(context.language());
    Form {
        texts,
        id: ids::EMAIL_FORM,
        action: Section::Email.path(),
        csrf_token: context.csrf.token(),
        hidden: Vec::new(),
        error: state.error.clone(),
        fields: vec![Field {
            error: state.error_of(fields::EMAIL),
            autofocus: true,
            autocomplete: Some("email"),
            ..Field::new(
                texts,
                fields::EMAIL,
                texts.forms.new_email,
                FieldKind::Email(state.value(fields::EMAIL)),
            )
        }],
        submit: texts.pages.send_link,
    }
    .render()
}
