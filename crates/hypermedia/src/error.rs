//! The errors of handlers, with their statuses. Only here errors become HTTP; the texts for people
//! are in `ui::texts`.

use std::time::Duration;

use auth::{Fault, StoreError};
use poem::{error::ResponseError, http::StatusCode};

/// Why there is no page to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The request makes no sense.
    #[error("bad request")]
    BadRequest,
    /// The visitor is not allowed to.
    #[error("forbidden")]
    Forbidden,
    /// Another site made the browser send a form.
    #[error("a form from another site")]
    ForeignForm,
    /// There is nothing at this address.
    #[error("not found")]
    NotFound,
    /// The address does not take this method.
    #[error("method not allowed")]
    MethodNotAllowed,
    /// The body is no form.
    #[error("unsupported media type")]
    UnsupportedMediaType,
    /// The server could not do it.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Error {
    /// When to try again, where that helps.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Fault(Fault::Busy { retry_after }) => Some(*retry_after),
            Self::Fault(Fault::Unavailable) => Some(Duration::from_secs(5)),
            _ => None,
        }
    }
}

impl From<StoreError> for Error {
    /// For the repositories of a product; the cause is logged.
    fn from(error: StoreError) -> Self {
        Self::Fault(error.into())
    }
}

impl ResponseError for Error {
    fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::Forbidden | Self::ForeignForm => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Fault(Fault::Busy { .. } | Fault::Unavailable) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Fault(Fault::AccountGone) => StatusCode::UNAUTHORIZED,
            Self::Fault(Fault::Internal) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// Reads an error that came up through Poem.
pub fn of(error: &poem::Error) -> Error {
    if let Some(own) = error.downcast_ref::<Error>() {
        return *own;
    }
    match error.status() {
        StatusCode::NOT_FOUND => Error::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => Error::MethodNotAllowed,
        status if status.is_client_error() => Error::BadRequest,
        _ => {
            tracing::error!(%error, "a handler failed");
            Error::Fault(Fault::Internal)
        }
    }
}
