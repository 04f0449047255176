//! The answers of the guard in place of a handler: the question for the password, the way to the
//! log-in page, or the form once more. The submission is saved meanwhile.

use domain::{Principal, Token};
use poem::Request;

use crate::{
    answer::{Answer, View},
    cookies::{Cookie, Cookies},
    csrf::Stale,
    error::Error,
    extract::{FormState, LocalPath, Submission},
    page_context::{FormPage, FormRoute, PageContext},
    ui::Message,
};

/// Asks the principal for the password, over the page that a form is on.
pub(super) async fn ask(
    context: &PageContext,
    principal: &Principal,
    request: &Request,
) -> Result<Answer, Error> {
    let Some(submission) = request.data::<Submission>() else {
        let here = request.uri().path_and_query().map_or("/", |here| here.as_str());
        return Ok(ask_before(context, here));
    };
    let form = submission.to_saved(&context.path).asked_in(principal);
    let Some(token) = context.accounts().sessions().hold_form(principal.user_id, &form).await?
    else {
        return Ok(ask_before(context, context.site.page_paths.nearest(&context.path).as_str()));
    };
    let page = page_of(context, &token);
    Ok(Answer::dialog((context.account_pages().password_dialog)(context, &page), page))
}

/// Asks for the password on a page of its own, and goes on to `page`.
pub fn ask_before(context: &PageContext, page: &str) -> Answer {
    Answer::redirect(LocalPath::of(context.account_pages().confirm_password).with_next(page))
}

/// Sends the visitor to the log-in page. A form from a session that has expired is saved for the
/// user of that session, if it carries the token of that session.
pub(super) async fn log_in(
    context: &PageContext,
    form: FormRoute,
    request: &Request,
) -> Result<Answer, Error> {
    if request.method().is_safe() {
        return Ok(Answer::log_in());
    }
    let cookies = Cookies::of(request.headers(), context.site.cookie_names);
    let (Some(id), Ok(submission)) =
        (cookies.get(Cookie::Session), Submission::read(request, form.fields))
    else {
        return Ok(Answer::log_in());
    };
    let Some(sender) = context.accounts().sessions().find_expired_session(id).await? else {
        return Ok(Answer::log_in());
    };
    let csrf = context.site.csrf(Some(&sender), None);
    if !csrf.is_proven(request.headers(), &submission) {
        return Ok(Answer::log_in());
    }
    let form = submission.to_saved(&context.path);
    // A button is pressed again as easily as it was the first time.
    if form.fields.is_empty() {
        return Ok(Answer::log_in());
    }
    let token = context.accounts().sessions().hold_form(sender.user_id, &form).await?;
    Ok(token.map_or_else(Answer::log_in, |token| Answer::log_in_for(page_of(context, &token))))
}

/// The form again, because it came without a valid token.
pub(super) fn unproven(
    page: Option<FormPage>,
    context: &PageContext,
    submission: &Submission,
    stale: Stale,
) -> Answer {
    Answer::unproven(form_again(page, context, submission, stale))
}

/// The page of a form that was sent to the context's path, with the typed values and a fresh token.
pub fn form_again(
    page: Option<FormPage>,
    context: &PageContext,
    submission: &Submission,
    stale: Stale,
) -> View {
    let texts = context.texts();
    let message = match (stale, &context.principal) {
        (Stale::WithoutCookies, _) => texts.form.cookies_blocked.into(),
        (Stale::BeforeLogIn | Stale::OtherUser, Some(principal)) => {
            (texts.form.form_before_log_in)(principal.email.as_str()).into()
        }
        _ => Message::from(texts.form.form_unproven),
    };
    match page {
        Some(page) => page(context, &FormState::of(submission).refused(message)),
        None => (context.account_pages().send_again)(context, submission, &message),
    }
}

fn page_of(context: &PageContext, token: &Token) -> LocalPath {
    LocalPath::of(context.account_pages().confirm_password).with_token(token)
}
