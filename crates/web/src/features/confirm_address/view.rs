//! The page of a link that proves an address, and the one that has to turn it down.

use auth::LinkStanding;
use hypermedia::{
    answer::{Answer, View},
    page_context::PageContext,
    ui::{ActionForm, Card, Indexing, Weight, ids},
};
use maud::{Render, html};

use crate::{fields, texts::Texts};

pub(super) fn page(context: &PageContext, standing: LinkStanding, error: Option<&str>) -> View {
    let texts = Texts::of(context.language());
    let (lead, label, hidden) = match standing {
        LinkStanding::Here => (texts.proof.confirm_here_lead, texts.proof.confirm_here, Vec::new()),
        LinkStanding::Elsewhere => (
            texts.proof.confirm_elsewhere_lead,
            texts.proof.confirm_elsewhere,
            vec![(fields::RENEW, "1")],
        ),
    };
    let form = ActionForm {
        id: ids::CONFIRM_ADDRESS_FORM,
        action: &context.path,
        csrf_token: context.csrf.token(),
        hidden,
        choice: None,
        error,
        label,
        spoken: None,
        weight: Weight::Strong,
    }
    .render();
    let card = Card {
        title: texts.proof.confirm_address,
        lead: Some(lead),
        body: form.clone(),
        foot: None,
    };
    View {
        title: texts.proof.confirm_address,
        indexing: Indexing::Secret,
        form: Some(form),
        main: card.render(),
    }
}

/// Unknown, used, replaced and expired links are all the same to a visitor.
pub(super) fn gone(context: &PageContext) -> Answer {
    let texts = Texts::of(context.language());
    let (title, text) = texts.errors.page(410);
    let body = html! { p { a.button href="/login" { (texts.proof.log_in_for_new_link) } } };
    let card = Card { title, lead: Some(text), body, foot: None };
    Answer::gone(View { title, indexing: Indexing::Secret, form: None, main: card.render() })
}
