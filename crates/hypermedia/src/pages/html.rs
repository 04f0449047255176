//! Responses with HTML, and the headers of the pages layer.

use std::time::Duration;

use maud::Markup;
use poem::{
    Response,
    http::{HeaderName, HeaderValue, header},
};

use crate::ui::swap;

const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");

pub(super) fn html(markup: Markup) -> Response {
    let mut response = Response::from(markup.into_string());
    response.headers_mut().insert(header::CONTENT_TYPE, HTML);
    response
}

pub(super) fn alert(markup: Markup) -> Response {
    let mut response = html(markup);
    insert(&mut response, "hx-retarget", swap::TO_ALERTS);
    insert(&mut response, "hx-reswap", swap::ALERT);
    response
}

pub(super) fn insert(response: &mut Response, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(HeaderName::from_static(name), value);
    }
}

pub(super) fn set_retry_after(response: &mut Response, pause: Option<Duration>) {
    if let Some(pause) = pause {
        let seconds = pause.as_secs() + u64::from(pause.subsec_nanos() > 0);
        response.headers_mut().insert(header::RETRY_AFTER, seconds.max(1).into());
    }
}
