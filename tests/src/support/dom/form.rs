//! Fills in forms and determines the fields that a browser would send: the successful controls in
//! document order, hidden ones included, with the pressed button. Does not support files.

use ego_tree::NodeId;
use scraper::ElementRef;

use super::{Dom, Typed, select_in};

/// The content of a form submission.
#[derive(Clone, Debug)]
pub struct Submission {
    /// The form's node.
    pub form: NodeId,
    /// The `action` attribute as written, or `formaction` of the pressed button.
    pub action: Option<String>,
    /// The element whose `hx-post` sends the form: the pressed button, or the form.
    pub source: NodeId,
    /// Whether the method is POST.
    pub is_post: bool,
    /// Names and values of the fields.
    pub fields: Vec<(String, String)>,
}

impl Dom {
    /// Types `text` into the control called `name`, or selects it there.
    pub fn fill(&mut self, form: &str, name: &str, text: &str) -> Result<(), String> {
        let id = self.control(form, name)?;
        let controls = self.controls(self.form(form)?).into_iter();
        let radios =
            controls.filter(|it| it.attr("name") == Some(name) && it.attr("type") == Some("radio"));
        let radios: Vec<_> = radios.map(|it| (it.id(), it.attr("value") == Some(text))).collect();
        if radios.iter().any(|(_, is_chosen)| *is_chosen) {
            for (id, is_on) in radios {
                self.set_typed(id, Typed::Checked(is_on));
            }
            return Ok(());
        }
        if !radios.is_empty() {
            return Err(format!("form#{form} has no choice {text:?} for {name:?}"));
        }
        self.set_typed(id, Typed::Text(text.to_owned()));
        Ok(())
    }

    /// Sets or clears the checkbox called `name`.
    pub fn tick(&mut self, form: &str, name: &str, checked: bool) -> Result<(), String> {
        let id = self.control(form, name)?;
        self.set_typed(id, Typed::Checked(checked));
        Ok(())
    }

    /// Returns the fields that the form with the id `form` would send, by its first submit button
    /// or by the one with the text `button`.
    pub fn submission(&self, form: &str, button: Option<&str>) -> Result<Submission, String> {
        let element = self.form(form)?;
        let mut fields = Vec::new();
        for control in self.controls(element) {
            self.push_control(control, &mut fields);
        }
        let pressed = self
            .controls(element)
            .into_iter()
            .filter(is_submit)
            .find(|control| button.is_none_or(|text| super::visible_text(*control) == text));
        match (pressed, button) {
            (None, Some(text)) => return Err(format!("form#{form} has no button {text:?}")),
            (Some(pressed), _) => {
                if let Some(name) = pressed.attr("name") {
                    let value = pressed.attr("value").unwrap_or_default();
                    fields.push((name.to_owned(), value.to_owned()));
                }
            }
            (None, None) => {}
        }
        let is_post = element.attr("method").is_some_and(|m| m.eq_ignore_ascii_case("post"));
        let elsewhere = pressed.filter(|pressed| pressed.attr("formaction").is_some());
        let action = elsewhere.and_then(|pressed| pressed.attr("formaction"));
        let action = action.or_else(|| element.attr("action")).map(ToOwned::to_owned);
        let source = elsewhere.unwrap_or(element).id();
        Ok(Submission { form: element.id(), action, source, is_post, fields })
    }

    fn form(&self, id: &str) -> Result<ElementRef<'_>, String> {
        self.by_id(id).filter(|element| element.value().name() == "form").ok_or_else(|| {
            let there: Vec<_> = self.select("form").iter().filter_map(|f| f.attr("id")).collect();
            format!("form#{id} is not on the page; there are: {there:?}")
        })
    }

    fn control(&self, form: &str, name: &str) -> Result<NodeId, String> {
        let controls = self.controls(self.form(form)?);
        let named = |control: &&ElementRef<'_>| control.attr("name") == Some(name);
        controls.iter().find(named).map(|control| control.id()).ok_or_else(|| {
            let there: Vec<_> = controls.iter().filter_map(|c| c.attr("name")).collect();
            format!("form#{form} has no control {name:?}; it has: {there:?}")
        })
    }

    /// Returns the controls inside `form` and those that refer to it by `form="…"`.
    pub(crate) fn controls<'a>(&'a self, form: ElementRef<'a>) -> Vec<ElementRef<'a>> {
        let inside = select_in(*form, "input, select, textarea, button");
        let named = self.select("[form]").into_iter();
        let named = named.filter(|control| control.attr("form") == form.attr("id"));
        inside.into_iter().filter(|control| control.attr("form").is_none()).chain(named).collect()
    }

    fn push_control(&self, control: ElementRef<'_>, fields: &mut Vec<(String, String)>) {
        let Some(name) = control.attr("name").filter(|name| !name.is_empty()) else { return };
        if is_disabled(control) || control.value().name() == "button" {
            return;
        }
        let kind = control.attr("type").unwrap_or("text");
        let typed = self.typed(control.id());
        let value = match (control.value().name(), kind, typed) {
            ("input", "submit" | "button" | "image" | "reset" | "file", _) => None,
            ("input", "checkbox" | "radio", typed) => {
                let is_on = match typed {
                    Some(Typed::Checked(checked)) => *checked,
                    _ => control.attr("checked").is_some(),
                };
                is_on.then(|| control.attr("value").unwrap_or("on").to_owned())
            }
            ("textarea", _, Some(Typed::Text(text))) => Some(with_crlf(text)),
            (_, _, Some(Typed::Text(text))) => Some(text.clone()),
            ("select", ..) => selected(control),
            ("textarea", ..) => Some(with_crlf(&control.text().collect::<String>())),
            _ => Some(control.attr("value").unwrap_or_default().to_owned()),
        };
        fields.extend(value.map(|value| (name.to_owned(), value)));
    }
}

