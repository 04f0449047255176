//! The page of one user for admins, and the actions on the account. Each action is the use case of
//! the operator's command, with the admin as the actor.

mod action;
mod view;

use auth::OrderError;
use domain::{Role, UserId};
use hypermedia::{
    answer::Answer,
    error::Error,
    extract::{Authenticated, FormState, LocalPath, Submission},
    flash::Flash,
    page_context::PageContext,
    ui::FieldName,
};
use poem::{Endpoint, FromRequest, IntoResponse, Request, Response, handler, web::Path};

pub(crate) use self::action::Action;
pub(in crate::features::admin) use self::view::mail_state;
use super::{REASON, local, note, role_label, user_path, users};
use crate::{fields, texts::Texts};

/// The address of a user's page.
pub(crate) const PATH: &str = "/admin/users/{id}";
/// The path by which releases before had a role changed.
pub(crate) const FORMER_ROLE_PATH: &str = "/admin/users/{id}/role";

/// The page.
#[handler]
pub(crate) async fn show(
    context: &PageContext,
    principal: &Authenticated,
    Path(id): Path<String>,
) -> Result<Answer, Error> {
    let id: UserId = id.parse().map_err(|_| Error::NotFound)?;
    let report = context.accounts().administration().report_by_id(id).await?;
    let report = report.ok_or(Error::NotFound)?;
    Ok(Answer::page(view::page(context, principal, &report, None)))
}

/// An action at work.
pub(crate) struct Act(pub(crate) Action);

impl Endpoint for Act {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let context = <&PageContext>::from_request_without_body(&request).await?;
        let principal = <&Authenticated>::from_request_without_body(&request).await?;
        let submission = <&Submission>::from_request_without_body(&request).await?;
        let id = request.raw_path_param("id").unwrap_or_default();
        let id: UserId = id.parse().map_err(|_| Error::NotFound)?;
        let answer = update(self.0, context, principal, (id, submission)).await?;
        Ok(answer.into_response())
    }
}

async fn update(
    action: Action,
    context: &PageContext,
    principal: &Authenticated,
    (id, submission): (UserId, &Submission),
) -> Result<Answer, Error> {
    let texts = Texts::of(context.language());
    let role = match action {
        Action::Role => {
            let roles = context.accounts().settings().roles;
            roles.find(submission.value(fields::ROLE)?).map_err(|_| Error::BadRequest)?
        }
        _ => Role::USER,
    };
    let note = match note(texts, submission.value(REASON)?) {
        Ok(note) => note,
        Err(error) => {
            let state = wrong(submission, REASON, error);
            return refuse(action, context, principal, id, &state).await;
        }
    };
    if action == Action::ResetFactors && note.as_text().is_none() {
        let state = wrong(submission, REASON, texts.admin.reason_missing);
        return refuse(action, context, principal, id, &state).await;
    }
    if action == Action::Delete && !repeats_address(context, id, submission).await? {
        let state = wrong(submission, fields::EMAIL, texts.admin.repeat_email_wrong);
        return refuse(action, context, principal, id, &state).await;
    }
    let administration = context.accounts().administration();
    let order = (&action.order(role.clone()), &note);
    let error = match administration.order_as_admin(principal, id, order, &context.client()).await {
        Ok(user) => {
            let next = match action {
                Action::Delete => LocalPath::of(users::PATH),
                _ => local(&user_path(id)),
            };
            let flash = if let Some(done) = action.texts(texts).done {
                Flash::new(done)
            } else {
                let role = role_label(context, &role);
                Flash::new((texts.admin.role_changed)(user.name.as_str(), &role))
            };
            return Ok(Answer::redirect(next).with_flash(flash));
        }
        Err(OrderError::NoAccount) => return Err(Error::NotFound),
        Err(OrderError::LastAdmin) => texts.pages.last_admin,
        Err(OrderError::Unconfirmed) => texts.pages.no_admin,
        Err(OrderError::Disabled) => texts.admin.account_disabled,
        Err(OrderError::NoFactor) => texts.admin.no_factor,
        Err(OrderError::OtherAdmin) => texts.admin.not_of_admins,
        Err(OrderError::OwnAccount) => texts.admin.own_account,
        Err(OrderError::Fault(fault)) => return Err(fault.into()),
    };
    let state = FormState::of(submission).refused(error);
    refuse(action, context, principal, id, &state).await
}

/// The state of a form that is refused because of this field.
fn wrong(submission: &Submission, field: FieldName, error: &'static str) -> FormState {
    let mut state = FormState::of(submission);
    state.reject(field, error);
    state.refused(error)
}

/// Whether the address of the account was typed, as the operator's command asks for `--yes`.
async fn repeats_address(
    context: &PageContext,
    id: UserId,
    submission: &Submission,
) -> Result<bool, Error> {
    let report = context.accounts().administration().report_by_id(id).await?;
    let user = report.ok_or(Error::NotFound)?.user;
    let typed = submission.value(fields::EMAIL)?;
    Ok(domain::EmailAddress::parse(typed).is_ok_and(|email| email == user.email))
}

/// The page as the database has it; the form says why nothing changed.
async fn refuse(
    action: Action,
    context: &PageContext,
    principal: &Authenticated,
    id: UserId,
    state: &FormState,
) -> Result<Answer, Error> {
    let report = context.accounts().administration().report_by_id(id).await?;
    let report = report.ok_or(Error::NotFound)?;
    Ok(Answer::invalid(view::page(context, principal, &report, Some((action, state)))))
}
