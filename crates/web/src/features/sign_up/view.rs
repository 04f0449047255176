//! The sign-up page.

use auth::SignupMode;
use hypermedia::{
    answer::View,
    extract::FormState,
    page_context::PageContext,
    ui::{Card, Field, FieldKind, Form, Indexing, ids},
};
use maud::{Markup, Render, html};

use crate::{features::new_account, fields, paths, texts::Texts};

const CHECK: Option<&str> = Some(paths::SIGN_UP_CHECK);

pub(crate) fn page(context: &PageContext, state: &FormState) -> View {
    let texts = Texts::of(context.language());
    let (lead, submit) = match context.accounts().settings().accounts.signup {
        SignupMode::Open => (texts.pages.sign_up_lead, Some(texts.account.sign_up)),
        SignupMode::Confirmed => (texts.sign_up.request_lead, Some(texts.sign_up.go_on)),
        SignupMode::Closed => (texts.pages.sign_up_closed, None),
    };
    let form = submit.map(|submit| form(context, state, submit));
    let foot = html! {
        p { (texts.pages.have_account) " " a href=(paths::LOG_IN) { (texts.account.log_in) } }
    };
    let card = Card {
        title: texts.account.sign_up,
        lead: Some(lead),
        body: form.clone().unwrap_or_default(),
        foot: Some(foot),
    };
    View { title: texts.account.sign_up, indexing: Indexing::Public, form, main: card.render() }
}

fn form(context: &PageContext, state: &FormState, submit: &'static str) -> Markup {
    let mut fields = fields(context, state);
    if context.accounts().settings().accounts.signup == SignupMode::Confirmed {
        fields.truncate(1);
    }
    let texts = Texts::of(context.language());
    Form {
        texts,
        id: ids::SIGNUP_FORM,
        action: paths::SIGN_UP,
        csrf_token: context.csrf.token(),
        hidden: Vec::new(),
        error: state.error.clone(),
        fields,
        submit,
    }
    .render()
}

/// The address first, and what follows once it is proven, or at once.
pub(super) fn fields<'a>(context: &PageContext, state: &'a FormState) -> Vec<Field<'a>> {
    let texts = Texts::of(context.language());
    let email = FieldKind::Email(state.value(fields::EMAIL));
    let email = Field {
        error: state.error_of(fields::EMAIL),
        hint: Some(texts.forms.email_hint.into()),
        autofocus: true,
        check: CHECK,
        ..Field::new(texts, fields::EMAIL, texts.forms.email, email)
    };
    let others = new_account::fields(context, state).into_iter();
    let others = others.map(|field| Field { autofocus: false, ..field });
    std::iter::once(email).chain(others).collect()
}
