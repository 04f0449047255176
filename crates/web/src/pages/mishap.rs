//! What there is to see where there is no page to show: a page that says so, or an
//! alert on the page that is there. One for what handlers fail with and for what the
//! layers refuse, who know no visitor.

use std::time::Duration;

use maud::Render;
use poem::{
    Response,
    http::{StatusCode, header},
};

use super::render::{alert, html};
use crate::{
    error::Error,
    middleware::{ErrorContext, RequestId},
    transport::Transport,
    ui::{Alert, ErrorPage, Nav, Page, texts},
    visit::Visit,
};

/// Why there is no page, as it is told.
pub(super) struct Mishap<'a> {
    status: StatusCode,
    words: (&'static str, &'static str),
    request_id: &'a str,
}

/// The answer of a layer, to a visitor whom it does not know.
pub(crate) fn refuse(context: &ErrorContext) -> Response {
    let status = context.status;
    let request_id = context.request_id.as_ref().map_or("", RequestId::as_str);
    let words = texts::error_page(status.as_u16());
    let nav = Nav { current_path: "", user: None };
    let mut response = Mishap { status, words, request_id }.render(context.transport, nav);
    set_retry_after(&mut response, context.retry_after);
    response
}

impl<'a> Mishap<'a> {
    pub(super) fn of(error: &Error, visit: &'a Visit) -> Self {
        let status = poem::error::ResponseError::status(error);
        let words = match error {
            Error::ForeignForm => texts::FOREIGN_FORM,
            _ => texts::error_page(status.as_u16()),
        };
        Self { status, words, request_id: visit.request_id() }
    }

    /// The whole page.
    pub(super) fn page(&self, nav: Nav<'a>) -> Page<'a> {
        let Self { status, words, request_id } = *self;
        let content = ErrorPage { status: status.as_u16(), words, request_id };
        Page::new(words.0, nav, content.render())
    }

    pub(super) fn render(&self, transport: Transport, nav: Nav<'a>) -> Response {
        let mut response = match transport {
            Transport::Page => html(self.page(nav).render()),
            Transport::Partial => {
                let message = format!("{}. {}", self.words.0, self.words.1).into();
                alert(Alert { message, request_id: Some(self.request_id) }.render())
            }
        };
        response.set_status(self.status);
        response
    }
}

pub(super) fn set_retry_after(response: &mut Response, pause: Option<Duration>) {
    if let Some(pause) = pause {
        let seconds = pause.as_secs() + u64::from(pause.subsec_nanos() > 0);
        response.headers_mut().insert(header::RETRY_AFTER, seconds.max(1).into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// OUT-08.
    #[test]
    fn each_status_that_a_visitor_can_meet_has_words_of_its_own() {
        let unknown = texts::error_page(500);
        for status in [400, 403, 404, 405, 408, 410, 413, 415, 421, 429, 501, 503] {
            assert_ne!(texts::error_page(status), unknown, "{status}");
        }
    }
}
