//! The account of an address that is proven by the link of a sign-up or of an invitation: its name
//! and password. The page spends nothing, because mail scanners follow links.

mod form;
mod view;

use auth::{CompleteSignUp, CompleteSignUpError, Fault, LoggedIn, SignUpLink, SignUpLinkError};
use domain::{EmailAddress, Token};
use hypermedia::{
    answer::Answer,
    error::Error,
    extract::{FormState, Submission},
    flash::Flash,
    page_context::PageContext,
    ui::FieldName,
};
use poem::{handler, web::Path};

pub(crate) use self::view::fields;
use super::sign_up;
use crate::{fields, texts::Texts};

/// The fields of the form.
pub(crate) const FIELDS: &[FieldName] = &[fields::NAME, fields::PASSWORD];

/// The proof that a link stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    SignUp,
    Invitation,
}

#[handler]
pub(crate) async fn edit(
    context: &PageContext,
    Path(token): Path<String>,
) -> Result<Answer, Error> {
    show(Proof::SignUp, context, &token).await
}

#[handler]
pub(crate) async fn update(
    context: &PageContext,
    Path(token): Path<String>,
    submission: &Submission,
) -> Result<Answer, Error> {
    take(Proof::SignUp, context, &token, submission).await
}

/// The page behind the link.
pub(crate) async fn show(
    proof: Proof,
    context: &PageContext,
    token: &str,
) -> Result<Answer, Error> {
    let Ok(token) = token.parse::<Token>() else { return Ok(view::gone(proof, context)) };
    match proof.find(context, &token).await? {
        Ok(email) => Ok(Answer::page(view::page(context, &email, &FormState::default()))),
        Err(answer) => Ok(answer),
    }
}

/// Makes the account, and logs in.
pub(crate) async fn take(
    proof: Proof,
    context: &PageContext,
    token: &str,
    submission: &Submission,
) -> Result<Answer, Error> {
    let texts = Texts::of(context.language());
    let Ok(token) = token.parse::<Token>() else { return Ok(view::gone(proof, context)) };
    let email = match proof.find(context, &token).await? {
        Ok(email) => email,
        Err(answer) => return Ok(answer),
    };
    let (name, password) = match form::parse(context, submission).await {
        Ok(parsed) => parsed,
        Err(state) => return Ok(Answer::invalid(view::page(context, &email, &state))),
    };
    let new = CompleteSignUp { token, name, password };
    match Box::pin(proof.complete(context, new)).await {
        Ok(logged_in) => {
            // A session of another user ends: the browser is the new user's from here on.
            if let Some(principal) = &context.principal {
                context.accounts().sessions().log_out(principal, &context.client()).await?;
            }
            let flash = Flash::new(texts.flashes.account_created);
            let answer = Answer::redirect(context.landing()).begin_session(logged_in);
            Ok(answer.with_flash(flash).remove_proof())
        }
        Err(error) => proof.refuse(context, (&email, submission), error),
    }
}

impl Proof {
    /// The address that the link proves, or the answer to a link that proves none.
    async fn find(
        self,
        context: &PageContext,
        token: &Token,
    ) -> Result<Result<EmailAddress, Answer>, Error> {
        let registration = context.accounts().registration();
        let found = match self {
            Self::SignUp => registration.check_sign_up_link(token).await,
            Self::Invitation => registration.check_invitation(token).await,
        };
        match found {
            Ok(SignUpLink::Valid(email)) => Ok(Ok(email)),
            Ok(SignUpLink::HasAccount(email)) => Ok(Err(view::has_account(context, &email))),
            Err(error) => self.refuse_link(context, error).map(Err),
        }
    }

    async fn complete(
        self,
        context: &PageContext,
        new: CompleteSignUp,
    ) -> Result<LoggedIn, CompleteSignUpError> {
        let (registration, client) = (context.accounts().registration(), context.client());
        match self {
            Self::SignUp => registration.complete_sign_up(new, &client).await,
            Self::Invitation => registration.accept_invitation(new, &client).await,
        }
    }

    fn refuse_link(self, context: &PageContext, error: SignUpLinkError) -> Result<Answer, Error> {
        match error {
            SignUpLinkError::Closed => Ok(sign_up::closed(context)),
            SignUpLinkError::InvalidToken => Ok(view::gone(self, context)),
            SignUpLinkError::Fault(fault) => Err(fault.into()),
        }
    }

    fn refuse(
        self,
        context: &PageContext,
        (email, submission): (&EmailAddress, &Submission),
        error: CompleteSignUpError,
    ) -> Result<Answer, Error> {
        let texts = Texts::of(context.language());
        let mut state = FormState::of(submission);
        match error {
            CompleteSignUpError::HasAccount(email) => Ok(view::has_account(context, &email)),
            CompleteSignUpError::Password(problem) => {
                state.reject(fields::PASSWORD, (texts.forms.password_problem)(&problem));
                Ok(Answer::invalid(view::page(context, email, &state)))
            }
            CompleteSignUpError::Link(SignUpLinkError::Fault(Fault::Busy { retry_after })) => {
                let state = state.refused(texts.forms.busy);
                Ok(Answer::busy(view::page(context, email, &state), retry_after))
            }
            CompleteSignUpError::Link(error) => self.refuse_link(context, error),
        }
    }
}
