//! An answer as HTML: a whole page, a fragment, or where to go instead.

use maud::{Markup, Render, html as markup};
use poem::{
    Response,
    http::{HeaderName, HeaderValue, StatusCode, header},
};

use super::mishap::{Mishap, set_retry_after};
use crate::{
    answer::{Answer, Content, View},
    flash::Flash,
    ui::{Discretion, FieldName, Fragment, Page, swap},
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
        Content::Error(error) => Mishap::of(error, visit).render(visit.transport, visit.nav()),
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
    set_retry_after(&mut response, answer.retry_after);
    response
}

fn page<'a>(visit: &'a Visit, view: &View) -> Page<'a> {
    let main = match visit.unconfirmed() {
        Some(word) => markup! { (word) (view.main) },
        None => view.main.clone(),
    };
    let mut page = Page::new(view.title, visit.nav(), main);
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
            let page = Mishap::of(error, visit).page(visit.nav());
            let mut response = to_main(Fragment(&page).render());
            response.set_status(answer.status);
            set_retry_after(&mut response, answer.retry_after);
            response
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

pub(super) fn html(markup: Markup) -> Response {
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

pub(super) fn alert(markup: Markup) -> Response {
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
