//! The page behind a mailed link: one button. Looking at it changes nothing, because mail scanners
//! follow links.

use auth::LinkError;
use domain::{EmailAddress, Token};
use hypermedia::{
    answer::{Answer, View},
    error::Error,
    extract::FormState,
    page_context::PageContext,
    ui::{ActionForm, Card, Indexing, Message},
};
use maud::{Render, html};

use super::link_subject;
use crate::texts::Texts;

/// The page of one kind of link.
pub(crate) struct LinkPage {
    /// The id of the form.
    pub(crate) id: &'static str,
    /// The heading.
    pub(crate) title: &'static str,
    /// The effect of the button.
    pub(crate) lead: Message,
    /// The button.
    pub(crate) submit: &'static str,
    /// The page for a link that cannot be used.
    pub(crate) gone: fn(&PageContext) -> Answer,
}

/// The token of a link.
pub(crate) fn token(link: &str) -> Result<Token, LinkError> {
    link.parse().map_err(|_| LinkError::InvalidLink)
}

impl LinkPage {
    /// Shows the page for the account with this address.
    pub(crate) fn show(
        &self,
        context: &PageContext,
        email: Result<EmailAddress, LinkError>,
    ) -> Result<Answer, Error> {
        let page = |email| Answer::page(self.view(context, Some(&email), &FormState::default()));
        self.follow(context, email.map(page))
    }

    /// Answers the form.
    pub(crate) fn follow(
        &self,
        context: &PageContext,
        done: Result<Answer, LinkError>,
    ) -> Result<Answer, Error> {
        match done {
            Ok(answer) => Ok(answer),
            Err(LinkError::InvalidLink) => Ok((self.gone)(context)),
            Err(LinkError::Fault(fault)) => Err(fault.into()),
        }
    }

    /// The page, with the address of the account unless the form came without a valid token.
    pub(crate) fn view(
        &self,
        context: &PageContext,
        email: Option<&EmailAddress>,
        state: &FormState,
    ) -> View {
        let form = ActionForm {
            error: state.error.as_ref().map(Message::text),
            ..ActionForm::new(self.id, &context.path, context.csrf.token(), self.submit)
        }
        .render();
        let texts = Texts::of(context.language());
        let body = html! {
            p.lead { (self.lead) }
            @if let Some(email) = email { (link_subject::account(texts, email)) }
            (form)
        };
        let card = Card { title: self.title, lead: None, body, foot: None };
        View {
            title: self.title,
            indexing: Indexing::Secret,
            form: Some(form),
            main: card.render(),
        }
    }
}
