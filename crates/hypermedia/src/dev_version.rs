//! Tells pages in development that the server has been started again, so that they load themselves
//! (`assets/dev.js`). Elsewhere it is not there.

use poem::{Response, handler, web::Data};

/// Where it is answered.
pub(crate) const PATH: &str = "/dev/version";

/// A name for this process, which no other has: a page that knows another one is out of date.
#[derive(Clone, Debug)]
pub(crate) struct DevVersion(String);

impl DevVersion {
    pub(crate) fn of_process() -> Self {
        Self(u64::from_ne_bytes(domain::random::bytes()).to_string())
    }
}

#[handler]
pub(crate) fn version(Data(version): Data<&DevVersion>) -> Response {
    Response::builder().content_type("text/plain; charset=utf-8").body(version.0.clone())
}
