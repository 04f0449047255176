//! A form that works with and without script. It shows errors in three places: at the field, at the
//! top when there is more than one, and by the focus. Only the server validates: `novalidate` turns
//! the browser's own messages off.

use maud::{Markup, Render, html};

use super::{Again, Field, FieldKind, FieldName, Icon, Message, Texts, swap};

/// A form that posts to an address of this site.
#[derive(Clone, Debug)]
pub struct Form<'a> {
    /// The texts of the kit.
    pub texts: &'static Texts,
    /// One of [`super::ids`].
    pub id: &'static str,
    /// Where it posts to.
    pub action: &'a str,
    /// The token that proves that the page came from here.
    pub csrf_token: &'a str,
    /// Names and values that travel unseen.
    pub hidden: Vec<(FieldName, &'a str)>,
    /// The error of the whole form.
    pub error: Option<Message>,
    /// The questions.
    pub fields: Vec<Field<'a>>,
    /// The text of the button.
    pub submit: &'static str,
}

/// Another button of a form, which sends its fields to another address and looks like a link.
#[derive(Clone, Copy, Debug)]
pub struct OtherSubmit<'a> {
    /// Where it posts to.
    pub action: &'a str,
    /// The text of the button.
    pub label: &'a str,
}

/// The parts that all forms share: the token, the hidden fields, and the requests by the browser
/// and by htmx.
pub(super) fn frame(
    id: &str,
    action: &str,
    csrf_token: &str,
    hidden: &[(FieldName, &str)],
    content: &Markup,
) -> Markup {
    html! {
        form id=(id) method="post" action=(action) novalidate
            hx-post=(action) hx-target="this" hx-swap=(swap::FORM)
            hx-sync="this:drop" hx-disable="find [type=submit]" {
            input type="hidden" name=(FieldName::CSRF_TOKEN) value=(csrf_token);
            @for (name, value) in hidden {
                input type="hidden" name=(name) value=(value);
            }
            (content)
        }
    }
}

