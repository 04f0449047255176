//! A form from a tab that was opened before another user logged in, in another tab of the same
//! browser. It is not carried out for the wrong user, and its sender does not end up in the other
//! account unnoticed: the page says who is logged in, and offers to log out.

use domain::{EmailAddress, Principal};
use hypermedia::{
    answer::{Answer, View},
    extract::{LocalPath, Submission},
    page_context::{FormPage, PageContext},
    ui::{ActionForm, Card, FieldName, Indexing, ids},
};
use maud::{Render, html};
use poem::Request;

use crate::{fields, paths, texts::Texts};

/// The answer to a user at a page for anonymous visitors: the landing page, unless the form names
/// another user or a field is checked while it is typed in.
pub(crate) fn instead(
    context: &PageContext,
    principal: &Principal,
    page: Option<FormPage>,
    request: &Request,
) -> Answer {
    let to_profile = || Answer::redirect(context.landing());
    if request.method().is_safe() {
        return to_profile();
    }
    if context.path == paths::SIGN_UP_CHECK {
        return Answer::nothing();
    }
    let Ok(submission) = Submission::read(request, &[fields::EMAIL, FieldName::NEXT]) else {
        return to_profile();
    };
    match submission.value(fields::EMAIL) {
        Ok(email) if is_another(email, principal) && page.is_none() => Answer::nothing(),
        Ok(email) if is_another(email, principal) => {
            let next = submission.value(FieldName::NEXT).unwrap_or_default();
            Answer::conflict(view(context, principal, &onwards(context, next)))
        }
        _ => to_profile(),
    }
}

/// The answer to a user who sends a form of another user.
pub(crate) fn refuse(context: &PageContext, principal: &Principal) -> Answer {
    tracing::info!(user_id = %principal.user_id, "refused a form of another user");
    let page = context.site.page_paths.nearest(&context.path);
    Answer::forbidden(view(
        context,
        principal,
        &LocalPath::of(paths::LOG_IN).with_next(page.as_str()),
    ))
}

fn is_another(email: &str, principal: &Principal) -> bool {
    !email.is_empty() && EmailAddress::parse(email).ok().as_ref() != Some(&principal.email)
}

/// The page of the form, with where it leads to.
fn onwards(context: &PageContext, next: &str) -> LocalPath {
    let page = context.site.page_paths.nearest(&context.path);
    if context.site.page_paths.find(next).is_some() { page.with_next(next) } else { page }
}

fn view(context: &PageContext, principal: &Principal, onwards: &LocalPath) -> View {
    let texts = Texts::of(context.language());
    let switch = ActionForm {
        hidden: vec![(FieldName::NEXT, onwards.as_str())],
        ..ActionForm::new(
            ids::SWITCH_USER_FORM,
            "/logout",
            context.csrf.token(),
            texts.pages.switch_user,
        )
    };
    let lead = (texts.pages.other_user_lead)(principal.email.as_str());
    let card = Card {
        title: texts.pages.other_user,
        lead: Some(&lead),
        body: switch.render(),
        foot: Some(
            html! { p { a href=(context.account_pages().landing) { (texts.pages.stay_logged_in) } } },
        ),
    };
    let indexing = Indexing::Unlisted;
    View { title: texts.pages.other_user, indexing, form: None, main: card.render() }
}
