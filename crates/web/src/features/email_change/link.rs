//! The links in the mails about a change of address: one to the new address, which
//! confirms it, and one to the old, which takes the change back. Each leads to a page
//! with one button. Looking changes nothing; whoever opens it, it is the address of the
//! account that asked (EML-05).

use auth::{EmailChangeError, Fault};
use domain::Token;
use maud::{Render, html};

use crate::{
    answer::{Answer, View},
    error::Error,
    extract::{FormState, LocalPath},
    flash::Flash,
    ui::{Card, Discretion, Form, ids},
    visit::Visit,
};

/// What a link does.
#[derive(Clone, Copy)]
enum Link {
    Confirm,
    Undo,
}

/// What its page says.
struct Words {
    id: &'static str,
    title: &'static str,
    lead: &'static str,
    submit: &'static str,
}

pub(crate) mod confirm {
    use poem::{handler, web::Path};

    use super::{Answer, Error, FormState, Link, View, Visit};

    pub(crate) fn page(visit: &Visit, state: &FormState) -> View {
        Link::Confirm.page(visit, state)
    }

    #[handler]
    pub(crate) async fn edit(visit: &Visit, Path(token): Path<String>) -> Result<Answer, Error> {
        Link::Confirm.show(visit, &token).await
    }

    #[handler]
    pub(crate) async fn update(visit: &Visit, Path(token): Path<String>) -> Result<Answer, Error> {
        Link::Confirm.follow(visit, &token).await
    }
}

pub(crate) mod undo {
    use poem::{handler, web::Path};

    use super::{Answer, Error, FormState, Link, View, Visit};

    pub(crate) fn page(visit: &Visit, state: &FormState) -> View {
        Link::Undo.page(visit, state)
    }

    #[handler]
    pub(crate) async fn edit(visit: &Visit, Path(token): Path<String>) -> Result<Answer, Error> {
        Link::Undo.show(visit, &token).await
    }

    #[handler]
    pub(crate) async fn update(visit: &Visit, Path(token): Path<String>) -> Result<Answer, Error> {
        Link::Undo.follow(visit, &token).await
    }
}

impl Link {
    async fn show(self, visit: &Visit, token: &str) -> Result<Answer, Error> {
        let Ok(token) = token.parse::<Token>() else { return Ok(gone(visit)) };
        let accounts = visit.accounts();
        let checked = match self {
            Self::Confirm => accounts.check_email_change(&token).await,
            Self::Undo => accounts.check_email_undo(&token).await,
        };
        let page = self.page(visit, &FormState::default());
        match checked {
            Ok(()) => Ok(Answer::page(page)),
            Err(error) => refuse(visit, error, page),
        }
    }

    async fn follow(self, visit: &Visit, token: &str) -> Result<Answer, Error> {
        let Ok(token) = token.parse::<Token>() else { return Ok(gone(visit)) };
        let done = match self {
            Self::Confirm => confirm_change(visit, &token).await,
            Self::Undo => undo_change(visit, &token).await,
        };
        done.or_else(|error| {
            let refused = visit.texts().forms.email_taken_meanwhile;
            refuse(visit, error, self.page(visit, &FormState::default().refused(refused)))
        })
    }

    fn page(self, visit: &Visit, state: &FormState) -> View {
        let texts = visit.texts();
        let Words { id, title, lead, submit } = self.words(visit);
        let form = Form {
            texts,
            id,
            action: &visit.path,
            csrf_token: visit.csrf.token(),
            hidden: Vec::new(),
            error: state.error.clone(),
            fields: Vec::new(),
            submit,
        }
        .render();
        let card = Card { title, lead: Some(lead), body: form.clone(), foot: None };
        View { title, discretion: Discretion::Secret, form: Some(form), main: card.render() }
    }

    fn words(self, visit: &Visit) -> Words {
        let texts = &visit.texts().pages;
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

async fn confirm_change(visit: &Visit, token: &Token) -> Result<Answer, EmailChangeError> {
    let visitor = visit.principal.as_deref();
    visit.accounts().confirm_email_change(token, visitor, &visit.client()).await?;
    Ok(Answer::redirect(LocalPath::of("/")).with_flash(Flash::EmailChanged))
}

async fn undo_change(visit: &Visit, token: &Token) -> Result<Answer, EmailChangeError> {
    let owner = visit.accounts().undo_email_change(token, &visit.client()).await?;
    let answer = Answer::redirect(LocalPath::of("/")).with_flash(Flash::EmailChangeUndone);
    let is_own = visit.principal.as_ref().is_some_and(|visitor| visitor.user_id == owner);
    Ok(if is_own { answer.end_session() } else { answer })
}

/// The button behind a link, again.
fn refuse(visit: &Visit, error: EmailChangeError, page: View) -> Result<Answer, Error> {
    match error {
        EmailChangeError::InvalidToken => Ok(gone(visit)),
        EmailChangeError::EmailTaken => Ok(Answer::invalid(page)),
        EmailChangeError::Fault(Fault::Busy { retry_after }) => Ok(Answer::busy(page, retry_after)),
        EmailChangeError::Fault(fault) => Err(fault.into()),
    }
}

/// Unknown, used, replaced and expired links are all the same to a visitor.
fn gone(visit: &Visit) -> Answer {
    let texts = visit.texts();
    let (title, _) = texts.errors.page(410);
    let body = html! { p { a.button href="/" { (texts.frame.to_home) } } };
    let card = Card { title, lead: Some(texts.pages.email_link_gone_lead), body, foot: None };
    Answer::gone(View { title, discretion: Discretion::Secret, form: None, main: card.render() })
}
