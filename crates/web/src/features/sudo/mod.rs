//! Asking for the password again before a sensitive action (sudo mode), and for the second factor of
//! an account that has one, and bringing users back to
//! the form that they were sending when they were asked, or when their session had expired. No
//! typed value is lost except secrets, which are never saved.
//!
//! A saved submission is found by the token in the address and the logged-in user; for any other
//! user it does not exist.

mod view;

use auth::{ConfirmPasswordError, Fault, PasswordProof, Reauthenticate};
use domain::Token;
use hypermedia::{
    answer::Answer,
    csrf::Stale,
    error::Error,
    extract::{Authenticated, FormState, LocalPath, Submission},
    guard,
    page_context::{FormRoute, PageContext},
    ui::FieldName,
};
use poem::{Request, handler, web::Path};

pub(crate) use self::view::{dialog, page};
use crate::{features::passkey_prompt::answer_of, fields, paths, texts::Texts};

/// The fields of the form.
pub(crate) const FIELDS: &[FieldName] =
    &[fields::PASSWORD, fields::CODE, FieldName::PASSKEY, FieldName::CEREMONY, FieldName::NEXT];

#[handler]
pub(crate) fn new(context: &PageContext, request: &Request) -> Answer {
    let query = request.uri().query().unwrap_or_default();
    let next =
        form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == FieldName::NEXT.as_str());
    let next = next.filter(|(_, next)| context.site.page_paths.find(next).is_some());
    let next = next.map_or_else(String::new, |(_, next)| next.into_owned());
    Answer::page(page(context, &FormState::default().with_value(FieldName::NEXT, &next)))
}

#[handler]
pub(crate) async fn create(
    context: &PageContext,
    principal: &Authenticated,
    submission: &Submission,
) -> Result<Answer, Error> {
    let proof = match prove(context, principal, submission).await {
        Ok(proof) => proof,
        Err(answer) => return Ok(answer),
    };
    let next = submission.value(FieldName::NEXT).ok();
    let next = next.and_then(|next| context.site.page_paths.find(next));
    let next = next.unwrap_or_else(|| context.landing());
    Ok(confirm(context, principal, &proof, submission, next).await)
}

/// Confirms the session by the proof, and goes on to `next`.
async fn confirm(
    context: &PageContext,
    principal: &Authenticated,
    proof: &PasswordProof,
    submission: &Submission,
    next: LocalPath,
) -> Answer {
    let sessions = context.accounts().sessions();
    match sessions.confirm_password(principal, proof, None, &context.client()).await {
        Ok(confirmed) => Answer::redirect(next).renew_session(confirmed.session),
        Err(error) => refuse_form(context, FormState::of(submission), error),
    }
}

/// After a fresh log-in the form is shown as it was; otherwise the password is asked for first.
#[handler]
pub(crate) async fn edit(
    context: &PageContext,
    principal: &Authenticated,
    Path(form): Path<String>,
) -> Result<Answer, Error> {
    let Ok(token) = form.parse::<Token>() else { return Ok(view::gone(context)) };
    let Some(form) = context.accounts().sessions().find_saved_submission(principal, &token).await?
    else {
        return Ok(view::gone(context));
    };
    if !context.accounts().sessions().is_recent(principal) {
        let state = FormState::default().with_value(FieldName::NEXT, &form.path);
        return Ok(Answer::page(page(context, &state)));
    }
    let context = context.follow(&form.path, context.principal.clone());
    let FormRoute { fields, page } = context.site.form_routes.find(&context.path);
    Ok(Answer::page(guard::form_again(
        page,
        &context,
        &Submission::of_saved(form, fields),
        Stale::Page,
    )))
}

/// After the right password, the saved submission is carried out. If another session of the user
/// has sent it, it is shown, and the user decides.
#[handler]
pub(crate) async fn update(
    context: &PageContext,
    principal: &Authenticated,
    Path(form): Path<String>,
    submission: &Submission,
) -> Result<Answer, Error> {
    let Ok(token) = form.parse::<Token>() else { return Ok(view::gone(context)) };
    let Some(saved) =
        context.accounts().sessions().find_saved_submission(principal, &token).await?
    else {
        return Ok(view::gone(context));
    };
    Ok(match prove(context, principal, submission).await {
        Ok(proof) if saved.is_asked_in(principal) => Answer::resend(token, proof),
        Ok(proof) => {
            let form = LocalPath::of(paths::SUDO).with_token(&token);
            confirm(context, principal, &proof, submission, form).await
        }
        Err(answer) => answer,
    })
}

async fn prove(
    context: &PageContext,
    principal: &Authenticated,
    submission: &Submission,
) -> Result<PasswordProof, Answer> {
    let texts = Texts::of(context.language());
    let mut state = FormState::of(submission);
    if let Some(answer) = answer_of(submission) {
        let (sessions, client) = (context.accounts().sessions(), context.client());
        let proof = sessions.prove_passkey_again(principal, answer, &client).await;
        return proof.map_err(|error| refuse_form(context, state, error));
    }
    let password = state.parse(texts, submission, fields::PASSWORD, fields::current_password);
    let asks_for_code = context.accounts().sessions().asks_for_code(principal);
    let code = asks_for_code
        .then(|| state.parse(texts, submission, fields::CODE, fields::second_factor_code));
    let (Some(password), None | Some(Some(_))) = (password, &code) else {
        return Err(Answer::invalid(page(context, &state)));
    };
    let given = Reauthenticate { password, code: code.flatten() };
    let (device, client) = (context.device.as_deref(), context.client());
    let proof =
        context.accounts().sessions().prove_password(principal, given, device, &client).await;
    proof.map_err(|error| refuse_form(context, state, error))
}

/// The question again, as far as it can be asked.
pub(crate) fn refuse(context: &PageContext, error: ConfirmPasswordError) -> Answer {
    refuse_form(context, FormState::default(), error)
}

fn refuse_form(context: &PageContext, mut state: FormState, error: ConfirmPasswordError) -> Answer {
    let texts = Texts::of(context.language());
    match error {
        ConfirmPasswordError::WrongPassword => {
            state.reject(fields::PASSWORD, texts.forms.wrong_password);
            Answer::invalid(page(context, &state))
        }
        ConfirmPasswordError::WrongCode => {
            state.reject(fields::CODE, texts.factors.code_wrong);
            Answer::invalid(page(context, &state))
        }
        ConfirmPasswordError::WrongPasskey => {
            state.reject(FieldName::PASSKEY, texts.passkeys.not_yours);
            Answer::invalid(page(context, &state))
        }
        ConfirmPasswordError::PasskeyExpired => {
            state.reject(FieldName::PASSKEY, texts.passkeys.expired);
            Answer::invalid(page(context, &state))
        }
        ConfirmPasswordError::Throttled { retry_after } => {
            Answer::throttled(page(context, &state.refused(texts.forms.throttled)), retry_after)
        }
        ConfirmPasswordError::Ended => Answer::log_in(),
        ConfirmPasswordError::Fault(Fault::Busy { retry_after }) => {
            Answer::busy(page(context, &state.refused(texts.forms.busy)), retry_after)
        }
        ConfirmPasswordError::Fault(fault) => Error::from(fault).into(),
    }
}
