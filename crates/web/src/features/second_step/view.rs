//! The page of the second step: a section for each kind of factor that the account has.

use auth::{PasskeyCeremony, SecondStep};
use domain::FactorKind;
use hypermedia::{
    answer::View,
    extract::FormState,
    page_context::PageContext,
    ui::{
        Card, Field, FieldKind, FieldName, Form, Indexing, Message, Moment, PasskeyForm,
        PasskeyPrompt, PasskeyRequest, ids,
    },
};
use maud::{Markup, Render, html};

use crate::{fields, paths, texts::Texts};

/// The address of the page.
pub(crate) const PATH: &str = "/login/second";
/// The address of the page for an owner who has lost every factor.
pub(crate) const LOST_PATH: &str = "/login/second/lost";

/// A form of the page.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum StepForm {
    Passkey,
    App,
    RecoveryCode,
}

/// A form of the page that was refused.
pub(super) struct Refused {
    pub(super) state: FormState,
    pub(super) form: StepForm,
}

impl StepForm {
    const fn id(self) -> &'static str {
        match self {
            Self::Passkey => ids::PASSKEY_STEP_FORM,
            Self::App => ids::SECOND_STEP_FORM,
            Self::RecoveryCode => ids::RECOVERY_CODE_FORM,
        }
    }

    /// The state of this form on the page.
    fn state(self, refused: Option<&Refused>) -> FormState {
        let refused = refused.filter(|refused| refused.form == self);
        refused.map_or_else(FormState::default, |refused| refused.state.clone())
    }
}

pub(super) fn page(
    context: &PageContext,
    step: &SecondStep,
    ceremony: Option<&PasskeyCeremony>,
    refused: Option<&Refused>,
) -> View {
    let texts = Texts::of(context.language());
    let has = |kind| step.factors.kinds.contains(&kind);
    let passkey = ceremony.map(|ceremony| passkey_form(context, ceremony, refused));
    let app = has(FactorKind::AuthenticationApp).then(|| app_form(context, refused));
    let recovery = step.factors.has_recovery_codes.then(|| recovery_form(context, refused));
    let sent = refused.map(|refused| refused.form);
    let has_other = has(FactorKind::Passkey) || app.is_some();
    let body = html! {
        @if let Some(passkey) = &passkey { (passkey) }
        @else if has(FactorKind::Passkey) { p.hint { (texts.passkeys.step_unsupported) } }
        @if let Some(app) = &app { (app) }
        @if let Some(recovery) = &recovery {
            @if has_other {
                details.question open[sent == Some(StepForm::RecoveryCode)] {
                    summary { (texts.factors.use_recovery_code) }
                    (recovery)
                }
            } @else {
                (recovery)
            }
        }
    };
    let lead = match (has(FactorKind::Passkey), &app) {
        (true, Some(_)) => texts.passkeys.step_lead_or_code,
        (true, None) => texts.passkeys.step_lead,
        (false, Some(_)) => texts.factors.step_lead,
        (false, None) => texts.factors.step_lead_recovery,
    };
    let foot = html! {
        @if let Some(at) = step.factor_reset_at {
            p { (Message::about(Moment { texts, at }, texts.factor_reset.under_way)) }
        } @else {
            p { a href=(LOST_PATH) { (texts.factor_reset.lost) } }
        }
        p { a href=(paths::LOG_IN) { (texts.factors.other_account) } }
    };
    let title = texts.factors.step_title;
    let card = Card { title, lead: Some(lead), body, foot: Some(foot) };
    let form = match sent {
        Some(StepForm::Passkey) => passkey,
        Some(StepForm::RecoveryCode) => recovery,
        Some(StepForm::App) | None => app,
    };
    View { title, indexing: Indexing::Unlisted, form, main: card.render() }
}

fn passkey_form(
    context: &PageContext,
    ceremony: &PasskeyCeremony,
    refused: Option<&Refused>,
) -> Markup {
    let texts = Texts::of(context.language());
    let state = StepForm::Passkey.state(refused);
    PasskeyForm {
        id: StepForm::Passkey.id(),
        action: PATH,
        csrf_token: context.csrf.token(),
        hidden: Vec::new(),
        fields: Vec::new(),
        prompt: PasskeyPrompt {
            texts,
            request: PasskeyRequest::Use,
            options: &ceremony.options,
            ceremony: &ceremony.sealed,
            label: texts.passkeys.use_one,
            error: state.error_of(FieldName::PASSKEY),
            instead: Some(texts.passkeys.step_unsupported),
        },
    }
    .render()
}

fn app_form(context: &PageContext, refused: Option<&Refused>) -> Markup {
    let texts = Texts::of(context.language());
    let state = StepForm::App.state(refused);
    Form {
        texts,
        id: StepForm::App.id(),
        action: PATH,
        csrf_token: context.csrf.token(),
        hidden: Vec::new(),
        error: state.error.clone(),
        fields: vec![
            Field {
                error: state.error_of(fields::CODE),
                // The focus stays in the form that was sent.
                autofocus: refused.is_none_or(|refused| refused.form == StepForm::App),
                ..Field::new(texts, fields::CODE, texts.factors.code, FieldKind::DigitCode)
            },
            Field::new(
                texts,
                fields::REMEMBER_BROWSER,
                texts.factors.remember_browser,
                FieldKind::Checkbox(state.is_ticked(fields::REMEMBER_BROWSER)),
            ),
        ],
        submit: texts.factors.step_submit,
    }
    .render()
}

fn recovery_form(context: &PageContext, refused: Option<&Refused>) -> Markup {
    let texts = Texts::of(context.language());
    let state = StepForm::RecoveryCode.state(refused);
    let name = fields::RECOVERY_CODE;
    Form {
        texts,
        id: StepForm::RecoveryCode.id(),
        action: PATH,
        csrf_token: context.csrf.token(),
        hidden: Vec::new(),
        error: state.error.clone(),
        fields: vec![Field {
            error: state.error_of(name),
            ..Field::new(texts, name, texts.factors.recovery_code, FieldKind::Code)
        }],
        submit: texts.factors.step_submit,
    }
    .render()
}
