//! The second step of a log-in: the factor that follows a right password.
//!
//! The page belongs to a pending log-in, which its cookie finds and which no other page reads. Once
//! that is over, the visitor is back at the log-in page, with the address and a sentence.

mod view;

use auth::{
    Fault, FinishedLogIn, LogInByCode, LogInByPasskey, PasskeyAnswer, PendingEnd, PendingLogIn,
    SecondStep, SecondStepError,
};
use domain::FactorKind;
use hypermedia::{
    answer::{Answer, View},
    error::Error,
    extract::{FormState, LocalPath, Submission},
    flash::Flash,
    page_context::PageContext,
    ui::FieldName,
};
use poem::handler;

pub(crate) use self::view::{LOST_PATH, PATH};
use self::view::{Refused, StepForm};
use crate::{
    features::{
        passkey_prompt::{answer_of, form_token},
        welcome::welcome,
    },
    fields, paths,
    texts::Texts,
};

/// The fields of its forms.
pub(crate) const FIELDS: &[FieldName] = &[
    fields::CODE,
    fields::RECOVERY_CODE,
    fields::REMEMBER_BROWSER,
    FieldName::PASSKEY,
    FieldName::CEREMONY,
];

#[handler]
pub(crate) async fn new(context: &PageContext) -> Result<Answer, Error> {
    Ok(match find(context).await? {
        Ok(step) => Answer::page(page(context, &step, None).await?),
        Err(instead) => instead,
    })
}

#[handler]
pub(crate) async fn create(
    context: &PageContext,
    submission: &Submission,
) -> Result<Answer, Error> {
    let texts = Texts::of(context.language());
    let Some(cookie) = context.pending_log_in.as_deref() else { return Ok(log_in_again()) };
    if let Some(answer) = answer_of(submission) {
        return by_passkey(context, cookie, answer).await;
    }
    let mut state = FormState::of(submission);
    let is_recovery = submission.has(fields::RECOVERY_CODE);
    let (form, field, wrong) = if is_recovery {
        (StepForm::RecoveryCode, fields::RECOVERY_CODE, texts.factors.recovery_code_wrong)
    } else {
        (StepForm::App, fields::CODE, texts.factors.code_wrong)
    };
    let parse = if is_recovery { fields::recovery_code } else { fields::second_factor_code };
    let Some(code) = state.parse(texts, submission, field, parse) else {
        return refuse(context, Refused { state, form }, Answer::invalid).await;
    };
    let step = LogInByCode {
        cookie,
        code: &code,
        remember_browser: !is_recovery && submission.has(fields::REMEMBER_BROWSER),
        device: context.device.as_deref(),
    };
    match context.accounts().sessions().log_in_by_code(step, &context.client()).await {
        Ok(finished) => Ok(begin(context, finished)),
        Err(SecondStepError::NoPendingLogIn) => gone(context).await,
        Err(
            SecondStepError::WrongCode
            | SecondStepError::WrongPasskey
            | SecondStepError::PasskeyExpired,
        ) => {
            state.reject(field, wrong);
            refuse(context, Refused { state, form }, Answer::invalid).await
        }
        Err(SecondStepError::Throttled { retry_after }) => {
            let state = state.refused(texts.forms.throttled);
            let answer = |view| Answer::throttled(view, retry_after);
            refuse(context, Refused { state, form }, answer).await
        }
        Err(SecondStepError::Fault(Fault::Busy { retry_after })) => {
            let state = state.refused(texts.forms.busy);
            let answer = |view| Answer::busy(view, retry_after);
            refuse(context, Refused { state, form }, answer).await
        }
        Err(SecondStepError::Fault(fault)) => Err(fault.into()),
    }
}

/// Finishes the log-in by a passkey.
async fn by_passkey(
    context: &PageContext,
    cookie: &str,
    answer: PasskeyAnswer,
) -> Result<Answer, Error> {
    let texts = Texts::of(context.language());
    let step = LogInByPasskey { cookie, answer, device: context.device.as_deref() };
    let refused = |error: &'static str| {
        let mut state = FormState::default();
        state.reject(FieldName::PASSKEY, error);
        Refused { state, form: StepForm::Passkey }
    };
    match context.accounts().sessions().log_in_by_passkey(step, &context.client()).await {
        Ok(finished) => Ok(begin(context, finished)),
        Err(SecondStepError::NoPendingLogIn) => gone(context).await,
        Err(SecondStepError::WrongPasskey | SecondStepError::WrongCode) => {
            refuse(context, refused(texts.passkeys.not_yours), Answer::invalid).await
        }
        Err(SecondStepError::PasskeyExpired) => {
            refuse(context, refused(texts.passkeys.expired), Answer::invalid).await
        }
        Err(SecondStepError::Throttled { retry_after }) => {
            let answer = |view| Answer::throttled(view, retry_after);
            refuse(context, refused(texts.forms.throttled), answer).await
        }
        Err(SecondStepError::Fault(fault)) => Err(fault.into()),
    }
}

/// The page that the visitor wanted, in the new session.
fn begin(context: &PageContext, finished: FinishedLogIn) -> Answer {
    welcome(context, finished.next_path.as_deref(), finished.logged_in)
}

/// The page, with a challenge for an account that has a passkey.
async fn page(
    context: &PageContext,
    step: &SecondStep,
    refused: Option<&Refused>,
) -> Result<View, Error> {
    let sessions = context.accounts().sessions();
    let ceremony = if step.factors.kinds.contains(&FactorKind::Passkey) {
        sessions.begin_passkey_step(step, form_token(context)).await?
    } else {
        None
    };
    Ok(view::page(context, step, ceremony.as_ref(), refused))
}

/// Where a visitor goes once the pending log-in is over.
async fn gone(context: &PageContext) -> Result<Answer, Error> {
    find(context).await.map(|found| found.err().unwrap_or_else(log_in_again))
}

/// The page again, unless the pending log-in is over by now.
async fn refuse(
    context: &PageContext,
    refused: Refused,
    answer: impl FnOnce(View) -> Answer,
) -> Result<Answer, Error> {
    Ok(match find(context).await? {
        Ok(step) => answer(page(context, &step, Some(&refused)).await?),
        Err(instead) => instead,
    })
}

/// The pending log-in, or where to go without one.
async fn find(context: &PageContext) -> Result<Result<SecondStep, Answer>, Error> {
    let Some(cookie) = context.pending_log_in.as_deref() else { return Ok(Err(to_log_in())) };
    let texts = Texts::of(context.language());
    Ok(match context.accounts().sessions().find_pending_log_in(cookie).await? {
        Some(PendingLogIn::Waiting(step)) => Ok(step),
        Some(PendingLogIn::Over(email, end)) => {
            let sentence = match end {
                PendingEnd::Expired => texts.factors.step_expired,
                PendingEnd::NoTryLeft => texts.factors.step_no_try,
            };
            Err(to_log_in().remove_pending().with_flash(Flash::new(sentence).with_email(email)))
        }
        None => {
            let flash = Flash::new(texts.factors.step_gone);
            Err(to_log_in().remove_pending().with_flash(flash))
        }
    })
}

fn to_log_in() -> Answer {
    Answer::redirect(LocalPath::of(paths::LOG_IN))
}

fn log_in_again() -> Answer {
    to_log_in().remove_pending()
}
