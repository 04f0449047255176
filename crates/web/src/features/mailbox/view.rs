//! The page of somebody who waits for a mail.

use auth::{MailProgress, WaitingMailbox};
use maud::{Markup, Render, html};

use crate::{
    answer::View,
    extract::FormState,
    ui::{
        ActionForm, Card, Discretion, Field, FieldKind, FieldName, Form, Message, Weight, ids,
        texts,
    },
    visit::Visit,
};

/// The form that was refused, as it is shown again.
#[derive(Clone, Copy)]
pub(super) enum Refused<'a> {
    Code(&'a FormState),
    Resend(&'a FormState),
    Email(&'a FormState),
}

pub(super) fn page(visit: &Visit, waiting: &WaitingMailbox, refused: Option<Refused<'_>>) -> View {
    let empty = FormState::default();
    let mut states = [&empty; 3];
    let at = match refused {
        Some(Refused::Code(state)) => Some((0, state)),
        Some(Refused::Resend(state)) => Some((1, state)),
        Some(Refused::Email(state)) => Some((2, state)),
        None => None,
    };
    if let Some((at, state)) = at
        && let Some(place) = states.get_mut(at)
    {
        *place = state;
    }
    let [code, resend, email] = states;
    let forms = [code_form(visit, code), resend_form(visit, resend), email_form(visit, email)];
    let form = at.and_then(|(at, _)| forms.get(at).cloned());
    let [code, resend, email] = forms;
    let body = html! {
        (state(waiting.mail))
        (code)
        (resend)
        (email)
    };
    let lead = texts::mailbox_lead(waiting.email.as_str());
    let foot = html! { p { a href="/login" { (texts::BACK_TO_LOG_IN) } } };
    let card = Card { title: texts::MAILBOX, lead: Some(&lead), body, foot: Some(foot) };
    View { title: texts::MAILBOX, discretion: Discretion::Unlisted, form, main: card.render() }
}

/// The form alone, for somebody who is logged in and waits for nothing yet.
pub(super) fn resend_page(visit: &Visit, state: &FormState) -> View {
    let form = resend_form(visit, state);
    let card = Card {
        title: texts::CONFIRM_ADDRESS,
        lead: Some(texts::UNCONFIRMED),
        body: form.clone(),
        foot: None,
    };
    View {
        title: texts::CONFIRM_ADDRESS,
        discretion: Discretion::Unlisted,
        form: Some(form),
        main: card.render(),
    }
}

/// Asks again every two seconds while there is something to learn.
pub(super) fn state(mail: MailProgress) -> Markup {
    let text = texts::mail_progress(mail);
    html! {
        @if mail.is_final() {
            p.hint id=(ids::MAIL_STATE) role="status" { (text) }
        } @else {
            p.hint id=(ids::MAIL_STATE) role="status" hx-get="/mailbox/state" hx-trigger="every 2s"
                hx-target="this" hx-swap="outerMorph" { (text) }
        }
    }
}

fn code_form(visit: &Visit, state: &FormState) -> Markup {
    Form {
        id: ids::CODE_FORM,
        action: "/mailbox/code",
        csrf_token: visit.csrf.token(),
        hidden: Vec::new(),
        error: state.error.clone(),
        fields: vec![Field {
            error: state.error_of(FieldName::Code),
            hint: Some(texts::CODE_HINT.into()),
            autofocus: true,
            ..Field::new(FieldName::Code, texts::CODE, FieldKind::Code)
        }],
        submit: texts::CONFIRM_HERE,
    }
    .render()
}

fn resend_form(visit: &Visit, state: &FormState) -> Markup {
    ActionForm {
        id: ids::RESEND_PROOF_FORM,
        action: "/mailbox/resend",
        csrf_token: visit.csrf.token(),
        hidden: Vec::new(),
        error: state.error.as_ref().map(Message::text),
        label: texts::RESEND_PROOF,
        spoken: None,
        weight: Weight::Quiet,
    }
    .render()
}

fn email_form(visit: &Visit, state: &FormState) -> Markup {
    let email = FieldKind::Email(state.value(FieldName::Email));
    let form = Form {
        id: ids::CORRECT_EMAIL_FORM,
        action: "/mailbox/email",
        csrf_token: visit.csrf.token(),
        hidden: Vec::new(),
        error: state.error.clone(),
        fields: vec![Field {
            error: state.error_of(FieldName::Email),
            hint: Some(texts::CORRECT_EMAIL_HINT.into()),
            ..Field::new(FieldName::Email, texts::CORRECT_EMAIL, email)
        }],
        submit: texts::CORRECT_EMAIL_SUBMIT,
    };
    form.render()
}