impl Form<'_> {
    /// The form with another button behind its own, which Enter does not press.
    pub fn render_with(&self, other: &OtherSubmit<'_>) -> Markup {
        let content = html! {
            (self.content())
            button.link type="submit" formaction=(other.action) formnovalidate
                hx-post=(other.action) hx-target={ "#" (self.id) } hx-swap=(swap::FORM)
                hx-sync="this:drop" { (other.label) }
        };
        frame(self.id, self.action, self.csrf_token, &self.hidden, &content)
    }

    fn content(&self) -> Markup {
        html! {
            (self.error())
            (self.summary())
            @for field in self.focused_fields().filter(|field| !is_below(field)) { (field) }
            button type="submit" { (self.submit) }
            @for field in self.focused_fields().filter(is_below) { (field) }
        }
    }

    fn error(&self) -> Markup {
        html! {
            @if let Some(error) = &self.error {
                p.notice.trouble id={ (self.id) "-error" } role="alert" {
                    (Icon::Alert) span { (error) }
                }
            }
        }
    }

    fn summary(&self) -> Markup {
        let wrong: Vec<_> =
            self.fields.iter().filter_map(|field| Some((field, field.error.as_ref()?))).collect();
        html! {
            @if wrong.len() > 1 {
                div.summary role="alert" {
                    p { ((self.texts.form.summary)(wrong.len())) }
                    ul {
                        @for (field, error) in &wrong {
                            li {
                                a href={ "#" (field.name) } {
                                    // A question has its own mark at the end.
                                    (field.label) @if !field.label.ends_with('?') { ":" }
                                    " " (error.text())
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// The fields, with the focus on the first that is wrong. A password that is not wrong itself
    /// says that it has to be typed again, unless it was left out. Under a refusal of the whole, the
    /// focus goes to the first secret.
    fn focused_fields(&self) -> impl Iterator<Item = Field<'_>> {
        let wrong = self.fields.iter().position(|field| field.error.is_some());
        let secret = || self.fields.iter().position(|field| field.kind.is_secret());
        let is_refused = wrong.is_some() || self.error.is_some();
        let focus = wrong.or_else(|| self.error.as_ref().and_then(|_| secret()));
        self.fields.iter().enumerate().map(move |(index, field)| Field {
            autofocus: focus.map_or(field.autofocus, |focus| focus == index),
            again: match field.again {
                Again::AfterError
                    if is_refused && field.error.is_none() && field.kind.is_secret() =>
                {
                    Again::Asked
                }
                again => again,
            },
            ..field.clone()
        })
    }
}

impl Render for Form<'_> {
    fn render(&self) -> Markup {
        frame(self.id, self.action, self.csrf_token, &self.hidden, &self.content())
    }
}

/// Whether the field is another way to send the form.
fn is_below(field: &Field<'_>) -> bool {
    matches!(field.kind, FieldKind::Passkey(_))
}

#[cfg(test)]
mod tests {
    use domain::Language;

    use super::*;

    const EMAIL: FieldName = FieldName::new("email");
    const PASSWORD: FieldName = FieldName::secret("password");

    fn english() -> &'static Texts {
        Texts::of(Language::English)
    }

    fn form(email_error: Option<Message>, password_error: Option<Message>) -> Form<'static> {
        Form {
            texts: english(),
            id: "login-form",
            action: "/login",
            csrf_token: "token",
            hidden: vec![(FieldName::NEXT, "/profile")],
            error: None,
            fields: vec![
                Field {
                    autofocus: true,
                    error: email_error,
                    ..Field::new(english(), EMAIL, "Email", FieldKind::Email(""))
                },
                Field {
                    error: password_error,
                    ..Field::new(english(), PASSWORD, "Password", FieldKind::CurrentPassword)
                },
            ],
            submit: "Log in",
        }
    }

    fn focused(form: &Form<'_>) -> Vec<FieldName> {
        form.focused_fields().filter(|field| field.autofocus).map(|field| field.name).collect()
    }

    #[test]
    fn the_first_field_in_error_takes_the_focus() {
        assert_eq!(focused(&form(None, None)), [EMAIL]);
        assert_eq!(focused(&form(None, Some("Missing.".into()))), [PASSWORD]);
        assert_eq!(focused(&form(Some("No.".into()), Some("No.".into()))), [EMAIL]);
    }

    #[test]
    fn a_refused_form_asks_for_the_password_again() {
        let refused = Form { error: Some("Not right.".into()), ..form(None, None) };

        assert_eq!(focused(&refused), [PASSWORD]);
        assert!(refused.render().into_string().contains(r#"id="login-form-error" role="alert""#));
    }

    #[test]
    fn several_errors_are_summed_up_with_links() {
        let one = form(Some("No.".into()), None).render().into_string();
        let two = form(Some("No.".into()), Some("Missing.".into())).render().into_string();

        assert!(!one.contains("Please fix"));
        assert!(two.contains(&(english().form.summary)(2)));
        assert!(two.contains(r##"<a href="#password">Password: Missing.</a>"##));
    }

    #[test]
    fn the_token_and_the_hidden_fields_travel_along() {
        let html = form(None, None).render().into_string();

        assert!(html.contains(r#"<input type="hidden" name="csrf_token" value="token">"#));
        assert!(html.contains(r#"<input type="hidden" name="next" value="/profile">"#));
    }

    #[test]
    fn another_button_comes_last_and_sends_the_form_elsewhere() {
        let other = OtherSubmit { action: "/elsewhere", label: "Go there" };
        let html = form(None, None).render_with(&other).into_string();

        let (own, other) = (html.find(">Log in<").unwrap(), html.find(">Go there<").unwrap());
        assert!(own < other, "{html}");
        assert!(html.contains(r#"formaction="/elsewhere" formnovalidate hx-post="/elsewhere""#));
    }

    #[test]
    fn a_question_in_the_summary_ends_with_its_own_mark() {
        let wrong = form(Some("No.".into()), Some("Missing.".into()));
        let asked = |field| Field { label: "Which?", ..field };
        let form = Form { fields: wrong.fields.into_iter().map(asked).collect(), ..wrong };

        assert!(form.render().into_string().contains(r##"<a href="#email">Which? No.</a>"##));
    }
}
