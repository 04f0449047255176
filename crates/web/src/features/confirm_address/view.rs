//! The page of a link that proves the address of an account, and the ones in its place.

use auth::LinkStanding;
use domain::EmailAddress;
use hypermedia::{
    answer::{Answer, View},
    extract::{FormState, LocalPath},
    page_context::PageContext,
    ui::{ActionForm, Card, Field, FieldKind, Form, Indexing, Weight, ids},
};
use maud::{Markup, Render, html};

use crate::{features::link_gone, fields, paths, texts::Texts};

/// One button in the browser that asked. Elsewhere the password of the account, or the way to a new
/// one.
pub(super) fn page(
    context: &PageContext,
    (email, standing): (&EmailAddress, LinkStanding),
    state: &FormState,
) -> View {
    let texts = Texts::of(context.language());
    let (lead, form, body) = match standing {
        LinkStanding::Here => {
            let form = button(context);
            ((texts.sign_up.confirm_lead)(email.as_str()), form.clone(), form)
        }
        LinkStanding::Elsewhere => {
            let form = password_form(context, state);
            let body = html! {
                (form)
                hr;
                p { (texts.sign_up.not_mine_lead) }
                (not_mine_form(context))
            };
            ((texts.sign_up.elsewhere_lead)(email.as_str()), form, body)
        }
    };
    let title = texts.proof.confirm_address;
    let card = Card { title, lead: Some(&lead), body, foot: None };
    View { title, indexing: Indexing::Secret, form: Some(form), main: card.render() }
}

fn button(context: &PageContext) -> Markup {
    ActionForm::new(
        ids::CONFIRM_ADDRESS_FORM,
        &context.path,
        context.csrf.token(),
        Texts::of(context.language()).proof.confirm_here,
    )
    .render()
}

fn password_form(context: &PageContext, state: &FormState) -> Markup {
    let texts = Texts::of(context.language());
    let password = FieldKind::CurrentPassword;
    Form {
        texts,
        id: ids::CONFIRM_ADDRESS_FORM,
        action: &context.path,
        csrf_token: context.csrf.token(),
        hidden: Vec::new(),
        error: state.error.clone(),
        fields: vec![Field {
            error: state.error_of(fields::PASSWORD),
            autofocus: true,
            ..Field::new(texts, fields::PASSWORD, texts.forms.password, password)
        }],
        submit: texts.sign_up.elsewhere_submit,
    }
    .render()
}

fn not_mine_form(context: &PageContext) -> Markup {
    ActionForm {
        hidden: vec![(fields::RENEW, "1")],
        weight: Weight::Quiet,
        ..ActionForm::new(
            ids::NOT_MY_PASSWORD_FORM,
            &context.path,
            context.csrf.token(),
            Texts::of(context.language()).sign_up.not_mine_submit,
        )
    }
    .render()
}

/// In place of a link that was used.
pub(super) fn used(context: &PageContext, email: &EmailAddress) -> Answer {
    let lead = (Texts::of(context.language()).sign_up.used_lead)(email.as_str());
    Answer::gone(confirmed(context, &lead, Indexing::Secret))
}

/// The page that says that an address is confirmed; `lead` names it.
pub(crate) fn confirmed(context: &PageContext, lead: &str, indexing: Indexing) -> View {
    let texts = Texts::of(context.language());
    let (path, label) = if context.principal.is_some() {
        (context.landing(), texts.pages.to_profile)
    } else {
        (LocalPath::of(paths::LOG_IN), texts.account.log_in)
    };
    let body = html! { p { a.button href=(path) { (label) } } };
    let title = texts.sign_up.confirmed;
    let card = Card { title, lead: Some(lead), body, foot: None };
    View { title, indexing, form: None, main: card.render() }
}

/// Unknown, replaced and expired links are all the same to a visitor.
pub(super) fn gone(context: &PageContext) -> Answer {
    let texts = Texts::of(context.language());
    link_gone::page(context, None, paths::LOG_IN, texts.proof.log_in_for_new_link)
}
