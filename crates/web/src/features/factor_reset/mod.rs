//! The way back for an owner who has lost every second factor: the link that begins the wait, the
//! page behind it, and the ways to stop it ([`keep`], [`banner`]).

pub(crate) mod banner;
pub(crate) mod begin;
pub(crate) mod keep;
pub(crate) mod request;

use domain::EmailAddress;
use hypermedia::{
    answer::{Answer, View},
    extract::FormState,
    page_context::PageContext,
    ui::{ActionForm, Card, Indexing, Message, Moment, Weight},
};
use maud::{Render, html};

use crate::{
    features::{link_gone, link_subject},
    texts::Texts,
};

/// A page behind a mailed link, with one button.
struct LinkPage {
    title: &'static str,
    lead: String,
    submit: &'static str,
    id: &'static str,
}

impl LinkPage {
    /// The page, with the address of the account where it is known.
    fn view(self, context: &PageContext, email: Option<&EmailAddress>, state: &FormState) -> View {
        let Self { title, lead, submit, id } = self;
        let form = ActionForm {
            id,
            action: &context.path,
            csrf_token: context.csrf.token(),
            hidden: Vec::new(),
            choice: None,
            error: state.error.as_ref().map(Message::text),
            label: submit,
            spoken: None,
            weight: Weight::Strong,
        }
        .render();
        let texts = Texts::of(context.language());
        let body = html! {
            @if let Some(email) = email { (link_subject::account(texts, email)) }
            (form)
        };
        let card = Card { title, lead: Some(&lead), body, foot: None };
        View { title, indexing: Indexing::Secret, form: Some(form), main: card.render() }
    }
}

/// The end of a wait that begins now.
fn earliest(context: &PageContext) -> String {
    let accounts = context.accounts();
    let at = accounts.clock().now() + accounts.settings().accounts.factor_reset_wait;
    Moment { texts: Texts::of(context.language()), at }.text()
}

fn gone(context: &PageContext) -> Answer {
    let texts = Texts::of(context.language());
    link_gone::page(context, None, "/login", texts.factor_reset.to_log_in)
}
