//! The page of a link that proves an address, and the one that has to turn it down.

use auth::LinkStanding;
use maud::{Render, html};

use crate::{
    answer::{Answer, View},
    ui::{ActionForm, Card, Discretion, FieldName, Weight, ids, texts},
    visit::Visit,
};

pub(super) fn page(visit: &Visit, standing: LinkStanding, error: Option<&str>) -> View {
    let (lead, label, hidden) = match standing {
        LinkStanding::Here => (texts::CONFIRM_HERE_LEAD, texts::CONFIRM_HERE, Vec::new()),
        LinkStanding::Elsewhere => {
            (texts::CONFIRM_ELSEWHERE_LEAD, texts::CONFIRM_ELSEWHERE, vec![(FieldName::Renew, "1")])
        }
    };
    let form = ActionForm {
        id: ids::CONFIRM_ADDRESS_FORM,
        action: &visit.path,
        csrf_token: visit.csrf.token(),
        hidden,
        error,
        label,
        spoken: None,
        weight: Weight::Strong,
    }
    .render();
    let card =
        Card { title: texts::CONFIRM_ADDRESS, lead: Some(lead), body: form.clone(), foot: None };
    View {
        title: texts::CONFIRM_ADDRESS,
        discretion: Discretion::Secret,
        form: Some(form),
        main: card.render(),
    }
}

/// Unknown, used, replaced and expired links are all the same to a visitor.
pub(super) fn gone() -> Answer {
    let (title, text) = texts::error_page(410);
    let body = html! { p { a.button href="/login" { (texts::LOG_IN_FOR_NEW_LINK) } } };
    let card = Card { title, lead: Some(text), body, foot: None };
    Answer::gone(View { title, discretion: Discretion::Secret, form: None, main: card.render() })
}
