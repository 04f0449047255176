//! The page that takes the name and the password of a new account, and the ones in its place. The
//! page is the same for every proof of an address: it posts to its own path.

use domain::EmailAddress;
use hypermedia::{
    answer::{Answer, View},
    extract::FormState,
    page_context::PageContext,
    ui::{Card, Field, FieldKind, Form, Indexing, ids},
};
use maud::{Markup, Render, html};

use super::Proof;
use crate::{features::link_gone, fields, paths, texts::Texts};

const CHECK: Option<&str> = Some(paths::SIGN_UP_CHECK);

/// Asks for the name and the password of the account with this address.
pub(crate) fn page(context: &PageContext, email: &EmailAddress, state: &FormState) -> View {
    let texts = Texts::of(context.language());
    let lead = (texts.sign_up.new_account_lead)(email.as_str());
    let form = form(context, state);
    let title = texts.sign_up.new_account;
    let card = Card { title, lead: Some(&lead), body: form.clone(), foot: None };
    View { title, indexing: Indexing::Secret, form: Some(form), main: card.render() }
}

fn form(context: &PageContext, state: &FormState) -> Markup {
    let texts = Texts::of(context.language());
    Form {
        texts,
        id: ids::SIGNUP_FORM,
        action: &context.path,
        csrf_token: context.csrf.token(),
        hidden: Vec::new(),
        error: state.error.clone(),
        fields: fields(context, state),
        submit: texts.sign_up.new_account_submit,
    }
    .render()
}

/// The fields, each checked when the visitor leaves it.
pub(crate) fn fields<'a>(context: &PageContext, state: &'a FormState) -> Vec<Field<'a>> {
    let texts = Texts::of(context.language());
    let min_length = context.accounts().settings().password.min_length;
    let name = FieldKind::Name(state.value(fields::NAME));
    let password = FieldKind::NewPassword { min_length };
    vec![
        Field {
            error: state.error_of(fields::NAME),
            hint: Some(texts.forms.name_hint.into()),
            autofocus: true,
            check: CHECK,
            ..Field::new(texts, fields::NAME, texts.forms.name, name)
        },
        Field {
            error: state.error_of(fields::PASSWORD),
            hint: Some((texts.forms.password_hint)(min_length).into()),
            check: CHECK,
            ..Field::new(texts, fields::PASSWORD, texts.forms.password, password)
        },
    ]
}

/// In place of the form, for an address that has an account. The owner may be logged in by now.
pub(crate) fn has_account(context: &PageContext, email: &EmailAddress) -> Answer {
    let texts = Texts::of(context.language());
    let title = texts.sign_up.has_account;
    if context.principal.as_ref().is_some_and(|principal| principal.email == *email) {
        let lead = (texts.sign_up.used_lead)(email.as_str());
        let body = html! { p { a.button href=(context.landing()) { (texts.pages.to_profile) } } };
        let card = Card { title, lead: Some(&lead), body, foot: None };
        return gone_page(title, &card);
    }
    let lead = (texts.sign_up.has_account_lead)(email.as_str());
    let body = html! { p { a.button href=(paths::LOG_IN) { (texts.account.log_in) } } };
    let foot = html! { p { a href=(paths::FORGOT_PASSWORD) { (texts.pages.forgot_password) } } };
    gone_page(title, &Card { title, lead: Some(&lead), body, foot: Some(foot) })
}

fn gone_page(title: &'static str, card: &Card<'_>) -> Answer {
    Answer::gone(View { title, indexing: Indexing::Secret, form: None, main: card.render() })
}

/// Unknown, replaced and expired links are all the same to a visitor.
pub(super) fn gone(proof: Proof, context: &PageContext) -> Answer {
    let texts = Texts::of(context.language());
    match proof {
        Proof::SignUp => link_gone::page(context, None, paths::SIGN_UP, texts.sign_up.again),
        Proof::Invitation => {
            let lead = Some(texts.sign_up.invitation_gone_lead);
            link_gone::page(context, lead, paths::LOG_IN, texts.account.log_in)
        }
    }
}
