//! The layer between the routes and the browser: opens the visit, and turns what a
//! handler answered into a page, a fragment or a redirect, with its cookies.
//!
//! Errors end here, inside the layers that add headers, which would be lost on an
//! `Err` (Poem drops what a layer adds to it).

use std::sync::Arc;

use auth::LoggedIn;
use domain::Principal;
use maud::{Markup, Render};
use poem::{
    Endpoint, IntoResponse, PathPattern, Request, Response, Route,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header},
};

use crate::{
    answer::{Answer, Content, SessionChange, View},
    cookies::{self, Cookie},
    error::{self, Error},
    flash::Flash,
    middleware::LoggedUser,
    ui::{Alert, ErrorPage, Fragment, Page, swap, texts},
    visit::{Site, Visit},
};

/// How many redirects a fragment follows on the server.
const MAX_FOLLOWED: u8 = 3;

/// Serves the routes to visitors.
pub(crate) struct PagesEndpoint {
    site: Arc<Site>,
    routes: Route,
}

impl PagesEndpoint {
    pub(crate) fn new(site: Arc<Site>, routes: Route) -> Self {
        Self { site, routes }
    }

    async fn answer(&self, request: Request) -> Response {
        match self.routes.call(request).await {
            Ok(response) => response,
            Err(error) => Answer::from(error::of(&error)).into_response(),
        }
    }

    /// The page that a redirect leads to, rendered at once: htmx would follow the
    /// redirect itself and put the page into the form.
    async fn follow(&self, visit: &Visit, answer: &Answer, left: u8) -> Option<Response> {
        let Content::Redirect(to) = &answer.content else { return None };
        let principal = match &answer.session {
            SessionChange::Begin(logged_in) => Some(Arc::new(logged_in.principal.clone())),
            SessionChange::End => None,
            SessionChange::Keep => visit.principal.clone(),
        };
        let mut next = visit.follow(to.path(), principal);
        next.flash.clone_from(&answer.flash);
        let next = Arc::new(next);
        let mut request = Request::builder().uri(to.as_str().parse::<Uri>().ok()?).finish();
        request.set_data(Arc::clone(&next));
        let mut response = self.answer(request).await;
        let found = response.extensions_mut().remove::<Answer>();
        let mut response = match found {
            Some(found) if matches!(found.content, Content::Redirect(_)) && left > 0 => {
                let found = Answer { flash: answer.flash.clone(), ..found };
                Box::pin(self.follow(&next, &found, left - 1)).await?
            }
            Some(found) => {
                let mut response = render(&next, &found);
                push_url(&mut response, to.as_str());
                response
            }
            None => response,
        };
        // A token for the forms of the page that follows a log-out.
        set_csrf_cookie(&next, &mut response);
        Some(response)
    }
}

impl Endpoint for PagesEndpoint {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let visit = match Visit::open(&request, &self.site).await {
            Ok(visit) => Arc::new(visit),
            Err(fault) => {
                let visit = Visit::anonymous(&request, &self.site);
                return Ok(render(&visit, &Answer::from(Error::from(fault))));
            }
        };
        let is_get = request.method().is_safe();
        let referer = local_referer(request.headers());
        let next = if is_get { path_and_query(&request) } else { referer };
        request.set_data(Arc::clone(&visit));
        let mut response = self.answer(request).await;
        let Some(answer) = response.extensions_mut().remove::<Answer>() else {
            return Ok(response);
        };
        let pattern = response.extensions_mut().remove::<PathPattern>();
        let allow = response.headers_mut().remove(header::ALLOW);
        let mut response = if visit.is_partial()
            && let Some(followed) = self.follow(&visit, &answer, MAX_FOLLOWED).await
        {
            followed
        } else if matches!(answer.content, Content::LogIn) {
            to_log_in(&visit, next.as_deref())
        } else {
            render(&visit, &answer)
        };
        if let Some(allow) = allow {
            response.headers_mut().insert(header::ALLOW, allow);
        }
        if let Some(pattern) = pattern {
            response.extensions_mut().insert(pattern);
        }
        set_cookies(&visit, &answer, &mut response);
        note_user(&visit, &answer, &mut response);
        Ok(response)
    }
}

/// The answer in the visit's transport, without cookies.
fn render(visit: &Visit, answer: &Answer) -> Response {
    let mut response = match &answer.content {
        Content::Page(view) if visit.is_partial() => to_main(fragment(visit, view)),
        Content::Form(View { form: Some(form), .. }) if visit.is_partial() => html(form.clone()),
        Content::Form(view) if visit.is_partial() => alert(view.main.clone()),
        Content::Page(view) | Content::Form(view) => html(page(visit, view).render()),
        Content::Fragment(markup) => html(markup.clone()),
        Content::Redirect(to) => redirect(to.as_str()),
        Content::LogIn => to_log_in(visit, None),
        Content::Error(error) => return error_page(visit, answer, error),
    };
    if !matches!(answer.content, Content::Redirect(_) | Content::LogIn) {
        response.set_status(answer.status);
    }
    if let Content::Page(view) | Content::Form(view) = &answer.content
        && view.discretion == crate::ui::Discretion::Secret
    {
        let value = HeaderValue::from_static("no-referrer");
        response.headers_mut().insert(header::REFERRER_POLICY, value);
    }
    set_retry_after(answer, &mut response);
    response
}

fn page<'a>(visit: &'a Visit, view: &View) -> Page<'a> {
    let mut page = Page::new(view.title, visit.nav(), view.main.clone());
    page.discretion = view.discretion;
    page.flash = visit.flash.as_ref().map(Flash::message);
    page
}

