//! The answer of an authenticator in a form. It is bound to the token of the form, which the guard
//! has found to be of this browser.

use auth::PasskeyAnswer;
use hypermedia::{extract::Submission, page_context::PageContext, ui::FieldName};

/// The token that a challenge in a form of this visitor is bound to.
pub(crate) fn form_token(context: &PageContext) -> &str {
    signature(context.csrf.token())
}

/// The answer in the form, if an authenticator gave one.
pub(crate) fn answer_of(submission: &Submission) -> Option<PasskeyAnswer> {
    let value = |name| submission.value(name).ok().filter(|value| !value.is_empty());
    Some(PasskeyAnswer {
        sealed: value(FieldName::CEREMONY)?.to_owned(),
        credential: value(FieldName::PASSKEY)?.to_owned(),
        form_token: signature(value(FieldName::CSRF_TOKEN)?).to_owned(),
    })
}

/// The token without what it says, unsigned, of the visitor.
fn signature(token: &str) -> &str {
    token.split_once('.').map_or(token, |(signature, _)| signature)
}
