//! Who is logged in, for the handlers of routes that nobody else reaches.

use std::{ops::Deref, sync::Arc};

use domain::Principal;
use poem::{FromRequest, Request, RequestBody};

use crate::error::Error;

/// The principal whom the guard has let in: of a route for users the one of the
/// session, of a route for a permission the one that was asked for it. On any other
/// route there is none, and asking for it is refused.
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
