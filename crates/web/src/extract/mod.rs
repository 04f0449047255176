//! What handlers take from a request: a form, a local path.

mod form_state;
mod local_path;
mod submission;

pub(crate) use form_state::FormState;
pub(crate) use local_path::LocalPath;
pub(crate) use submission::Submission;
