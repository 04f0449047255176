//! The links in the mails about a change of address: one to the new address, which confirms it, and
//! one to the old, which reverts the change. Each leads to a page with one button. The page changes
//! nothing. In any browser, the link is about the account that asked (EML-05).

use auth::{EmailChangeError, Fault};
use domain::{EmailAddress, Token};
use hypermedia::{
    answer::{Answer, View},
    error::Error,
    extract::{FormState, LocalPath},
    flash::Flash,
    page_context::PageContext,
    ui::{Card, Form, Indexing, ids},
};
use maud::{Render, html};

use crate::{
    features::{link_gone, link_subject},
    texts::Texts,
};

/// The effect of a link.
#[derive(Clone, Copy)]
enum Link {
    Confirm,
    Undo,
}

/// The texts of its page.
struct Words {
    id: &'static str,
    title: &'static str,
    lead: &'static str,
    submit: &'static str,
}

pub(crate) mod confirm {
    use poem::{handler, web::Path};

    use super::{Answer, Error, FormState, Link, PageContext, View};

    pub(crate) fn page(context: &PageContext, state: &FormState) -> View {
        Link::Confirm.page(context, None, state)
    }

    #[handler]
    pub(crate) async fn edit(
        context: &PageContext,
        Path(token): Path<String>,
    ) -> Result<Answer, Error> {
        Link::Confirm.show(context, &token).await
    }

    #[handler]
    pub(crate) async fn update(
        context: &PageContext,
        Path(token): Path<String>,
    ) -> Result<Answer, Error> {
        Link::Confirm.follow(context, &token).await
    }
}

pub(crate) mod undo {
    use poem::{handler, web::Path};

    use super::{Answer, Error, FormState, Link, PageContext, View};

    pub(crate) fn page(context: &PageContext, state: &FormState) -> View {
        Link::Undo.page(context, None, state)
    }

    #[handler]
    pub(crate) async fn edit(
        context: &PageContext,
        Path(token): Path<String>,
    ) -> Result<Answer, Error> {
        Link::Undo.show(context, &token).await
    }

    #[handler]
    pub(crate) async fn update(
        context: &PageContext,
        Path(token): Path<String>,
    ) -> Result<Answer, Error> {
        Link::Undo.follow(context, &token).await
    }
}

impl Link {
    async fn show(self, context: &PageContext, token: &str) -> Result<Answer, Error> {
        let Ok(token) = token.parse::<Token>() else { return Ok(gone(context)) };
        match self.check(context, &token).await {
            Ok(email) => Ok(Answer::page(self.page(context, Some(&email), &FormState::default()))),
            Err(error) => refuse(context, error, self.page(context, None, &FormState::default())),
        }
    }

    /// The address that the account gets by the link.
    async fn check(
        self,
        context: &PageContext,
        token: &Token,
    ) -> Result<EmailAddress, EmailChangeError> {
        let accounts = context.accounts();
        match self {
            Self::Confirm => accounts.account().check_email_change(token).await,
            Self::Undo => accounts.account().check_email_undo(token).await,
        }
    }

    async fn follow(self, context: &PageContext, token: &str) -> Result<Answer, Error> {
        let Ok(token) = token.parse::<Token>() else { return Ok(gone(context)) };
        let email = self.check(context, &token).await.ok();
        let done = match self {
            Self::Confirm => confirm_change(context, &token).await,
            Self::Undo => undo_change(context, &token).await,
        };
        done.or_else(|error| {
            let refused = Texts::of(context.language()).forms.email_taken_meanwhile;
            let state = FormState::default().refused(refused);
            refuse(context, error, self.page(context, email.as_ref(), &state))
        })
    }

    fn page(self, context: &PageContext, email: Option<&EmailAddress>, state: &FormState) -> View {
        let texts = Texts::of(context.language());
        let Words { id, title, lead, submit } = self.words(context);
        let form = Form {
            texts,
            id,
            action: &context.path,
            csrf_token: context.csrf.token(),
            hidden: Vec::new(),
            error: state.error.clone(),
            fields: Vec::new(),
            submit,
        }
        .render();
        let body = html! {
            @if let Some(email) = email { (link_subject::address(texts, email)) }
            (form)
        };
        let card = Card { title, lead: Some(lead), body, foot: None };
        View { title, indexing: Indexing::Secret, form: Some(form), main: card.render() }
    }

    fn words(self, context: &PageContext) -> Words {
        let texts = &Texts::of(context.language()).pages;
        match self {
            Self::Confirm => Words {
                id: ids::CONFIRM_EMAIL_FORM,
                title: texts.confirm_email,
                lead: texts.confirm_email_lead,
                submit: texts.confirm_email_submit,
            },
            Self::Undo => Words {
                id: ids::UNDO_EMAIL_FORM,
                title: texts.undo_email,
                lead: texts.undo_email_lead,
                submit: texts.undo_email_submit,
            },
        }
    }
}

async fn confirm_change(context: &PageContext, token: &Token) -> Result<Answer, EmailChangeError> {
    let visitor = context.principal.as_deref();
    context.accounts().account().confirm_email_change(token, visitor, &context.client()).await?;
    Ok(Answer::redirect(LocalPath::of("/"))
        .with_flash(Flash::new(Texts::of(context.language()).flashes.email_changed)))
}

async fn undo_change(context: &PageContext, token: &Token) -> Result<Answer, EmailChangeError> {
    let owner = context.accounts().account().undo_email_change(token, &context.client()).await?;
    let answer = Answer::redirect(LocalPath::of("/"))
        .with_flash(Flash::new(Texts::of(context.language()).flashes.email_change_undone));
    let is_own = context.principal.as_ref().is_some_and(|visitor| visitor.user_id == owner);
    Ok(if is_own { answer.end_session() } else { answer })
}

/// The button behind a link, again.
fn refuse(context: &PageContext, error: EmailChangeError, page: View) -> Result<Answer, Error> {
    match error {
        EmailChangeError::InvalidToken => Ok(gone(context)),
        EmailChangeError::EmailTaken => Ok(Answer::invalid(page)),
        EmailChangeError::Fault(Fault::Busy { retry_after }) => Ok(Answer::busy(page, retry_after)),
        EmailChangeError::Fault(fault) => Err(fault.into()),
    }
}

/// Unknown, used, replaced and expired links are all the same to a visitor.
fn gone(context: &PageContext) -> Answer {
    let texts = Texts::of(context.language());
    link_gone::page(context, Some(texts.pages.email_link_gone_lead), "/", texts.frame.to_home)
}
