//! An answer as HTML: a whole page, a fragment, or where to go instead.

use maud::{Markup, Render};
use poem::{
    Response,
    error::ResponseError,
    http::{HeaderName, HeaderValue, StatusCode, header},
};

use crate::{
    answer::{Answer, Content, View},
    error::Error,
    flash::Flash,
    ui::{Alert, Discretion, ErrorPage, FieldName, Fragment, Page, swap, texts},
    visit::Visit,
};

/// The answer in the visit's transport, without cookies.
pub(super) fn render(visit: &Visit, answer: &Answer) -> Response {
    let mut response = match &answer.content {
        Content::Page(view) if visit.is_partial() => to_main(fragment(visit, view)),
        Content::Form(View { form: Some(form), .. }) if visit.is_partial() => again(form.clone()),
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
        && view.discretion == Discretion::Secret
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

/// The answer of the page that a redirect led to, under its own address. An error
/// takes the place of the page before, as it does where the browser follows.
pub(super) fn arrive(visit: &Visit, answer: &Answer, path: &str) -> Response {
    let mut response = match &answer.content {
        Content::LogIn => return render(visit, answer),
        Content::Error(error) => {
            let content = to_main(Fragment(&whole_error(visit, error)).render());
            finish_error(answer, error, content)
        }
        _ => render(visit, answer),
    };
    insert(&mut response, "hx-push-url", path);
    response
}

/// Has htmx leave the page for something that is none, such as a text.
pub(super) fn leave(path: &str) -> Response {
    let mut response = Response::default();
    insert(&mut response, "hx-redirect", path);
    response
}

fn error_page(visit: &Visit, answer: &Answer, error: &Error) -> Response {
    let content = if visit.is_partial() {
        let (title, text) = words(error);
        let message = format!("{title}. {text}").into();
        alert(Alert { message, request_id: Some(visit.request_id()) }.render())
    } else {
        html(whole_error(visit, error).render())
    };
    finish_error(answer, error, content)
}

fn whole_error<'a>(visit: &'a Visit, error: &Error) -> Page<'a> {
    let (status, words) = (error.status().as_u16(), words(error));
    let content = ErrorPage { status, words, request_id: visit.request_id() };
    Page::new(words.0, visit.nav(), content.render())
}

fn words(error: &Error) -> (&'static str, &'static str) {
    match error {
        Error::ForeignForm => texts::FOREIGN_FORM,
        _ => texts::error_page(error.status().as_u16()),
    }
}

fn finish_error(answer: &Answer, error: &Error, mut response: Response) -> Response {
    let status = answer.status.as_u16();
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
pub(super) fn to_log_in(visit: &Visit, next: Option<&str>) -> Response {
    let next = next.filter(|next| visit.site.pages.find(next).is_some());
    let address = match next {
        Some(next) => {
            let query = form_urlencoded::Serializer::new(String::new())
                .append_pair(FieldName::Next.as_str(), next)
                .finish();
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

fn again(form: Markup) -> Response {
    let mut response = html(form);
    insert(&mut response, "hx-reswap", swap::FORM);
    response
}

fn alert(markup: Markup) -> Response {
    let mut response = html(markup);
    insert(&mut response, "hx-retarget", swap::TO_ALERTS);
    insert(&mut response, "hx-reswap", swap::ALERT);
    response
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
