//! Fills in a form and sends it in the browser's transport.

use reqwest::Method;
use url::form_urlencoded;

use super::{Browser, Kind, Transport};
use crate::support::{dom::Dom, page::Page};

/// A form that is being filled in.
#[derive(Debug)]
pub struct FormFiller<'a> {
    browser: &'a mut Browser,
    form: String,
    button: Option<String>,
}

impl<'a> FormFiller<'a> {
    pub(super) fn new(browser: &'a mut Browser, form: &str) -> Self {
        let filler = Self { browser, form: form.to_owned(), button: None };
        if !filler.browser.page().has_form(form) {
            filler.fail("the form is not there");
        }
        filler
    }

    /// Types `text` into the control called `name`.
    #[must_use]
    pub fn fill(self, name: &str, text: &str) -> Self {
        let is_secret = self
            .browser
            .page()
            .dom
            .find(&format!("form#{form} [name='{name}'][type=password]", form = self.form));
        if is_secret.is_some() {
            self.browser.typed.secret(text);
        } else {
            self.browser.typed.openly(text);
        }
        self.change(|dom, form| dom.fill(form, name, text))
    }

    /// Chooses the option with this value.
    #[must_use]
    pub fn choose(self, name: &str, value: &str) -> Self {
        self.change(|dom, form| dom.fill(form, name, value))
    }

    /// Ticks the box called `name`.
    #[must_use]
    pub fn check(self, name: &str) -> Self {
        self.change(|dom, form| dom.tick(form, name, true))
    }

    /// Clears the box called `name`.
    #[must_use]
    pub fn uncheck(self, name: &str) -> Self {
        self.change(|dom, form| dom.tick(form, name, false))
    }

    /// Sends the form with the button that has this text instead of the first button.
    #[must_use]
    pub fn button(mut self, text: &str) -> Self {
        self.button = Some(text.to_owned());
        self
    }

    /// Leaves the control called `name`. With htmx, the field is then checked on the server.
    /// Without htmx nothing happens.
    pub async fn leave(self, name: &str) -> Self {
        if self.browser.transport != Transport::Plain {
            self.browser.check_field(&self.form, name).await;
        }
        self
    }

    /// Sends the form and follows redirects.
    pub async fn submit(self) -> &'a Page {
        let dom = &self.browser.page().dom;
        let sent = match dom.submission(&self.form, self.button.as_deref()) {
            Ok(sent) => sent,
            Err(error) => self.fail(&error),
        };
        let htmx = dom.element(sent.source).and_then(|source| source.attr("hx-post"));
        if let (Some(action), true) = (htmx, self.browser.transport != Transport::Plain) {
            let action = action.to_owned();
            return self.browser.post_by_htmx(sent.source, &action, &sent.fields).await;
        }
        let body = encode(&sent.fields);
        let mut url = self.browser.url(sent.action.as_deref().unwrap_or(""));
        if sent.is_post {
            self.browser.navigate(Method::POST, url, Some(body), Kind::Link).await
        } else {
            url.set_query(Some(&body));
            self.browser.navigate(Method::GET, url, None, Kind::Link).await
        }
    }

    fn change(self, change: impl FnOnce(&mut Dom, &str) -> Result<(), String>) -> Self {
        let page = self.browser.page.as_mut().expect("the form is on a page");
        if let Err(error) = change(&mut page.dom, &self.form) {
            self.fail(&error);
        }
        self
    }

    fn fail(&self, error: &str) -> ! {
        let page = self.browser.page();
        panic!(
            "form#{} on {} (status {}): {error}\n{}",
            self.form,
            page.path(),
            page.status(),
            page.visible_text()
        );
    }
}

pub(super) fn encode(fields: &[(String, String)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}
