//! The controls that are typed into: inputs and text areas.

use maud::{Markup, html};

use super::{control::Control, kind::FieldKind};

/// Renders an input of one line. `autocomplete` replaces that of the kind, except for secrets.
pub(super) fn input(
    control: &Control,
    kind: FieldKind<'_>,
    autocomplete: Option<&'static str>,
) -> Markup {
    let attributes = kind.attributes();
    let is_open = !kind.is_secret() && !matches!(kind, FieldKind::Code | FieldKind::DigitCode);
    let autocomplete = autocomplete.filter(|_| is_open).unwrap_or(attributes.autocomplete);
    html! {
        input id=(control.name) name=(control.name) required[control.is_required]
            type=(attributes.input_type)
            autocomplete=(autocomplete)
            inputmode=[attributes.input_mode]
            autocapitalize=(attributes.capitals)
            spellcheck=(attributes.spellcheck)
            value=[attributes.value]
            data-min-length=[attributes.min_length]
            data-max-length=[kind.max_length()]
            autofocus[control.autofocus]
            aria-invalid=[control.invalid]
            aria-describedby=[control.described_by.as_deref()];
    }
}

/// Renders a text area. HTML drops a line break right after the opening tag, so one is added for
/// that; a line break that was typed first stays.
pub(super) fn text_area(
    control: &Control,
    value: &str,
    max_length: Option<usize>,
    autocomplete: Option<&'static str>,
) -> Markup {
    html! {
        textarea id=(control.name) name=(control.name) required[control.is_required]
            rows="4"
            autocomplete=(autocomplete.unwrap_or("off"))
            autocapitalize="sentences"
            spellcheck="true"
            data-max-length=[max_length]
            autofocus[control.autofocus]
            aria-invalid=[control.invalid]
            aria-describedby=[control.described_by.as_deref()] { "\n" (value) }
    }
}

struct Attributes<'a> {
    input_type: &'static str,
    autocomplete: &'static str,
    input_mode: Option<&'static str>,
    capitals: &'static str,
    spellcheck: &'static str,
    value: Option<&'a str>,
    min_length: Option<usize>,
}

