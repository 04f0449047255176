//! One question of a form: label, hint, error and control, tied together for assistive
//! technology. A required field is the rule; an optional one says so in its label.

mod choice;
mod control;
mod input;
mod kind;

use maud::{Markup, Render, html};

use self::control::Control;
pub use self::kind::{Again, Choice, FieldKind};
use super::{FieldName, Icon, Message, Texts};

/// One question of a form. The id of its control is the name of the field.
///
/// ```
/// use domain::Language;
/// use hypermedia::{
///     extract::FormState,
///     ui::{Field, FieldKind, FieldName, Texts},
/// };
/// use maud::Render;
///
/// const TITLE: FieldName = FieldName::new("title");
///
/// let state = FormState::default().with_value(TITLE, "Goose");
/// let kind = FieldKind::Text { value: state.value(TITLE), max_length: Some(200) };
/// let field = Field {
///     hint: Some("As on the cover.".into()),
///     error: state.error_of(TITLE),
///     optional: true,
///     ..Field::new(Texts::of(Language::English), TITLE, "Title", kind)
/// };
///
/// assert!(field.render().into_string().contains(r#"value="Goose""#));
/// ```
#[derive(Clone, Debug)]
pub struct Field<'a> {
    /// The words of the kit, such as those beside a password.
    pub texts: &'static Texts,
    /// The name in the submission, and the id.
    pub name: FieldName,
    /// The label.
    pub label: &'static str,
    /// The kind of the field, and its value.
    pub kind: FieldKind<'a>,
    /// Whether the answer may be left out. A [`FieldKind::Checkbox`] always may.
    pub optional: bool,
    /// The kind of data that the browser fills in, in place of the one of the kind: a token such as
    /// `street-address` (HTML, "Autofill"). Codes and passwords keep their own.
    pub autocomplete: Option<&'static str>,
    /// The hint.
    pub hint: Option<Message>,
    /// The error.
    pub error: Option<Message>,
    /// Whether the page opens with the focus here.
    pub autofocus: bool,
    /// The address that looks at the answer when the visitor leaves the field.
    pub check: Option<&'static str>,
    /// The address of the account that a password belongs to, for password managers, where the form
    /// does not ask for it. It is not sent.
    pub username: Option<&'a str>,
    /// Whether the field says that its answer has to be given again.
    pub again: Again,
}

impl<'a> Field<'a> {
    /// A required field without hint, error and check.
    pub const fn new(
        texts: &'static Texts,
        name: FieldName,
        label: &'static str,
        kind: FieldKind<'a>,
    ) -> Self {
        Self {
            texts,
            name,
            label,
            kind,
            optional: false,
            autocomplete: None,
            hint: None,
            error: None,
            autofocus: false,
            check: None,
            username: None,
            again: Again::AfterError,
        }
    }

    fn is_checkbox(&self) -> bool {
        matches!(self.kind, FieldKind::Checkbox(_))
    }

    fn common(&self) -> Control {
        Control {
            name: self.name,
            is_required: !self.optional && !self.is_checkbox(),
            autofocus: self.autofocus,
            invalid: self.error.is_some().then_some("true"),
            described_by: self.described_by(),
        }
    }

