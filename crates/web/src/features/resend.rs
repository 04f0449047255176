//! A form that came without a valid token, to be sent again by hand: everything
//! that may be given back, and a fresh token.

use maud::Render;

use crate::{
    answer::View,
    extract::Submission,
    ui::{ActionForm, Card, Discretion, Message, Weight, ids, logout_form},
    visit::Visit,
};

pub(crate) fn view(visit: &Visit, submission: &Submission, message: &Message) -> View {
    let texts = visit.texts();
    let form = form(visit, submission).render();
    let card = Card {
        title: texts.pages.resend_title,
        lead: Some(message.text()),
        body: form.clone(),
        foot: None,
    };
    let is_log_out = visit.path == "/logout";
    let fragment = if is_log_out { logout_form(texts, visit.csrf.token()).render() } else { form };
    View {
        title: texts.pages.resend_title,
        discretion: Discretion::Unlisted,
        form: Some(fragment),
        main: card.render(),
    }
}

fn form<'a>(visit: &'a Visit, submission: &'a Submission) -> ActionForm<'a> {
    let texts = visit.texts();
    ActionForm {
        id: ids::RESEND_FORM,
        action: &visit.path,
        csrf_token: visit.csrf.token(),
        hidden: submission.echoed().collect(),
        error: None,
        label: texts.pages.send_again,
        spoken: None,
        weight: Weight::Strong,
    }
}