fn fragment(visit: &Visit, view: &View) -> Markup {
    Fragment(&page(visit, view)).render()
}

fn error_page(visit: &Visit, answer: &Answer, error: &Error) -> Response {
    let status = answer.status.as_u16();
    let mut response = if visit.is_partial() {
        let (title, text) = texts::error_page(status);
        let message = format!("{title}. {text}").into();
        alert(Alert { message, request_id: Some(&visit.request_id) }.render())
    } else {
        let content = ErrorPage { status, request_id: &visit.request_id };
        let page = Page::new(content.title(), visit.nav(), content.render());
        html(page.render())
    };
    response.set_status(answer.status);
    set_retry_after(answer, &mut response);
    if answer.status.is_server_error() {
        tracing::error!(status, %error, "answered with an error");
    }
    response
}

fn html(markup: Markup) -> Response {
    Response::builder().content_type("text/html; charset=utf-8").body(markup.into_string())
}

fn redirect(to: &str) -> Response {
    let location = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/"));
    Response::builder().status(StatusCode::SEE_OTHER).header(header::LOCATION, location).finish()
}

/// The log-in page, with the way back. htmx follows `HX-Redirect` with a whole page.
fn to_log_in(visit: &Visit, next: Option<&str>) -> Response {
    let next = next.filter(|next| visit.site.pages.find(next).is_some());
    let address = match next {
        Some(next) => {
            let query =
                form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
            format!("/login?{query}")
        }
        None => "/login".to_owned(),
    };
    if !visit.is_partial() {
        return redirect(&address);
    }
    let mut response = Response::builder().status(StatusCode::UNAUTHORIZED).finish();
    insert(&mut response, "hx-redirect", &address);
    response
}

fn to_main(markup: Markup) -> Response {
    let mut response = html(markup);
    insert(&mut response, "hx-retarget", swap::TO_MAIN);
    insert(&mut response, "hx-reswap", swap::PAGE);
    response
}

fn alert(markup: Markup) -> Response {
    let mut response = html(markup);
    insert(&mut response, "hx-retarget", swap::TO_ALERTS);
    insert(&mut response, "hx-reswap", swap::ALERT);
    response
}

fn push_url(response: &mut Response, path: &str) {
    if response.status().is_success() {
        insert(response, "hx-push-url", path);
    }
}

fn insert(response: &mut Response, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(HeaderName::from_static(name), value);
    }
}

fn set_retry_after(answer: &Answer, response: &mut Response) {
    if let Some(pause) = answer.retry_after {
        let seconds = pause.as_secs() + u64::from(pause.subsec_nanos() > 0);
        response.headers_mut().insert(header::RETRY_AFTER, seconds.max(1).into());
    }
}

fn set_cookies(visit: &Visit, answer: &Answer, response: &mut Response) {
    let site = &visit.site;
    let mut add = |cookie: HeaderValue| {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    };
    match (&answer.session, &visit.renewed_id, &visit.principal) {
        (SessionChange::Begin(logged_in), ..) => {
            let LoggedIn { principal, session_id, device, .. } = logged_in.as_ref();
            add(session_cookie(visit, session_id.expose(), principal));
            add(cookies::set(Cookie::Device, device, site.is_secure, Some(cookies::DEVICE_AGE)));
        }
        (SessionChange::End, ..) => add(cookies::remove(Cookie::Session, site.is_secure)),
        (SessionChange::Keep, Some(id), Some(principal)) => {
            add(session_cookie(visit, id.expose(), principal));
        }
        (SessionChange::Keep, ..) => {}
    }
    let is_shown = matches!(answer.content, Content::Page(_));
    match &answer.flash {
        Some(flash) if !visit.is_partial() => {
            let value = flash.encode(site.flash_key());
            add(cookies::set(Cookie::Flash, &value, site.is_secure, Some(cookies::FLASH_AGE)));
        }
        None if is_shown && visit.flash.is_some() => {
            add(cookies::remove(Cookie::Flash, site.is_secure));
        }
        _ => {}
    }
    set_csrf_cookie(visit, response);
}

fn set_csrf_cookie(visit: &Visit, response: &mut Response) {
    if let Some(value) = visit.csrf.new_cookie() {
        let cookie = cookies::set(Cookie::Csrf, value, visit.site.is_secure, None);
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// Without "remember me" the browser forgets the session with its window; with it,
/// when the session ends.
fn session_cookie(visit: &Visit, id: &str, principal: &Principal) -> HeaderValue {
    let now = visit.accounts().clock().now();
    let age = principal.remember.then(|| principal.expires_at - now);
    cookies::set(Cookie::Session, id, visit.site.is_secure, age)
}

/// For the request log.
fn note_user(visit: &Visit, answer: &Answer, response: &mut Response) {
    let user = match &answer.session {
        SessionChange::Begin(logged_in) => Some(logged_in.principal.user_id),
        SessionChange::Keep | SessionChange::End => {
            visit.principal.as_ref().map(|principal| principal.user_id)
        }
    };
    if let Some(user) = user {
        response.extensions_mut().insert(LoggedUser(user));
    }
}

fn path_and_query(request: &Request) -> Option<String> {
    request.uri().path_and_query().map(ToString::to_string)
}

/// The page that a form was on, as the browser tells it.
fn local_referer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get("hx-current-url").or_else(|| headers.get(header::REFERER))?;
    let uri: Uri = value.to_str().ok()?.parse().ok()?;
    uri.path_and_query().map(ToString::to_string)
}
