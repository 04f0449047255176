//! The answer in place of a page: an error page, or an alert on the present page. The same for
//! errors of handlers and of layers, which do not know the visitor.

use std::borrow::Cow;

use maud::Render;
use poem::{Response, http::StatusCode};

use super::{
    html::{alert, html},
    shell::{language_form, nav},
};
use crate::{
    error::Error,
    middleware::RequestContext,
    page_context::PageContext,
    transport::Transport,
    ui::{Alert, ErrorPage, LanguageForm, Nav, Page, Texts},
};

/// An error as it is shown.
pub(super) struct ErrorResponse<'a> {
    status: StatusCode,
    words: (&'static str, &'static str),
    request_id: &'a str,
    nav: Nav<'a>,
    language_form: Option<LanguageForm<'a>>,
}

/// The answer of a layer that does not know the visitor.
pub(crate) fn refuse(request_context: &RequestContext, status: StatusCode) -> Response {
    let texts = Texts::of(request_context.language);
    let error_response = ErrorResponse {
        status,
        words: texts.errors.page(status.as_u16()),
        request_id: request_context.id.as_str(),
        nav: Nav::empty(&request_context.look, texts),
        language_form: None,
    };
    error_response.render(request_context.transport)
}

impl<'a> ErrorResponse<'a> {
    pub(super) fn of(error: &Error, context: &'a PageContext) -> Self {
        let status = poem::error::ResponseError::status(error);
        let texts = &context.texts().errors;
        let words = match error {
            Error::ForeignForm => texts.foreign_form,
            _ => texts.page(status.as_u16()),
        };
        let language_form = language_form(context, false);
        Self { status, words, request_id: context.request_id(), nav: nav(context), language_form }
    }

    /// The whole page.
    pub(super) fn page(self) -> Page<'a> {
        let Self { status, words, request_id, nav, language_form } = self;
        let texts = nav.texts;
        let content = ErrorPage { texts, status: status.as_u16(), words, request_id };
        Page { language_form, ..Page::new(words.0, nav, Cow::Owned(content.render())) }
    }

    pub(super) fn render(self, transport: Transport) -> Response {
        let status = self.status;
        let mut response = match transport {
            Transport::Page => html(self.page().render()),
            Transport::Partial => {
                let message = format!("{}. {}", self.words.0, self.words.1).into();
                let (texts, request_id) = (self.nav.texts, Some(self.request_id));
                alert(Alert { texts, message, request_id }.render())
            }
        };
        response.set_status(status);
        response
    }
}

#[cfg(test)]
mod tests {
    use domain::Language;

    use super::*;

    /// OUT-08.
    #[test]
    fn each_status_that_a_visitor_can_meet_has_words_of_its_own() {
        for language in Language::ALL {
            let words = |status| Texts::of(language).errors.page(status);
            for status in [400, 403, 404, 405, 408, 410, 413, 415, 421, 429, 501, 503] {
                assert_ne!(words(status), words(500), "{status}");
            }
        }
    }
}