/// The text with line breaks as browsers send them.
fn with_crlf(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\n', "\r\n")
}

fn is_submit(control: &ElementRef<'_>) -> bool {
    let kind = control.attr("type");
    match control.value().name() {
        "button" => kind.is_none_or(|kind| kind == "submit") && !is_disabled(*control),
        "input" => kind == Some("submit") && !is_disabled(*control),
        _ => false,
    }
}

fn is_disabled(control: ElementRef<'_>) -> bool {
    let within = control.ancestors().filter_map(ElementRef::wrap);
    let by_set =
        |set: ElementRef<'_>| set.value().name() == "fieldset" && set.attr("disabled").is_some();
    control.attr("disabled").is_some() || within.into_iter().any(by_set)
}

fn selected(select: ElementRef<'_>) -> Option<String> {
    let options = select_in(*select, "option");
    let chosen = options.iter().rfind(|option| option.attr("selected").is_some());
    let option = chosen.or(options.first())?;
    Some(option.attr("value").map_or_else(|| super::visible_text(*option), ToOwned::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<!DOCTYPE html><form id=f method=post action=/x>\
        <input type=hidden name=csrf_token value=t><input name=email value=a>\
        <input type=checkbox name=remember><input name=off disabled>\
        <select name=role><option>user<option selected value=admin>Admin</select>\
        <textarea name=note>hi</textarea><button type=submit name=go value=1>Go</button></form>";

    fn pairs(submission: &Submission) -> Vec<(&str, &str)> {
        submission.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }

    #[test]
    fn only_successful_controls_are_sent() {
        let dom = Dom::parse(PAGE);

        let sent = dom.submission("f", None).unwrap();

        let expected =
            [("csrf_token", "t"), ("email", "a"), ("role", "admin"), ("note", "hi"), ("go", "1")];
        assert_eq!(pairs(&sent), expected);
    }

    #[test]
    fn what_is_typed_is_sent_and_is_not_in_the_page() {
        let mut dom = Dom::parse(PAGE);

        dom.fill("f", "email", "typed").unwrap();
        dom.tick("f", "remember", true).unwrap();

        let sent = dom.submission("f", None).unwrap();
        assert!(pairs(&sent).contains(&("email", "typed")));
        assert!(pairs(&sent).contains(&("remember", "on")));
        assert!(!dom.to_html().contains("typed"));
    }

    #[test]
    fn one_button_of_a_radio_group_is_sent() {
        let mut dom = Dom::parse(
            "<!DOCTYPE html><form id=f><input type=radio name=size value=s checked>\
             <input type=radio name=size value=l></form>",
        );
        assert_eq!(pairs(&dom.submission("f", None).unwrap()), [("size", "s")]);

        dom.fill("f", "size", "l").unwrap();

        assert_eq!(pairs(&dom.submission("f", None).unwrap()), [("size", "l")]);
        assert!(dom.fill("f", "size", "xl").unwrap_err().contains("no choice \"xl\""));
    }

    #[test]
    fn the_lines_of_a_text_area_are_sent_as_browsers_do() {
        let page = "<!DOCTYPE html><form id=f><textarea name=note>\n\na\nb</textarea></form>";
        let mut dom = Dom::parse(page);
        assert_eq!(pairs(&dom.submission("f", None).unwrap()), [("note", "\r\na\r\nb")]);

        dom.fill("f", "note", "c\nd").unwrap();

        assert_eq!(pairs(&dom.submission("f", None).unwrap()), [("note", "c\r\nd")]);
    }

    #[test]
    fn a_form_or_control_that_is_missing_is_named() {
        let mut dom = Dom::parse(PAGE);

        assert!(dom.submission("g", None).unwrap_err().contains("form#g is not on the page"));
        assert!(dom.fill("f", "nope", "").unwrap_err().contains("no control \"nope\""));
    }
}
