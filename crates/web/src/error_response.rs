//! The answer of a layer that knows no visitor: the page of an anonymous one, or
//! the fragment for the alerts.

use maud::Render;
use poem::{
    Response,
    http::{HeaderValue, header},
};

use crate::{
    middleware::{ErrorContext, RequestId},
    ui::{Alert, ErrorPage, Nav, Page, swap, texts},
};

/// Makes the page, or the fragment, that says what went wrong.
pub(crate) fn render(context: &ErrorContext) -> Response {
    let status = context.status.as_u16();
    let request_id = context.request_id.as_ref().map_or("", RequestId::as_str);
    let words = texts::error_page(status);
    let mut response = Response::builder().content_type("text/html; charset=utf-8");
    let body = if context.partial {
        response = response.header("hx-retarget", swap::TO_ALERTS).header("hx-reswap", swap::ALERT);
        let (title, text) = words;
        Alert { message: format!("{title}. {text}").into(), request_id: Some(request_id) }.render()
    } else {
        let page = ErrorPage { status, words, request_id };
        let nav = Nav { current_path: "", user: None };
        Page::new(words.0, nav, page.render()).render()
    };
    let mut response = response.status(context.status).body(body.into_string());
    if let Some(seconds) = context.retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
