//! Accepting an invitation: the name and the password of the account of an address that was
//! invited, also while sign-up is closed. The page spends nothing, because mail scanners follow
//! links. It is the page of every proof of an address ([`new_account`]).

use hypermedia::{answer::Answer, error::Error, extract::Submission, page_context::PageContext};
use poem::{handler, web::Path};

use super::new_account::{self, Proof};

/// The address of the link.
pub(crate) const PATH: &str = "/invitation/{token}";

#[handler]
pub(crate) async fn edit(
    context: &PageContext,
    Path(token): Path<String>,
) -> Result<Answer, Error> {
    new_account::show(Proof::Invitation, context, &token).await
}

#[handler]
pub(crate) async fn update(
    context: &PageContext,
    Path(token): Path<String>,
    submission: &Submission,
) -> Result<Answer, Error> {
    new_account::take(Proof::Invitation, context, &token, submission).await
}
