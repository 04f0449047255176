//! Choosing the language of the pages; of somebody who is logged in, that of their mails
//! too.

use domain::Language;
use poem::handler;

use crate::{answer::Answer, error::Error, extract::Submission, ui::FieldName, visit::Visit};

#[handler]
pub(crate) async fn update(visit: &Visit, submission: &Submission) -> Result<Answer, Error> {
    let language = submission.value(FieldName::Language)?;
    let language: Language = language.parse().map_err(|_| Error::BadRequest)?;
    if let Some(principal) = &visit.principal {
        visit.accounts().change_language(principal, language).await?;
    }
    let page = visit.site.pages.nearest(submission.value(FieldName::Next)?);
    Ok(Answer::document(page).set_language(language))
}