    /// The ids of the texts beside the control, the error first.
    fn described_by(&self) -> Option<String> {
        let texts = [
            (self.error.is_some(), "error"),
            (self.again == Again::Asked, "again"),
            (self.hint.is_some() || self.range().is_some(), "hint"),
            (self.kind.max_length().is_some(), "length"),
        ];
        let shown = texts.iter().filter(|(is_shown, _)| *is_shown);
        let ids: Vec<_> = shown.map(|(_, text)| format!("{}-{text}", self.name)).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    fn label(&self) -> Markup {
        html! {
            (self.label)
            @if self.optional && !self.is_checkbox() {
                " " span.optional { (self.texts.form.optional) }
            }
        }
    }

    fn range(&self) -> Option<String> {
        match self.kind {
            FieldKind::Number { min, max, .. } => Some((self.texts.form.number_range)(min, max)),
            _ => None,
        }
    }

    fn hint(&self) -> Markup {
        let range = self.range();
        html! {
            @if self.hint.is_some() || range.is_some() {
                p.hint id={ (self.name) "-hint" } {
                    @if let Some(hint) = &self.hint { (hint) }
                    @if self.hint.is_some() && range.is_some() { " " }
                    @if let Some(range) = &range { (range) }
                }
            }
        }
    }

    /// The error. That of a field which is checked by itself is in a live region, because the
    /// focus is elsewhere when it comes.
    fn error(&self) -> Markup {
        let error = html! {
            @if self.again == Again::Asked {
                p.hint id={ (self.name) "-again" } { (self.texts.form.again) }
            }
            @if let Some(error) = &self.error {
                p.error id={ (self.name) "-error" } { (Icon::Alert) span { (error) } }
            }
        };
        if self.check.is_none() {
            return error;
        }
        html! { div id={ (self.name) "-live" } aria-live="polite" { (error) } }
    }

    fn input(&self) -> Markup {
        input::input(&self.common(), self.kind, self.autocomplete)
    }

    fn password(&self) -> Markup {
        let show = self.texts.form.show_password;
        html! {
            @if let Some(username) = self.username {
                input type="text" value=(username) autocomplete="username" hidden readonly;
            }
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

    /// The line that counts the characters of a new password.
    fn least_length(&self, min_length: usize) -> Markup {
        let texts = &self.texts.form;
        html! {
            p.length id={ (self.name) "-length" } role="status" hx-morph-skip
                data-short=((texts.password_progress)(min_length))
                data-enough=(texts.password_long_enough) {}
        }
    }

    /// The line that counts the characters of a text, if they are limited. Without script it names
    /// the limit.
    fn most_length(&self) -> Markup {
        let texts = &self.texts.form;
        html! {
            @if let Some(max) = self.kind.max_length() {
                p.length id={ (self.name) "-length" } role="status" hx-morph-skip
                    data-within=((texts.length_progress)(max))
                    data-over=((texts.length_exceeded)(max)) { ((texts.length_limit)(max)) }
            }
        }
    }

    fn select(&self, value: &str, choices: &[Choice<'_>]) -> Markup {
        let texts = &self.texts.form;
        let empty = if self.optional { texts.choose_none } else { texts.choose };
        choice::select(&self.common(), value, choices, self.autocomplete, empty)
    }

    fn control(&self) -> Markup {
        match self.kind {
            FieldKind::Text { .. }
            | FieldKind::Number { .. }
            | FieldKind::Date(_)
            | FieldKind::Url(_)
            | FieldKind::Email(_)
            | FieldKind::Name(_)
            | FieldKind::Code
            | FieldKind::DigitCode => self.input(),
            FieldKind::TextArea { value, max_length } => {
                input::text_area(&self.common(), value, max_length, self.autocomplete)
            }
            FieldKind::CurrentPassword => self.password(),
            FieldKind::NewPassword { min_length } => html! {
                (self.password())
                (self.least_length(min_length))
            },
            FieldKind::Checkbox(is_ticked) | FieldKind::Consent(is_ticked) => {
                choice::checkbox(&self.common(), &self.label(), is_ticked)
            }
            FieldKind::Passkey(prompt) => prompt.render(),
            FieldKind::Select { value, choices } => self.select(value, choices),
            FieldKind::Radio { value, choices } => choice::radios(&self.common(), value, choices),
        }
    }

    /// Label, hint, control and error, in the order of the page.
    fn content(&self) -> Markup {
        match self.kind {
            FieldKind::Passkey(_) => self.control(),
            FieldKind::Checkbox(_) | FieldKind::Consent(_) => html! {
                (self.control())
                (self.hint())
                (self.error())
            },
            // The role is what `aria-invalid` belongs to; a plain fieldset must not have it.
            FieldKind::Radio { .. } => html! {
                fieldset role="radiogroup"
                    aria-invalid=[self.error.is_some().then_some("true")]
                    aria-describedby=[self.described_by()] {
                    legend { (self.label()) }
                    (self.hint())
                    (self.control())
                    (self.error())
                }
            },
            _ => html! {
                label for=(self.name) { (self.label()) }
                (self.hint())
                (self.control())
                (self.most_length())
                (self.error())
            },
        }
    }
}

impl Render for Field<'_> {
    fn render(&self) -> Markup {
        let is_box = matches!(self.kind, FieldKind::Checkbox(_) | FieldKind::Consent(_));
        let class = if is_box { "field choice" } else { "field" };
        let content = self.content();
        html! {
            @match self.check {
                None => div class=(class) { (content) },
                // The delay lets a click on the submit button land before an error moves it. The
                // morph keeps the typed value, above all a password.
                Some(url) => div class=(class) hx-post=(url) hx-vals={ "field:" (self.name) }
                    hx-trigger="change delay:250ms" hx-sync="this:replace"
                    hx-target="this" hx-swap="outerMorph"
                    hx-status:4xx="swap:none" hx-status:5xx="swap:none" { (content) },
            }
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

    #[test]
    fn an_optional_field_says_so_in_its_label_and_requires_nothing() {
        let german = Texts::of(Language::German);
        let field = |texts, optional| Field {
            optional,
            ..Field::new(texts, NAME, "Name", FieldKind::Text { value: "", max_length: None })
        };

        let html = field(english(), true).render().into_string();
        assert!(
            html.contains(r#"Name <span class="optional">(optional)</span></label>"#),
            "{html}"
        );
        assert!(!html.contains("required"));
        assert!(field(german, true).render().into_string().contains("(freiwillig)"));

        let required = field(english(), false).render().into_string();
        assert!(required.contains(" required") && required.contains(">Name</label>"));
    }

    #[test]
    fn the_most_characters_are_told_and_counted_below_the_text() {
        for kind in [
            FieldKind::Text { value: "", max_length: Some(80) },
            FieldKind::TextArea { value: "", max_length: Some(80) },
        ] {
            let html = Field::new(english(), NAME, "Name", kind).render().into_string();

            assert!(html.contains(r#"aria-describedby="name-length""#), "{html}");
            assert!(html.contains(r#"data-max-length="80""#), "{html}");
            let line = concat!(
                r#"<p class="length" id="name-length" role="status" hx-morph-skip"#,
                r#" data-within="{} of at most 80 characters.""#,
                r#" data-over="{} over the limit of 80 characters.">At most 80 characters.</p>"#,
            );
            assert!(html.contains(line), "{html}");
        }
    }

    #[test]
    fn the_hint_of_a_number_ends_with_its_range() {
        let kind = FieldKind::Number { value: "", min: 1, max: 20 };
        let bare = Field::new(english(), NAME, "Seats", kind);
        let hinted = Field { hint: Some("With yours.".into()), ..bare.clone() };

        let bare = bare.render().into_string();
        let hinted = hinted.render().into_string();

        assert!(bare.contains(r#"<p class="hint" id="name-hint">From 1 to 20.</p>"#), "{bare}");
        assert!(bare.contains(r#"aria-describedby="name-hint""#), "{bare}");
        assert!(hinted.contains(r#"id="name-hint">With yours. From 1 to 20.</p>"#), "{hinted}");
    }

    #[test]
    fn a_radio_group_is_a_fieldset_that_its_hint_and_error_describe() {
        let choices = [Choice { value: "a", label: "A" }];
        let field = Field {
            hint: Some("The best.".into()),
            error: Some("Missing.".into()),
            ..Field::new(
                english(),
                NAME,
                "Which?",
                FieldKind::Radio { value: "", choices: &choices },
            )
        };

        let html = field.render().into_string();

        let start = concat!(
            r#"<div class="field"><fieldset role="radiogroup" aria-invalid="true""#,
            r#" aria-describedby="name-error name-hint"><legend>Which?</legend>"#,
            r#"<p class="hint" id="name-hint">The best.</p>"#,
        );
        assert!(html.starts_with(start), "{html}");
        assert!(html.contains(r#"<p class="error" id="name-error">"#), "{html}");
        assert!(html.ends_with("</fieldset></div>"), "{html}");
    }

    #[test]
    fn a_select_without_need_of_an_answer_offers_none() {
        let kind = FieldKind::Select { value: "", choices: &[] };
        let needed = Field::new(english(), NAME, "Which?", kind);
        let optional = Field { optional: true, ..needed.clone() };

        assert!(needed.render().into_string().contains(">Please choose</option>"));
        assert!(optional.render().into_string().contains(">No answer</option>"));
    }

    #[test]
    fn a_box_may_stay_empty_unless_it_is_a_consent() {
        let field = |kind| Field {
            error: Some("Tick it.".into()),
            ..Field::new(english(), NAME, "Terms", kind)
        };

        let free = field(FieldKind::Checkbox(false)).render().into_string();
        let consent = field(FieldKind::Consent(false)).render().into_string();

        assert!(!free.contains("required") && !free.contains("(optional)"), "{free}");
        assert!(consent.contains("required"), "{consent}");
        assert!(consent.contains(r#"aria-describedby="name-error""#), "{consent}");
        assert!(consent.contains(r#"<p class="error" id="name-error">"#), "{consent}");
    }
}
