//! The form that invites an address.

use auth::Invite;
use domain::{AuditNote, Role};
use hypermedia::{
    error::Error,
    extract::{FormState, Submission},
    page_context::PageContext,
    ui::{Choice, Field, FieldKind, Form, Message, ids},
};
use maud::{Markup, Render};

use super::PATH;
use crate::{
    features::admin::{REASON, note, role_label},
    fields,
    texts::Texts,
};

/// Reads the form; the errors of all fields come at once. A role that the product does not have is
/// no answer that the form offers.
pub(super) fn parse(
    context: &PageContext,
    submission: &Submission,
) -> Result<Result<(Invite, AuditNote), FormState>, Error> {
    let texts = Texts::of(context.language());
    let roles = context.accounts().settings().roles;
    let role = roles.find(submission.value(fields::ROLE)?).map_err(|_| Error::BadRequest)?;
    let mut state = FormState::of(submission);
    let email = state.parse(texts, submission, fields::EMAIL, fields::email);
    let parse_note = |_: &Texts, text: &str| note(texts, text).map_err(Message::from);
    let note = state.parse(texts, submission, REASON, parse_note);
    Ok(email.zip(note).map(|(email, note)| (Invite { email, role }, note)).ok_or(state))
}

/// The form in this state.
pub(super) fn form(context: &PageContext, state: &FormState) -> Markup {
    let texts = Texts::of(context.language());
    let roles = context.accounts().settings().roles;
    let named = |role: Role| (role.to_string(), role_label(context, &role));
    let labels: Vec<_> = roles.all().map(named).collect();
    let choices: Vec<_> = labels.iter().map(|(value, label)| Choice { value, label }).collect();
    let least = Role::USER;
    let chosen = Some(state.value(fields::ROLE)).filter(|role| !role.is_empty());
    let chosen = chosen.unwrap_or(least.as_str());
    let role = FieldKind::Select { value: chosen, choices: &choices };
    let email = FieldKind::Email(state.value(fields::EMAIL));
    let reason =
        FieldKind::Text { value: state.value(REASON), max_length: Some(AuditNote::MAX_CHARS) };
    Form {
        texts,
        id: ids::INVITE_FORM,
        action: PATH,
        csrf_token: context.csrf.token(),
        hidden: Vec::new(),
        error: state.error.clone(),
        fields: vec![
            Field {
                error: state.error_of(fields::EMAIL),
                autocomplete: Some("off"),
                ..Field::new(texts, fields::EMAIL, texts.forms.email, email)
            },
            Field::new(texts, fields::ROLE, texts.pages.role, role),
            Field {
                error: state.error_of(REASON),
                hint: Some(texts.invitations.reason_hint.into()),
                optional: true,
                ..Field::new(texts, REASON, texts.admin.reason, reason)
            },
        ],
        submit: texts.invitations.invite,
    }
    .render()
}
