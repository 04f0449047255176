//! The answer of a handler, independent of the transport.
//!
//! One value becomes a whole page, a fragment or a redirect in `crate::pages`:
//! handlers and views do not ask how they are served.

use std::{sync::Arc, time::Duration};

use auth::{
    DeviceCookie, Fault, LoggedIn, PasswordProof, PendingCookie, ProofCookie,
    session::RenewedSession,
};
use domain::{Language, Token};
use maud::Markup;
use poem::{IntoResponse, Response, http::StatusCode};

pub use crate::visitor_change::{PendingChange, ProofChange, SessionChange};
use crate::{
    error::{self, Error},
    extract::LocalPath,
    flash::Flash,
    reset_request::ResetRequest,
    ui::Indexing,
};

/// A page, or the part of it that a form is.
#[derive(Clone, Debug)]
pub struct View {
    /// The title of the page.
    pub title: &'static str,
    /// Whether search engines may list the page, and whether its address is secret.
    pub indexing: Indexing,
    /// The form alone, as it stands in `main`.
    pub form: Option<Markup>,
    /// The content, with the only `h1`.
    pub main: Markup,
}

/// The answer of a handler.
#[derive(Clone, Debug)]
pub struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) content: Content,
    pub(crate) session: SessionChange,
    pub(crate) proof: ProofChange,
    pub(crate) pending: PendingChange,
    pub(crate) flash: Option<Flash>,
    /// The link to a new password that this browser asks for.
    pub(crate) reset_request: Option<ResetRequest>,
    /// The language of this browser from now on.
    pub(crate) language: Option<Language>,
    pub(crate) device: Option<DeviceCookie>,
    pub(crate) retry_after: Option<Duration>,
}

/// The content of the answer.
#[derive(Clone, Debug)]
pub enum Content {
    /// A page.
    Page(View),
    /// A page with a form that was refused; as a fragment, the form alone.
    Form(View),
    /// A part of a page, the same in every transport.
    Fragment(Markup),
    /// Another page.
    Redirect(LocalPath),
    /// Another page, in a document of its own in every transport.
    Document(LocalPath),
    /// A question asked over the page that a form is on; without script, a page.
    Dialog {
        /// The dialog, for the page that is there.
        dialog: Markup,
        /// The page that asks the same.
        page: LocalPath,
    },
    /// The log-in page, and on from there: to this page, or back.
    LogIn(Option<LocalPath>),
    /// The answer to a saved submission that its user sends again.
    Resend(Arc<Resending>),
    /// An error page.
    Error(Error),
}

/// A form that is to be sent again, and why it may.
#[derive(Debug)]
pub struct Resending {
    pub(crate) form: Token,
    pub(crate) proof: PasswordProof,
}

impl Answer {
    fn new(status: StatusCode, content: Content) -> Self {
        let (session, proof) = (SessionChange::Keep, ProofChange::Keep);
        Self {
            status,
            content,
            session,
            proof,
            pending: PendingChange::Keep,
            flash: None,
            reset_request: None,
            language: None,
            device: None,
            retry_after: None,
        }
    }

    /// A page.
    pub fn page(view: View) -> Self {
        Self::new(StatusCode::OK, Content::Page(view))
    }

    /// A page that says that something is no more.
    pub fn gone(view: View) -> Self {
        Self::new(StatusCode::GONE, Content::Page(view))
    }

    /// A page that says that something is not there.
    pub fn not_found(view: View) -> Self {
        Self::new(StatusCode::NOT_FOUND, Content::Page(view))
    }

    /// A page that says that the visitor may not do this.
    pub fn forbidden(view: View) -> Self {
        Self::new(StatusCode::FORBIDDEN, Content::Page(view))
    }

    /// A page that says that another user is logged in.
    pub fn conflict(view: View) -> Self {
        Self::new(StatusCode::CONFLICT, Content::Page(view))
    }

