//! The mails that wait and that could not be sent: why, another try, and a test mail. What a mail
//! says is shown nowhere.

mod view;

use auth::{MailCursor, MailFilter, MailId, SendAgainError};
use hypermedia::{
    answer::Answer,
    error::Error,
    extract::{Authenticated, LocalPath, cursor},
    flash::Flash,
    page_context::PageContext,
};
use poem::{
    handler,
    web::{Path, Query},
};
use serde::Deserialize;

use super::address;
use crate::texts::Texts;

/// The address of the list.
pub(crate) const PATH: &str = "/admin/mail";
/// Where a test mail is asked for.
pub(crate) const TEST_PATH: &str = "/admin/mail/test";
/// Where a mail is sent again.
pub(crate) const SEND_PATH: &str = "/admin/mail/{mail}/send";

/// The query of the list; malformed values are ignored.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct IndexQuery {
    state: String,
    page: String,
}

#[handler]
pub(crate) async fn index(
    context: &PageContext,
    principal: &Authenticated,
    query: poem::Result<Query<IndexQuery>>,
) -> Result<Answer, Error> {
    let IndexQuery { state, page } = query.map(|Query(query)| query).unwrap_or_default();
    let filter = MailFilter::ALL.into_iter().find(|filter| name(*filter) == state);
    let after = cursor::decode(&page);
    let after = after.map(|(at, id)| MailCursor { at, id: MailId::from_bytes(id) });
    let list = view::List { filter: filter.unwrap_or_default(), after, refused: None };
    Ok(Answer::page(view::page(context, principal, &list).await?))
}

/// Sends a mail again.
#[handler]
pub(crate) async fn update(
    context: &PageContext,
    principal: &Authenticated,
    Path(mail): Path<String>,
) -> Result<Answer, Error> {
    let texts = Texts::of(context.language());
    let id = MailId::parse(&mail).ok_or(Error::NotFound)?;
    let administration = context.accounts().administration();
    match administration.send_mail_again(principal, id, &context.client()).await {
        Ok(()) => {
            Ok(Answer::redirect(LocalPath::of(PATH)).with_flash(Flash::new(texts.admin.sent_again)))
        }
        Err(SendAgainError::NoSuchMail) => Err(Error::NotFound),
        Err(SendAgainError::NotRepeatable) => {
            let filter = MailFilter::Failed;
            let list = view::List { filter, after: None, refused: Some(id) };
            Ok(Answer::conflict(view::page(context, principal, &list).await?))
        }
        Err(SendAgainError::Fault(fault)) => Err(fault.into()),
    }
}

/// Sends a test mail to the admin.
#[handler]
pub(crate) async fn create(
    context: &PageContext,
    principal: &Authenticated,
) -> Result<Answer, Error> {
    let texts = Texts::of(context.language());
    context.accounts().administration().send_test_mail(principal).await?;
    let flash = Flash::new(texts.admin.test_sent);
    Ok(Answer::redirect(LocalPath::of(PATH)).with_flash(flash))
}

/// The name of a filter in the address; the default has none.
const fn name(filter: MailFilter) -> &'static str {
    match filter {
        MailFilter::Waiting => "",
        MailFilter::Failed => "failed",
    }
}

fn place(filter: MailFilter, after: Option<MailCursor>) -> String {
    let page = after.map(|after| cursor::encode(after.at, after.id.as_bytes()));
    address(PATH, &[("state", name(filter)), ("page", page.as_deref().unwrap_or_default())])
}
