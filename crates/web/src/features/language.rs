//! Choosing the language of the pages and, for a user, of the mails.

use domain::Language;
use hypermedia::{
    answer::Answer,
    error::Error,
    extract::{Submission, referer},
    page_context::PageContext,
    ui::FieldName,
};
use poem::{Request, handler};

/// The fields of the form.
pub(crate) const FIELDS: &[FieldName] = &[FieldName::LANGUAGE, FieldName::NEXT];

#[handler]
pub(crate) async fn update(
    context: &PageContext,
    request: &Request,
    submission: &Submission,
) -> Result<Answer, Error> {
    let language = submission.value(FieldName::LANGUAGE)?;
    let language: Language = language.parse().map_err(|_| Error::BadRequest)?;
    if let Some(principal) = &context.principal {
        context.accounts().account().change_language(principal, language).await?;
    }
    let page = here(request, submission.value(FieldName::NEXT)?);
    Ok(Answer::document(context.site.page_paths.nearest(&page)).set_language(language))
}

/// The page that the form was on. The form contains its path, if that is a page to come back to.
/// Its query, which may contain a secret that was mistyped there, is in no page; the browser names
/// it.
fn here(request: &Request, path: &str) -> String {
    let referer = referer(request.headers());
    let told = referer.filter(|uri| path.is_empty() || uri.path() == path);
    let told = told.as_ref().and_then(|uri| uri.path_and_query());
    told.map_or(path, |told| told.as_str()).to_owned()
}
