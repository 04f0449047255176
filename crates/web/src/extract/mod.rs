//! What handlers take from a request: who is there, a form and its fields, a local
//! path, a place in a list.

mod authenticated;
pub(crate) mod cursor;
mod form_state;
mod local_path;
mod referer;
mod submission;

pub(crate) use authenticated::Authenticated;
pub(crate) use form_state::FormState;
pub(crate) use local_path::LocalPath;
pub(crate) use referer::referer;
pub(crate) use submission::{Doubled, FORM_TYPE, Submission};
