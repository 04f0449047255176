//! One question of a form: label, hint, error and input, tied together for
//! assistive technology. A password cannot be printed back: its kinds hold no
//! value.

use maud::{Markup, Render, html};

use super::{FieldName, Icon, Message, Texts};

/// One question of a form. The input's id is the name of the field.
#[derive(Clone, Debug)]
pub struct Field<'a> {
    /// The words beside a password.
    pub texts: &'static Texts,
    /// The name in the submission, and the id.
    pub name: FieldName,
    /// The label.
    pub label: &'static str,
    /// The kind of the field, and its value.
    pub kind: FieldKind<'a>,
    /// The hint.
    pub hint: Option<Message>,
    /// The error.
    pub error: Option<Message>,
    /// Whether the page opens with the focus here.
    pub autofocus: bool,
    /// The address that looks at the answer when the visitor leaves the field.
    pub check: Option<&'static str>,
}

/// The kind of a field, with its value where it may be shown.
#[derive(Clone, Copy, Debug)]
pub enum FieldKind<'a> {
    /// An e-mail address, which is the name of the account to password managers.
    Email(&'a str),
    /// The name of a person.
    Name(&'a str),
    /// The code from a mail.
    Code,
    /// The password of an account.
    CurrentPassword,
    /// A password to be; the script counts along up to the shortest length allowed.
    NewPassword {
        /// The shortest length allowed, in characters.
        min_length: usize,
    },
    /// A choice; true is chosen.
    Checkbox(bool),
}

impl<'a> Field<'a> {
    /// A field without hint, error and check.
    pub const fn new(
        texts: &'static Texts,
        name: FieldName,
        label: &'static str,
        kind: FieldKind<'a>,
    ) -> Self {
        Self { texts, name, label, kind, hint: None, error: None, autofocus: false, check: None }
    }

    fn input(&self) -> Markup {
        let described_by = self.described_by();
        let attributes = self.kind.attributes();
        html! {
            input id=(self.name) name=(self.name) required
                type=(attributes.input_type)
                autocomplete=(attributes.autocomplete)
                inputmode=(attributes.input_mode)
                autocapitalize=(attributes.capitals)
                spellcheck="false"
                value=[attributes.value]
                data-min-length=[attributes.min_length]
                autofocus[self.autofocus]
                aria-invalid=[self.error.is_some().then_some("true")]
                aria-describedby=[(!described_by.is_empty()).then_some(described_by)];
        }
    }

    fn described_by(&self) -> String {
        let name = self.name;
        let error = self.error.as_ref().map(|_| format!("{name}-error"));
        let hint = self.hint.as_ref().map(|_| format!("{name}-hint"));
        error.into_iter().chain(hint).collect::<Vec<_>>().join(" ")
    }

    fn hint(&self) -> Markup {
        html! {
            @if let Some(hint) = &self.hint {
                p.hint id={ (self.name) "-hint" } { (hint) }
            }
        }
    }

    fn error(&self) -> Markup {
        html! {
            @if let Some(error) = &self.error {
                p.error id={ (self.name) "-error" } { (Icon::Alert) span { (error) } }
            }
        }
    }

    fn checkbox(&self, checked: bool) -> Markup {
        html! {
            div.field.choice {
                label for=(self.name) {
                    input id=(self.name) name=(self.name) type="checkbox" value="on"
                        checked[checked] autofocus[self.autofocus];
                    (self.label)
                }
            }
        }
    }

    fn password(&self) -> Markup {
        let show = self.texts.form.show_password;
        html! {
            div.secret {
                (self.input())
                button.reveal type="button" aria-pressed="false" aria-controls=(self.name)
                    aria-label=(show) title=(show)
                    data-reveal=(self.name) {
                    (Icon::Eye) (Icon::EyeOff)
                }
            }
        }
    }

    fn length(&self, min_length: usize) -> Markup {
        let texts = &self.texts.form;
        html! {
            p.length id={ (self.name) "-length" } role="status" hx-morph-skip
                data-short=((texts.password_progress)(min_length))
                data-enough=(texts.password_long_enough) {}
        }
    }
}

impl Render for Field<'_> {
    fn render(&self) -> Markup {
        let control = match self.kind {
            FieldKind::Checkbox(checked) => return self.checkbox(checked),
            FieldKind::Email(_) | FieldKind::Name(_) | FieldKind::Code => self.input(),
            FieldKind::CurrentPassword => self.password(),
            FieldKind::NewPassword { min_length } => html! {
                (self.password())
                (self.length(min_length))
            },
        };
        let content = html! {
            label for=(self.name) { (self.label) }
            (self.hint())
            (control)
            (self.error())
        };
        html! {
            @match self.check {
                None => div.field { (content) },
                // The delay lets a click on the submit button land before an error moves it. The
                // morph keeps the typed value, above all a password.
                Some(url) => div.field hx-post=(url) hx-vals={ "field:" (self.name) }
                    hx-trigger="change delay:250ms" hx-sync="this:replace"
                    hx-target="this" hx-swap="outerMorph"
                    hx-status:4xx="swap:none" hx-status:5xx="swap:none" { (content) },
            }
        }
    }
}

