//! An answer as HTML: a whole page, a fragment, or where to go instead.

use std::borrow::Cow;

use maud::{Markup, Render, html as markup};
use poem::{
    Response,
    http::{HeaderValue, StatusCode, header},
};

use super::{
    error_response::ErrorResponse,
    html::{alert, html, insert, set_retry_after},
    shell::{language_form, nav},
};
use crate::{
    answer::{Answer, Content, View},
    extract::LocalPath,
    page_context::PageContext,
    transport::Transport,
    ui::{self, Fragment, Indexing, Page, swap},
};

/// The answer in the transport of the request, without cookies.
pub(super) fn render(context: &PageContext, answer: &Answer) -> Response {
    let mut response = match &answer.content {
        Content::Page(view) if context.is_partial() => {
            to_main(fragment(context, answer.status, view))
        }
        Content::Form(View { form: Some(form), title, .. }) if context.is_partial() => {
            again(context, title, form)
        }
        Content::Form(view) if context.is_partial() => alert(view.main.clone()),
        Content::Page(view) => html(page(context, answer.status, view).render()),
        Content::Form(view) => html(refused(context, answer.status, view).render()),
        Content::Fragment(markup) => html(markup.clone()),
        Content::Dialog { dialog, .. } if context.is_partial() => to_dialog(dialog.clone()),
        Content::Document(to) if context.is_partial() => leave(to.as_str()),
        Content::Redirect(to) | Content::Document(to) | Content::Dialog { page: to, .. } => {
            redirect(to.as_str())
        }
        Content::LogIn(next) => to_log_in(context, next.as_ref().map(LocalPath::as_str)),
        Content::Resend(_) => redirect("/"),
        Content::Error(error) => {
            ErrorResponse::of(error, context).render(context.request_context.transport)
        }
    };
    let is_page = context.request_context.transport == Transport::Page;
    let leads_on = match answer.content {
        Content::Redirect(_) | Content::Document(_) | Content::LogIn(_) | Content::Resend(_) => {
            true
        }
        Content::Dialog { .. } => is_page,
        _ => false,
    };
    if !leads_on {
        response.set_status(answer.status);
    }
    if let Content::Page(view) | Content::Form(view) = &answer.content
        && view.indexing == Indexing::Secret
    {
        let value = HeaderValue::from_static("no-referrer");
        response.headers_mut().insert(header::REFERRER_POLICY, value);
    }
    set_retry_after(&mut response, answer.retry_after);
    response
}

fn page<'a>(context: &'a PageContext, status: StatusCode, view: &'a View) -> Page<'a> {
    let mut page = Page::new(view.title, nav(context), Cow::Borrowed(&view.main));
    page.banner = (context.account_pages().banner)(context);
    page.indexing = view.indexing;
    page.flash = context.flash.as_ref().map(|flash| flash.message(context.texts()));
    let is_gone = matches!(status, StatusCode::NOT_FOUND | StatusCode::GONE);
    page.language_form = language_form(context, !is_gone);
    page
}

/// The page of a form that was refused. Its title says so, because screen readers read it first.
fn refused<'a>(context: &'a PageContext, status: StatusCode, view: &'a View) -> Page<'a> {
    let mut page = page(context, status, view);
    page.title = (context.texts().frame.refused_title)(view.title).into();
    page
}

fn fragment(context: &PageContext, status: StatusCode, view: &View) -> Markup {
    Fragment(&page(context, status, view)).render()
}

/// The answer of the page that a redirect led to, under its own address.
pub(super) fn arrive(context: &PageContext, answer: &Answer, path: &str) -> Response {
    let mut response = render_anew(context, answer);
    if !matches!(answer.content, Content::LogIn(_)) {
        insert(&mut response, "hx-push-url", path);
    }
    response
}

/// The answer as content of `#main`, whatever part of it was asked for. An error takes
/// the place of the page before, as it does where the browser follows; and so does a
/// form after its session was renewed, since no token on that page is good any more.
pub(super) fn render_anew(context: &PageContext, answer: &Answer) -> Response {
    let markup = match &answer.content {
        Content::Error(error) => Fragment(&ErrorResponse::of(error, context).page()).render(),
        Content::Form(view) => Fragment(&refused(context, answer.status, view)).render(),
        _ => return render(context, answer),
    };
    let mut response = to_main(markup);
    response.set_status(answer.status);
    set_retry_after(&mut response, answer.retry_after);
    response
}

/// Navigates to a resource that is not HTML, such as a text file.
pub(super) fn leave(path: &str) -> Response {
    let mut response = Response::default();
    insert(&mut response, "hx-redirect", path);
    response
}

fn redirect(to: &str) -> Response {
    let location = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/"));
    Response::builder().status(StatusCode::SEE_OTHER).header(header::LOCATION, location).finish()
}

/// The log-in page, with the way back. htmx follows `HX-Redirect` with a whole page.
pub(super) fn to_log_in(context: &PageContext, next: Option<&str>) -> Response {
    let next = next.filter(|next| context.site.page_paths.find(next).is_some());
    let log_in = LocalPath::of(context.account_pages().log_in);
    let address = match next {
        Some(next) => log_in.with_next(next),
        None => log_in,
    };
    let address = address.as_str();
    if !context.is_partial() {
        return redirect(address);
    }
    let mut response = Response::builder().status(StatusCode::UNAUTHORIZED).finish();
    insert(&mut response, "hx-redirect", address);
    response
}

fn to_main(markup: Markup) -> Response {
    let mut response = html(markup);
    insert(&mut response, "hx-retarget", swap::TO_MAIN);
    insert(&mut response, "hx-reswap", swap::PAGE);
    response
}

fn to_dialog(markup: Markup) -> Response {
    let mut response = html(markup);
    insert(&mut response, "hx-retarget", swap::TO_DIALOG);
    insert(&mut response, "hx-reswap", swap::DIALOG);
    response
}

fn again(context: &PageContext, title: &str, form: &Markup) -> Response {
    let title = (context.texts().frame.refused_title)(title);
    let title = ui::title(&title, &context.request_context.look);
    let mut response = html(markup! { (title) (form) });
    insert(&mut response, "hx-reswap", swap::FORM);
    response
}
