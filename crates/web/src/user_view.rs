//! The signature of a view that a product may replace.

use domain::Principal;
use hypermedia::{answer::View, page_context::PageContext};

/// The view of a page for the logged-in user.
pub type UserView = fn(&PageContext, &Principal) -> View;
