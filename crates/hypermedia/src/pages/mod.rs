//! The layer between the routes and the browser: it makes the page context, and turns the answer of
//! a handler into a page, a fragment or a redirect, with its cookies.
//!
//! Errors end here, inside the layers that add headers, which would be lost on an
//! `Err` (Poem drops what a layer adds to it).

mod error_response;
mod html;
mod render;
mod resend;
mod set_cookies;
mod shell;

use std::{mem, sync::Arc};

use poem::{
    Endpoint, Request, Response, Route,
    http::{Uri, header},
};

pub(crate) use self::error_response::refuse;
use self::{
    render::{arrive, leave, render, render_anew, to_log_in},
    resend::resend,
    set_cookies::{keep_session, set_cookies, set_csrf_cookie},
};
use crate::{
    answer::{Answer, Content, PendingChange, ProofChange, SessionChange},
    error::Error,
    extract::referer,
    page_context::{PageContext, Site},
};

/// How many redirects a fragment follows on the server.
const MAX_FOLLOWED: u8 = 3;

/// Serves the routes to visitors.
pub(crate) struct PagesEndpoint {
    site: Arc<Site>,
    routes: Arc<Route>,
}

impl PagesEndpoint {
    /// The layer around the routes of the site.
    pub(crate) fn new(site: Arc<Site>, routes: Route) -> Self {
        Self { site, routes: Arc::new(routes) }
    }

    /// The page that a redirect leads to, rendered at once: htmx would follow the
    /// redirect itself and put the page into the form.
    async fn follow(&self, context: &PageContext, answer: &Answer, left: u8) -> Option<Response> {
        let Content::Redirect(to) = &answer.content else { return None };
        let principal = match &answer.session {
            SessionChange::Begin(logged_in) => Some(Arc::new(logged_in.principal.clone())),
            SessionChange::Renew(renewed) => Some(Arc::new(renewed.principal.clone())),
            SessionChange::End => None,
            SessionChange::Keep => match &context.principal {
                Some(principal) => {
                    let refreshed = context.accounts().sessions().refresh(principal).await;
                    refreshed.unwrap_or_else(|_| Some(Arc::clone(principal)))
                }
                None => None,
            },
        };
        let mut next = context.follow(to.path(), principal);
        next.flash.clone_from(&answer.flash);
        match &answer.proof {
            ProofChange::Keep => {}
            ProofChange::Set(cookie) => next.proof = Some(cookie.expose().to_owned()),
            ProofChange::Remove => next.proof = None,
        }
        if answer.reset_request.is_some() {
            next.reset_request.clone_from(&answer.reset_request);
        }
        match &answer.pending {
            PendingChange::Keep => {}
            PendingChange::Set(cookie) => next.pending_log_in = Some(cookie.expose().to_owned()),
            PendingChange::Remove => next.pending_log_in = None,
        }
        let next = Arc::new(next);
        let Ok(uri) = to.as_str().parse::<Uri>() else { return Some(leave(to.as_str())) };
        let mut request = Request::builder().uri(uri).finish();
        request.set_data(Arc::clone(&next));
        let mut response = Answer::of(self.routes.as_ref().call(request).await);
        let found = response.extensions_mut().remove::<Answer>();
        let mut response = match found {
            Some(found) if matches!(found.content, Content::Redirect(_)) && left > 0 => {
                let found = Answer { flash: answer.flash.clone(), ..found };
                Box::pin(self.follow(&next, &found, left - 1)).await?
            }
            Some(found) => arrive(&next, &found, to.as_str()),
            None => leave(to.as_str()),
        };
        // A token for the forms of the page that follows a log-out.
        set_csrf_cookie(&next, &mut response);
        Some(response)
    }
}

impl Endpoint for PagesEndpoint {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let is_safe = request.method().is_safe();
        let (query, referer) = if is_safe {
            (request.uri().query().map(str::to_owned), None)
        } else {
            (None, referer(request.headers()))
        };
        let mut context = match PageContext::open(&request, &self.site).await {
            Ok(context) => Arc::new(context),
            Err(fault) => {
                let context = PageContext::anonymous(&request, &self.site);
                let mut response = render(&context, &Answer::from(Error::from(fault)));
                set_csrf_cookie(&context, &mut response);
                return Ok(response);
            }
        };
        request.set_data(Arc::clone(&context));
        let mut response = Answer::of(self.routes.as_ref().call(request).await);
        let mut is_resent = false;
        if let Some(Answer { content: Content::Resend(what), .. }) = response.extensions().get() {
            is_resent = true;
            let resent = resend(&self.routes, &context, Arc::clone(what));
            (context, response) = resent.await;
        }
        let Some(answer) = response.extensions_mut().remove::<Answer>() else {
            keep_session(&context, &mut response);
            return Ok(response);
        };
        let data = mem::take(response.extensions_mut());
        let allow = response.headers_mut().remove(header::ALLOW);
        let mut response = if context.is_partial()
            && let Some(followed) = self.follow(&context, &answer, MAX_FOLLOWED).await
        {
            followed
        } else if context.is_partial() && is_resent {
            render_anew(&context, &answer)
        } else if matches!(answer.content, Content::LogIn(None)) {
            let asked = || match query {
                Some(query) => format!("{}?{query}", context.path),
                None => context.path.clone(),
            };
            let left = || referer?.path_and_query().map(ToString::to_string);
            let next = if is_safe { Some(asked()) } else { left() };
            to_log_in(&context, next.as_deref())
        } else {
            render(&context, &answer)
        };
        if let Some(allow) = allow {
            response.headers_mut().insert(header::ALLOW, allow);
        }
        // Among others the pattern of the route, for the log.
        *response.extensions_mut() = data;
        set_cookies(&context, &answer, &mut response);
        note_user(&context, &answer);
        Ok(response)
    }
}

/// For the request log.
fn note_user(context: &PageContext, answer: &Answer) {
    let user = match &answer.session {
        SessionChange::Begin(logged_in) => Some(logged_in.principal.user_id),
        SessionChange::Keep | SessionChange::Renew(_) | SessionChange::End => {
            context.principal.as_ref().map(|principal| principal.user_id)
        }
    };
    if let Some(user) = user {
        context.request_context.user.set(user).ok();
    }
}