struct Attributes<'a> {
    input_type: &'static str,
    autocomplete: &'static str,
    input_mode: &'static str,
    capitals: &'static str,
    value: Option<&'a str>,
    min_length: Option<usize>,
}

impl<'a> FieldKind<'a> {
    fn attributes(self) -> Attributes<'a> {
        let plain = Attributes {
            input_type: "text",
            autocomplete: "off",
            input_mode: "text",
            capitals: "none",
            value: None,
            min_length: None,
        };
        let secret = Attributes { input_type: "password", ..plain };
        match self {
            Self::Email(value) => Attributes {
                input_type: "email",
                autocomplete: "username",
                input_mode: "email",
                value: Some(value),
                ..plain
            },
            Self::Name(value) => {
                Attributes { autocomplete: "name", capitals: "words", value: Some(value), ..plain }
            }
            Self::Code => {
                Attributes { autocomplete: "one-time-code", capitals: "characters", ..plain }
            }
            Self::CurrentPassword => Attributes { autocomplete: "current-password", ..secret },
            Self::NewPassword { min_length } => {
                Attributes { autocomplete: "new-password", min_length: Some(min_length), ..secret }
            }
            Self::Checkbox(_) => plain,
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::Language;

    use super::*;

    const EMAIL: FieldName = FieldName::new("email");
    const NAME: FieldName = FieldName::new("name");
    const PASSWORD: FieldName = FieldName::secret("password");

    fn english() -> &'static Texts {
        Texts::of(Language::English)
    }

    #[test]
    fn an_error_and_a_hint_describe_the_input() {
        let field = Field {
            hint: Some("Where mails reach you.".into()),
            error: Some(Message::from("It is taken.").with_link("/login", "Log in instead?")),
            ..Field::new(english(), EMAIL, "Email", FieldKind::Email("ada@example.org"))
        };

        let html = field.render().into_string();

        assert!(html.contains(r#"aria-invalid="true" aria-describedby="email-error email-hint""#));
        assert!(html.contains(r#"id="email-error""#) && html.contains(r#"id="email-hint""#));
        assert!(html.contains(r#"<a href="/login">Log in instead?</a>"#));
    }

    #[test]
    fn a_field_without_trouble_claims_none() {
        let html =
            Field::new(english(), NAME, "Name", FieldKind::Name("Ada")).render().into_string();

        assert!(!html.contains("aria-invalid") && !html.contains("aria-describedby"));
        assert!(html.contains(r#"<label for="name">Name</label>"#));
        assert!(!html.contains("hx-post"));
    }

    /// OUT-01, OUT-02.
    #[test]
    fn what_was_typed_comes_back_as_text() {
        let typed = r#"" hx-get="/x" hx-trigger="load"><script>"#;

        let html =
            Field::new(english(), NAME, "Name", FieldKind::Name(typed)).render().into_string();

        assert!(html.contains("value=\"&quot; hx-get=&quot;/x&quot;"));
        assert!(!html.contains("<script>"));
    }

    /// LOG-12.
    #[test]
    fn passwords_have_no_value_and_say_which_they_are() {
        let current = Field::new(english(), PASSWORD, "Password", FieldKind::CurrentPassword);
        let new =
            Field::new(english(), PASSWORD, "Password", FieldKind::NewPassword { min_length: 15 });

        let current = current.render().into_string();
        let new = new.render().into_string();

        assert!(!current.contains("value=") && !new.contains("value="));
        assert!(current.contains(r#"type="password" autocomplete="current-password""#));
        assert!(new.contains(r#"type="password" autocomplete="new-password""#));
        assert!(new.contains(r#"data-min-length="15""#));
    }

    #[test]
    fn a_checked_field_asks_for_itself_alone() {
        let field = Field {
            check: Some("/signup/check"),
            ..Field::new(english(), EMAIL, "Email", FieldKind::Email(""))
        };

        let html = field.render().into_string();

        assert!(html.contains(r#"hx-post="/signup/check" hx-vals="field:email""#));
        assert!(html.contains(r#"hx-target="this" hx-swap="outerMorph""#));
    }
}
