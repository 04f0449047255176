//! The values that handlers take from a request: the user, a form and its fields, a local path, a
//! position in a list.

mod authenticated;
pub mod cursor;
mod form_state;
mod local_path;
pub mod parse;
mod referer;
mod submission;

pub use authenticated::Authenticated;
pub use form_state::FormState;
pub use local_path::LocalPath;
pub use referer::referer;
pub use submission::{Doubled, FORM_TYPE, Submission};
