//! The logged-in user, for handlers of routes that require one.

use std::{ops::Deref, sync::Arc};

use domain::Principal;
use poem::{FromRequest, Request, RequestBody};

use crate::error::Error;

/// The principal that the guard has admitted: on a route for users that of the session, on a route
/// with a permission the one that was read for it. On any other route there is none, and asking for
/// it answers 403.
#[derive(Clone)]
pub struct Authenticated(Arc<Principal>);

impl Authenticated {
    /// Attests that `principal` meets the policy of the route.
    pub fn new(principal: Arc<Principal>) -> Self {
        Self(principal)
    }
}

impl Deref for Authenticated {
    type Target = Principal;

    fn deref(&self) -> &Principal {
        &self.0
    }
}

impl<'a> FromRequest<'a> for &'a Authenticated {
    async fn from_request(request: &'a Request, _body: &mut RequestBody) -> poem::Result<Self> {
        request.data::<Authenticated>().ok_or_else(|| Error::Forbidden.into())
    }
}