    /// A form with something wrong in it.
    pub fn invalid(view: View) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, Content::Form(view))
    }

    /// A form that was not sent from a page of ours, or not from this visitor's.
    pub fn unproven(view: View) -> Self {
        Self::new(StatusCode::FORBIDDEN, Content::Form(view))
    }

    /// A form sent too often.
    pub fn throttled(view: View, retry_after: Duration) -> Self {
        let answer = Self::new(StatusCode::TOO_MANY_REQUESTS, Content::Form(view));
        Self { retry_after: Some(retry_after), ..answer }
    }

    /// A form that could not be looked at because too much is going on.
    pub fn busy(view: View, retry_after: Duration) -> Self {
        let answer = Self::new(StatusCode::SERVICE_UNAVAILABLE, Content::Form(view));
        Self { retry_after: Some(retry_after), ..answer }
    }

    /// A part of a page.
    pub fn fragment(markup: Markup) -> Self {
        Self::new(StatusCode::OK, Content::Fragment(markup))
    }

    /// The same part of a page, asked for too often.
    pub fn throttled_fragment(markup: Markup, retry_after: Duration) -> Self {
        let answer = Self::new(StatusCode::TOO_MANY_REQUESTS, Content::Fragment(markup));
        Self { retry_after: Some(retry_after), ..answer }
    }

    /// Nothing to show.
    pub fn nothing() -> Self {
        Self::new(StatusCode::NO_CONTENT, Content::Fragment(Markup::default()))
    }

    /// Another page.
    pub fn redirect(to: LocalPath) -> Self {
        Self::new(StatusCode::SEE_OTHER, Content::Redirect(to))
    }

    /// Another page, in a document of its own.
    pub fn document(to: LocalPath) -> Self {
        Self::new(StatusCode::SEE_OTHER, Content::Document(to))
    }

    /// The log-in page, and back from there.
    pub fn log_in() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, Content::LogIn(None))
    }

    /// The log-in page, and on from there.
    pub fn log_in_for(page: LocalPath) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, Content::LogIn(Some(page)))
    }

    /// A question over the page, or the page that asks it.
    pub fn dialog(dialog: Markup, page: LocalPath) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, Content::Dialog { dialog, page })
    }

    /// Sends a saved submission again.
    pub fn resend(form: Token, proof: PasswordProof) -> Self {
        Self::new(StatusCode::OK, Content::Resend(Arc::new(Resending { form, proof })))
    }

    /// The same answer, with a sentence shown on the page that follows.
    #[must_use]
    pub fn with_flash(self, flash: Flash) -> Self {
        Self { flash: Some(flash), ..self }
    }

    /// The same answer, and a session begins.
    #[must_use]
    pub fn begin_session(self, logged_in: LoggedIn) -> Self {
        Self { session: SessionChange::Begin(Box::new(logged_in)), ..self }
    }

    /// The same answer, and the browser is known by this when the address is proven.
    #[must_use]
    pub fn set_proof(self, cookie: ProofCookie) -> Self {
        Self { proof: ProofChange::Set(cookie), ..self }
    }

    /// The same answer, and the browser is one that is known to the account.
    #[must_use]
    pub fn set_device(self, cookie: DeviceCookie) -> Self {
        Self { device: Some(cookie), ..self }
    }

    /// The same answer, and the browser knows which address it asked for a link for, until it logs
    /// in.
    #[must_use]
    pub fn set_reset_request(self, request: ResetRequest) -> Self {
        Self { reset_request: Some(request), ..self }
    }

    /// The same answer, and the browser keeps the language.
    #[must_use]
    pub fn set_language(self, language: Language) -> Self {
        Self { language: Some(language), ..self }
    }

    /// The same answer, and the browser has nothing to prove.
    #[must_use]
    pub fn remove_proof(self) -> Self {
        Self { proof: ProofChange::Remove, ..self }
    }

    /// The same answer, and the log-in waits for a second factor. A session of this browser has
    /// ended.
    #[must_use]
    pub fn set_pending(self, cookie: PendingCookie) -> Self {
        Self { pending: PendingChange::Set(cookie), ..self }.end_session()
    }

    /// The same answer, and no log-in waits.
    #[must_use]
    pub fn remove_pending(self) -> Self {
        Self { pending: PendingChange::Remove, ..self }
    }

    /// The same answer, and the session goes on under a new id.
    #[must_use]
    pub fn renew_session(self, renewed: RenewedSession) -> Self {
        Self { session: SessionChange::Renew(Box::new(renewed)), ..self }
    }

    /// The same answer, and the session has ended.
    #[must_use]
    pub fn end_session(self) -> Self {
        Self { session: SessionChange::End, ..self }
    }
}

impl Answer {
    /// The response of the routes; an error becomes an answer, too.
    pub(crate) fn of(result: poem::Result<Response>) -> Response {
        result.unwrap_or_else(|error| Self::from(error::of(&error)).into_response())
    }
}

impl From<Error> for Answer {
    fn from(error: Error) -> Self {
        if error == Error::Fault(Fault::AccountGone) {
            return Self::log_in();
        }
        let status = poem::error::ResponseError::status(&error);
        let answer = Self::new(status, Content::Error(error));
        Self { retry_after: error.retry_after(), ..answer }
    }
}

impl IntoResponse for Answer {
    /// The answer travels to the pages layer, which knows the visitor.
    fn into_response(self) -> Response {
        let mut response = Response::default();
        response.extensions_mut().insert(self);
        response
    }
}
