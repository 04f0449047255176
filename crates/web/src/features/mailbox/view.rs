//! The page that waits for a mail.

use auth::{MailProgress, WaitingMailbox};
use hypermedia::{
    answer::View,
    extract::FormState,
    page_context::PageContext,
    ui::{ActionForm, Card, Field, FieldKind, Form, Indexing, Message, Weight, ids},
};
use maud::{Markup, Render, html};

use crate::{fields, paths, texts::Texts};

/// The form that was refused, as it is shown again.
#[derive(Clone, Copy)]
pub(super) enum Refused<'a> {
    Code(&'a FormState),
    Resend(&'a FormState),
    Email(&'a FormState),
}

pub(super) fn page(
    context: &PageContext,
    waiting: &WaitingMailbox,
    refused: Option<Refused<'_>>,
) -> View {
    let texts = Texts::of(context.language());
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
    // The focus stays in the form that was sent.
    let focuses_code = at.is_none_or(|(at, _)| at == 0);
    let forms = [
        code_form(context, code, focuses_code),
        resend_form(context, resend),
        email_form(context, email),
    ];
    let form = at.and_then(|(at, _)| forms.get(at).cloned());
    let [code, resend, email] = forms;
    let body = html! {
        (state(texts, waiting.mail))
        (code)
        (resend)
        (email)
    };
    let lead = (texts.proof.mailbox_lead)(waiting.email.as_str());
    let foot = html! { p { a href=(paths::LOG_IN) { (texts.pages.back_to_log_in) } } };
    let card = Card { title: texts.proof.mailbox, lead: Some(&lead), body, foot: Some(foot) };
    View { title: texts.proof.mailbox, indexing: Indexing::Unlisted, form, main: card.render() }
}

/// The form alone, for a user who waits for no mail yet.
pub(super) fn resend_page(context: &PageContext, state: &FormState) -> View {
    let texts = Texts::of(context.language());
    let form = resend_form(context, state);
    let card = Card {
        title: texts.proof.confirm_address,
        lead: Some(texts.proof.unconfirmed),
        body: form.clone(),
        foot: None,
    };
    View {
        title: texts.proof.confirm_address,
        indexing: Indexing::Unlisted,
        form: Some(form),
        main: card.render(),
    }
}

/// Asks again every few seconds: where the mail is, and whether its link was followed elsewhere.
pub(super) fn state(texts: &Texts, mail: MailProgress) -> Markup {
    let text = (texts.proof.mail_progress)(mail);
    let trigger = if mail.is_final() { "every 4s" } else { "every 2s" };
    html! {
        p.hint id=(ids::MAIL_STATE) role="status" hx-get=(paths::MAILBOX_STATE) hx-trigger=(trigger)
            hx-target="this" hx-swap="outerMorph" { (text) }
    }
}

fn code_form(context: &PageContext, state: &FormState, autofocus: bool) -> Markup {
    let texts = Texts::of(context.language());
    Form {
        texts,
        id: ids::CODE_FORM,
        action: paths::MAILBOX_CODE,
        csrf_token: context.csrf.token(),
        hidden: Vec::new(),
        error: state.error.clone(),
        fields: vec![Field {
            error: state.error_of(fields::CODE),
            hint: Some(texts.forms.code_hint.into()),
            autofocus,
            ..Field::new(texts, fields::CODE, texts.forms.code, FieldKind::Code)
        }],
        submit: texts.sign_up.go_on,
    }
    .render()
}

fn resend_form(context: &PageContext, state: &FormState) -> Markup {
    let texts = Texts::of(context.language());
    ActionForm {
        error: state.error.as_ref().map(Message::text),
        weight: Weight::Quiet,
        ..ActionForm::new(
            ids::RESEND_PROOF_FORM,
            paths::MAILBOX_RESEND,
            context.csrf.token(),
            texts.proof.another_mail,
        )
    }
    .render()
}

fn email_form(context: &PageContext, state: &FormState) -> Markup {
    let texts = Texts::of(context.language());
    let email = FieldKind::Email(state.value(fields::EMAIL));
    let form = Form {
        texts,
        id: ids::CORRECT_EMAIL_FORM,
        action: paths::MAILBOX_EMAIL,
        csrf_token: context.csrf.token(),
        hidden: Vec::new(),
        error: state.error.clone(),
        fields: vec![Field {
            error: state.error_of(fields::EMAIL),
            hint: Some(texts.forms.correct_email_hint.into()),
            autocomplete: Some("email"),
            ..Field::new(texts, fields::EMAIL, texts.forms.correct_email, email)
        }],
        submit: texts.proof.correct_email_submit,
    };
    form.render()
}
