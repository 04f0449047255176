//! The answer to a log-in: the page that the visitor wanted, in the new session.

use auth::LoggedIn;
use hypermedia::{answer::Answer, flash::Flash, page_context::PageContext};

use crate::texts::Texts;

/// Leads to `next` if it is a page of this site, else to the first page of users.
pub(crate) fn welcome(context: &PageContext, next: Option<&str>, logged_in: LoggedIn) -> Answer {
    let next = next.and_then(|next| context.site.page_paths.find(next));
    let next = next.unwrap_or_else(|| context.landing());
    let words = &Texts::of(context.language()).flashes;
    let has_kept = logged_in.has_kept_factors;
    let flash = Flash::new(if has_kept { words.factors_kept } else { words.logged_in });
    Answer::redirect(next).begin_session(logged_in).with_flash(flash)
}
