//! The guard before every handler: it checks the policy of the route and the token of the form, and
//! leads a user who has to have a second factor to set it up. It is part of the endpoint, so no
//! spelling of a path gets around it, and a route that is not in the table does not exist.

mod interrupted;

use std::sync::Arc;

use domain::Principal;
use poem::{
    Endpoint, IntoResponse, Request, Response,
    endpoint::DynEndpoint,
    http::{HeaderValue, Method, header},
};

pub use self::interrupted::{ask_before, form_again};
use crate::{
    answer::Answer,
    csrf::{self, Stale},
    error::{self, Error},
    extract::{Authenticated, LocalPath, Submission},
    middleware::AllowedOrigin,
    page_context::{FormRoute, PageContext},
    policy::{Policy, RouteInfo},
};

/// A route with what serves it.
#[derive(Clone)]
pub struct Entry {
    pub(crate) info: RouteInfo,
    pub(crate) endpoint: Arc<dyn DynEndpoint<Output = Response>>,
    pub(crate) form: FormRoute,
    /// Where the visitor goes on after the password, if not to the action itself.
    pub(crate) resumed_at: Option<&'static str>,
}

/// Every route of one path.
pub struct Resource(pub Vec<Entry>);

impl Endpoint for Resource {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let context = request.data::<Arc<PageContext>>().map(Arc::clone).ok_or(Error::NotFound)?;
        let Some(entry) = self.entry(request.method()) else {
            return Ok(self.method_not_allowed());
        };
        let result = match admit(entry, &context, &mut request).await {
            Ok(None) => DynEndpoint::call(&*entry.endpoint, request).await,
            Ok(Some(instead)) => return Ok(instead.into_response()),
            Err(error) => return Ok(Answer::from(error).into_response()),
        };
        Ok(result.unwrap_or_else(|error| Answer::from(error::of(&error)).into_response()))
    }
}

impl Resource {
    fn entry(&self, method: &Method) -> Option<&Entry> {
        let method = if method == Method::HEAD { &Method::GET } else { method };
        self.0.iter().find(|entry| entry.info.method == *method)
    }

    fn method_not_allowed(&self) -> Response {
        let mut allowed: Vec<&str> = Vec::new();
        for entry in &self.0 {
            allowed.push(entry.info.method.as_str());
            if entry.info.method == Method::GET {
                allowed.push("HEAD");
            }
        }
        let mut response = Answer::from(Error::MethodNotAllowed).into_response();
        if let Ok(value) = HeaderValue::from_str(&allowed.join(", ")) {
            response.headers_mut().insert(header::ALLOW, value);
        }
        response
    }
}

/// Lets the visitor in, or says what to answer instead.
///
/// A visitor who is not logged in is sent to log in before the form is checked: the form of an
/// expired session carries a token of that session. The password is asked for after the check: only
/// a form of this visitor is saved.
async fn admit(
    entry: &Entry,
    context: &PageContext,
    request: &mut Request,
) -> Result<Option<Answer>, Error> {
    let is_safe = request.method().is_safe();
    if !is_safe && is_foreign(request) {
        tracing::info!("refused a form that another site sent");
        return Err(Error::ForeignForm);
    }
    let policy = entry.info.policy;
    match &context.principal {
        None if policy.is_for_users() => {
            return interrupted::log_in(context, entry.form, request).await.map(Some);
        }
        Some(principal) if policy == Policy::Anonymous => {
            let instead = context.account_pages().already_logged_in;
            return Ok(Some(instead(context, principal, entry.form.page, request)));
        }
        None | Some(_) => {}
    }
    if !is_safe {
        let submission = Submission::read(request, entry.form.fields)?;
        if !context.csrf.is_proven(request.headers(), &submission) {
            tracing::info!("refused a form without a valid token");
            let stale = context.csrf.stale(request.headers(), &submission);
            return Ok(Some(match (stale, &context.principal) {
                (Stale::OtherUser, Some(principal)) if policy.is_for_users() => {
                    (context.account_pages().other_user)(context, principal)
                }
                _ => interrupted::unproven(entry.form.page, context, &submission, stale),
            }));
        }
        request.set_data(submission);
    }
    authorize(entry, context, request).await
}

/// Lets the user in whom the policy allows, with the account as it is now where the policy asks for
/// more than a user.
async fn authorize(
    entry: &Entry,
    context: &PageContext,
    request: &mut Request,
) -> Result<Option<Answer>, Error> {
    let (policy, accounts) = (entry.info.policy, context.accounts());
    let reads_again = policy.permission().is_some() || policy.is_recent();
    let principal = match (policy, &context.principal) {
        (Policy::Anyone | Policy::Anonymous, _) => return Ok(None),
        (_, Some(known)) if reads_again => accounts.sessions().refresh(known).await?,
        (_, known) => known.clone(),
    };
    let Some(principal) = principal else { return Ok(Some(Answer::log_in())) };
    if policy != Policy::AnyUser && principal.delete_after.is_some() {
        return Ok(Some(Answer::redirect(LocalPath::of(context.account_pages().pending_deletion))));
    }
    if policy != Policy::AnyUser
        && !is_about_second_factors(context, entry)
        && accounts.lacks_second_factor(&principal)
    {
        let page = context.account_pages().second_factor;
        return Ok(Some(Answer::redirect(LocalPath::of(page))));
    }
    let is_allowed = |permission| accounts.may(&principal, permission);
    if !policy.permission().is_none_or(is_allowed) {
        return Err(Error::Forbidden);
    }
    if policy.is_recent() && !accounts.sessions().is_recent(&principal) {
        return ask_password(entry, context, &principal, request).await.map(Some);
    }
    request.set_data(Authenticated::new(principal));
    Ok(None)
}

/// By the pattern of the route, which no spelling of a path changes.
fn is_about_second_factors(context: &PageContext, entry: &Entry) -> bool {
    let routes = context.account_pages().second_factor_routes;
    routes.iter().any(|start| entry.info.path.starts_with(start))
}

async fn ask_password(
    entry: &Entry,
    context: &PageContext,
    principal: &Principal,
    request: &Request,
) -> Result<Answer, Error> {
    match entry.resumed_at {
        Some(page) => Ok(ask_before(context, page)),
        None => interrupted::ask(context, principal, request).await,
    }
}

fn is_foreign(request: &Request) -> bool {
    let own = request.data::<AllowedOrigin>().map_or("", AllowedOrigin::as_str);
    csrf::is_foreign(request.headers(), own)
}