impl<'a> FieldKind<'a> {
    fn attributes(self) -> Attributes<'a> {
        let plain = Attributes {
            input_type: "text",
            autocomplete: "off",
            input_mode: Some("text"),
            capitals: "none",
            spellcheck: "false",
            value: None,
            min_length: None,
        };
        let secret = Attributes { input_type: "password", ..plain };
        match self {
            Self::Text { value, .. } => Attributes {
                capitals: "sentences",
                spellcheck: "true",
                value: Some(value),
                ..plain
            },
            // An input of the type `number` sends nothing if it holds anything but a number, so
            // that the typed text would be lost. Keyboards for numbers lack a minus.
            Self::Number { value, min, .. } => Attributes {
                input_mode: Some(if min < 0 { "text" } else { "numeric" }),
                value: Some(value),
                ..plain
            },
            Self::Date(value) => {
                Attributes { input_type: "date", input_mode: None, value: Some(value), ..plain }
            }
            Self::Url(value) => Attributes {
                input_type: "url",
                autocomplete: "url",
                input_mode: Some("url"),
                value: Some(value),
                ..plain
            },
            Self::Email(value) => Attributes {
                input_type: "email",
                autocomplete: "username",
                input_mode: Some("email"),
                value: Some(value),
                ..plain
            },
            Self::Name(value) => {
                Attributes { autocomplete: "name", capitals: "words", value: Some(value), ..plain }
            }
            Self::Code => {
                Attributes { autocomplete: "one-time-code", capitals: "characters", ..plain }
            }
            Self::DigitCode => {
                Attributes { autocomplete: "one-time-code", input_mode: Some("numeric"), ..plain }
            }
            Self::CurrentPassword => Attributes { autocomplete: "current-password", ..secret },
            Self::NewPassword { min_length } => {
                Attributes { autocomplete: "new-password", min_length: Some(min_length), ..secret }
            }
            Self::TextArea { .. }
            | Self::Checkbox(_)
            | Self::Consent(_)
            | Self::Passkey(_)
            | Self::Select { .. }
            | Self::Radio { .. } => plain,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::FieldName;

    fn control(is_required: bool) -> Control {
        Control {
            name: FieldName::new("answer"),
            is_required,
            autofocus: false,
            invalid: Some("true"),
            described_by: Some("answer-error".to_owned()),
        }
    }

    fn rendered(kind: FieldKind<'_>, autocomplete: Option<&'static str>) -> String {
        input(&control(true), kind, autocomplete).into_string()
    }

    #[test]
    fn each_kind_of_input_has_its_type_and_keeps_its_value() {
        for (kind, expected) in [
            (
                FieldKind::Text { value: "A \"b\"", max_length: Some(9) },
                r#"type="text" autocomplete="off" inputmode="text" autocapitalize="sentences" spellcheck="true" value="A &quot;b&quot;" data-max-length="9""#,
            ),
            (
                FieldKind::Date("2026-12-31"),
                r#"type="date" autocomplete="off" autocapitalize="none" spellcheck="false" value="2026-12-31""#,
            ),
            (
                FieldKind::Url("example"),
                r#"type="url" autocomplete="url" inputmode="url" autocapitalize="none" spellcheck="false" value="example""#,
            ),
            (
                FieldKind::Email("ada@"),
                r#"type="email" autocomplete="username" inputmode="email" autocapitalize="none" spellcheck="false" value="ada@""#,
            ),
        ] {
            let html = rendered(kind, None);
            let expected = format!(
                r#"<input id="answer" name="answer" required {expected} aria-invalid="true" aria-describedby="answer-error">"#
            );
            assert_eq!(html, expected);
        }
    }

    /// An input of the type `number` would drop what is not a number before it is sent.
    #[test]
    fn a_number_is_typed_as_text_and_its_keyboard_has_a_minus_where_one_is_needed() {
        let number = |min| rendered(FieldKind::Number { value: "1o", min, max: 9 }, None);

        assert!(number(0).contains(r#"type="text" autocomplete="off" inputmode="numeric""#));
        assert!(number(-1).contains(r#"type="text" autocomplete="off" inputmode="text""#));
        assert!(number(0).contains(r#"value="1o""#));
    }

    #[test]
    fn the_caller_names_the_data_that_the_browser_fills_in_except_for_secrets() {
        let text = FieldKind::Text { value: "", max_length: None };

        assert!(
            rendered(text, Some("street-address")).contains(r#"autocomplete="street-address""#)
        );
        for (kind, own) in [
            (FieldKind::Code, "one-time-code"),
            (FieldKind::DigitCode, "one-time-code"),
            (FieldKind::CurrentPassword, "current-password"),
            (FieldKind::NewPassword { min_length: 15 }, "new-password"),
        ] {
            let html = rendered(kind, Some("email"));
            assert!(html.contains(&format!(r#"autocomplete="{own}""#)), "{html}");
        }
    }

    #[test]
    fn a_text_area_keeps_its_line_breaks_and_the_first_one_too() {
        let html = text_area(&control(false), "\n<b>\n\nc", Some(500), None).into_string();

        let expected = "<textarea id=\"answer\" name=\"answer\" rows=\"4\" autocomplete=\"off\" \
             autocapitalize=\"sentences\" spellcheck=\"true\" data-max-length=\"500\" \
             aria-invalid=\"true\" aria-describedby=\"answer-error\">\n\n&lt;b&gt;\n\nc</textarea>";
        assert_eq!(html, expected);
    }

    #[test]
    fn only_a_required_control_says_so() {
        let name = FieldKind::Name("");

        assert!(input(&control(true), name, None).into_string().contains(" required"));
        assert!(!input(&control(false), name, None).into_string().contains(" required"));
        let area = |is_required| text_area(&control(is_required), "", None, None).into_string();
        assert!(area(true).contains(" required") && !area(false).contains(" required"));
    }
}
