//! The page that a visitor sees, queried by label, role, id and name, never by class.

use reqwest::{StatusCode, header::HeaderMap};
use scraper::ElementRef;
use url::Url;

use super::dom::{Dom, select_in, visible_text};

/// The page that a browser shows, with the answer that loaded or last changed it.
#[derive(Clone, Debug)]
pub struct Page {
    pub(super) url: Url,
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
    pub(super) dom: Dom,
}

/// A control with its label, its attributes and its messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Control {
    /// The text of its label.
    pub label: String,
    /// `name`.
    pub name: String,
    /// `type`, `select` or `textarea`.
    pub kind: String,
    /// `value` as the server sent it.
    pub value: String,
    /// Whether the server ticked it.
    pub checked: bool,
    /// `autocomplete`.
    pub autocomplete: Option<String>,
    /// `inputmode`.
    pub inputmode: Option<String>,
    /// Whether `aria-invalid` is `true`.
    pub invalid: bool,
    /// The texts of the elements that `aria-describedby` names.
    pub description: String,
}

impl Page {
    /// The status of the last answer.
    pub fn status(&self) -> u16 {
        self.status.as_u16()
    }

    /// The headers of the last answer.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// A header of the last answer.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body of the last answer, as sent.
    pub fn body(&self) -> &str {
        &self.body
    }

    /// Path and query in the address bar.
    pub fn path(&self) -> String {
        let query = self.url.query().map(|query| format!("?{query}")).unwrap_or_default();
        format!("{}{query}", self.url.path())
    }

    /// Returns the document, for queries that have no method here.
    pub fn dom(&self) -> &Dom {
        &self.dom
    }

    /// The title of the window.
    pub fn title(&self) -> String {
        self.dom.title()
    }

    /// The heading of the page.
    pub fn h1(&self) -> String {
        self.dom.find("h1").map(visible_text).unwrap_or_default()
    }

    /// Returns the visible text of the page.
    pub fn visible_text(&self) -> String {
        self.dom.visible_text()
    }

    /// Returns the error of the control called `name`, if the control is marked as invalid and
    /// described by that error.
    pub fn field_error(&self, name: &str) -> Option<String> {
        let error_id = format!("{name}-error");
        let controls = self.dom.select("[aria-invalid=true]");
        let control = controls.into_iter().find(|control| name_of(*control) == Some(name))?;
        let described_by = control.attr("aria-describedby").unwrap_or_default();
        let is_tied = described_by.split_whitespace().any(|id| id == error_id);
        let error = self.dom.by_id(&error_id).filter(|_| is_tied)?;
        Some(visible_text(error))
    }

    /// The names of the controls in error.
    pub fn invalid_fields(&self) -> Vec<String> {
        let invalid = self.dom.select("[aria-invalid=true]");
        invalid.into_iter().filter_map(name_of).map(ToOwned::to_owned).collect()
    }

    /// Returns the error of the whole form.
    pub fn form_error(&self, form: &str) -> Option<String> {
        let error = self.dom.by_id(&format!("{form}-error"))?;
        let is_alert = error.attr("role") == Some("alert");
        let form = |parent: ElementRef<'_>| parent.attr("id") == Some(form);
        let is_inside = error.ancestors().filter_map(ElementRef::wrap).any(form);
        (is_alert && is_inside).then(|| visible_text(error))
    }

    /// Returns the flash message, empty without one.
    pub fn flash(&self) -> String {
        self.dom.find("#flash[role=status]").map(visible_text).unwrap_or_default()
    }

    /// Returns the errors that belong to no form, empty without one.
    pub fn alerts(&self) -> String {
        self.dom.find("#alerts[role=alert]").map(visible_text).unwrap_or_default()
    }

    /// Returns the targets of the links in the navigation bar, in order, each once.
    pub fn nav_links(&self) -> Vec<String> {
        let mut links: Vec<String> = Vec::new();
        for link in self.dom.select("nav#nav a[href]") {
            let href = link.attr("href").unwrap_or_default();
            if !links.iter().any(|link| link == href) {
                links.push(href.to_owned());
            }
        }
        links
    }

    /// Whether the navigation bar is that of a logged-in user.
    pub fn is_logged_in(&self) -> bool {
        self.has_form("logout-form")
    }

    /// Returns the target of the link with this text.
    pub fn link(&self, text: &str) -> Option<String> {
        let links = self.dom.select("a[href]").into_iter();
        let link = links.into_iter().find(|link| visible_text(*link) == text)?;
        link.attr("href").map(ToOwned::to_owned)
    }

    /// Whether there is a form with this id.
    pub fn has_form(&self, id: &str) -> bool {
        self.dom.by_id(id).is_some_and(|element| element.value().name() == "form")
    }

    /// Returns the id of the focused element, or its tag without an id.
    pub fn focused(&self) -> Option<String> {
        let element = self.dom.focused()?;
        Some(element.attr("id").unwrap_or(element.value().name()).to_owned())
    }

    /// Returns the control of the label with this text.
    pub fn by_label(&self, label: &str) -> Option<Control> {
        let labels = self.dom.select("label").into_iter();
        let label = labels.into_iter().find(|element| visible_text(*element) == label)?;
        let control = match label.attr("for") {
            Some(id) => self.dom.by_id(id),
            None => select_in(*label, "input, select, textarea").into_iter().next(),
        };
        control.map(|control| self.control(control))
    }

    /// Returns the control called `name` in the form with the id `form`.
    pub fn field(&self, form: &str, name: &str) -> Option<Control> {
        let controls = self.dom.controls(self.dom.by_id(form)?);
        let control = controls.into_iter().find(|control| control.attr("name") == Some(name))?;
        Some(self.control(control))
    }

    fn control(&self, element: ElementRef<'_>) -> Control {
        let attribute = |name: &str| element.attr(name).map(ToOwned::to_owned);
        let id = element.attr("id").unwrap_or_default();
        let label =
            self.dom.select("label").into_iter().find(|label| label.attr("for") == Some(id));
        let ids = element.attr("aria-describedby").unwrap_or_default();
        let described = ids.split_whitespace().filter_map(|id| self.dom.by_id(id));
        let tag = element.value().name();
        Control {
            label: label.map(visible_text).unwrap_or_default(),
            name: attribute("name").unwrap_or_default(),
            kind: attribute("type").filter(|_| tag == "input").unwrap_or_else(|| tag.to_owned()),
            value: match tag {
                "textarea" => element.text().collect(),
                _ => attribute("value").unwrap_or_default(),
            },
            checked: element.attr("checked").is_some(),
            autocomplete: attribute("autocomplete"),
            inputmode: attribute("inputmode"),
            invalid: element.attr("aria-invalid") == Some("true"),
            description: described.map(visible_text).collect::<Vec<_>>().join(" "),
        }
    }
}

/// The name of a control, or of the controls in a group.
fn name_of(control: ElementRef<'_>) -> Option<&str> {
    let inside = || select_in(*control, "input").into_iter().find_map(|it| it.attr("name"));
    control.attr("name").or_else(inside)
}
