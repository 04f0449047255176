//! A form that came without a valid token, to be sent again by hand: everything
//! that may be given back, and a fresh token.

use hypermedia::{
    answer::View,
    extract::Submission,
    page_context::PageContext,
    ui::{ActionForm, Card, Indexing, Message, ids},
};
use maud::Render;

use super::log_out;
use crate::texts::Texts;

pub(crate) fn view(context: &PageContext, submission: &Submission, message: &Message) -> View {
    let texts = Texts::of(context.language());
    let form = form(context, submission).render();
    let card = Card {
        title: texts.pages.resend_title,
        lead: Some(message.text()),
        body: form.clone(),
        foot: None,
    };
    let fragment = if context.path == log_out::PATH { log_out::form(context) } else { form };
    View {
        title: texts.pages.resend_title,
        indexing: Indexing::Unlisted,
        form: Some(fragment),
        main: card.render(),
    }
}

fn form<'a>(context: &'a PageContext, submission: &'a Submission) -> ActionForm<'a> {
    let texts = Texts::of(context.language());
    ActionForm {
        hidden: submission.shown_again().collect(),
        ..ActionForm::new(
            ids::RESEND_FORM,
            &context.path,
            context.csrf.token(),
            texts.pages.send_again,
        )
    }
}
