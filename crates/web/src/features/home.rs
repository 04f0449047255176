//! The home address of a product that has no home page: it leads on to a page that there is.

use hypermedia::{answer::Answer, extract::LocalPath, page_context::PageContext};
use poem::handler;

use crate::paths;

/// Where the pages of the kit lead as home.
pub(crate) const PATH: &str = "/";

#[handler]
pub(crate) fn index(context: &PageContext) -> Answer {
    let is_user = context.principal.is_some();
    let next = if is_user { context.landing() } else { LocalPath::of(paths::LOG_IN) };
    Answer::redirect(next)
}
