//! A change that asks first: a disclosure, which says what the change does and has the button. It
//! works without script. Opened, it is confirmed by its button and left by closing it again.

use maud::{Markup, Render, html};

use super::{ChoiceField, FieldName, form::frame};

/// A change that asks first.
#[derive(Clone, Debug)]
pub struct ConfirmedAction<'a> {
    /// The id of the form, unique on the page.
    pub id: &'a str,
    /// Where the form posts to.
    pub action: &'a str,
    /// The token that proves that the page came from here.
    pub csrf_token: &'a str,
    /// The text that opens the question.
    pub title: &'a str,
    /// What the change does.
    pub effect: &'a str,
    /// What is chosen beside the button.
    pub choice: Option<ChoiceField<'a>>,
    /// What is typed, line by line.
    pub fields: Vec<TextField<'a>>,
    /// Why it could not be done.
    pub error: Option<&'a str>,
    /// The text of the button.
    pub label: &'a str,
    /// Whether the change cannot be undone.
    pub is_final: bool,
}

/// One line of text in a form with a label around it, so that its name may be on the page more than
/// once.
#[derive(Clone, Debug)]
pub struct TextField<'a> {
    /// The name in the submission.
    pub name: FieldName,
    /// The label.
    pub label: &'a str,
    /// The hint.
    pub hint: &'a str,
    /// The text.
    pub value: &'a str,
    /// The most characters.
    pub max_length: usize,
    /// Whether this field is why it could not be done.
    pub is_wrong: bool,
}

impl ConfirmedAction<'_> {
    /// The form alone.
    pub fn form(&self) -> Markup {
        let error_id = format!("{}-error", self.id);
        let content = html! {
            p.hint { (self.effect) }
            @if let Some(error) = self.error {
                p.error id=(error_id) role="alert" { (error) }
            }
            @if let Some(choice) = &self.choice {
                label {
                    (choice.label)
                    select name=(choice.name) autocomplete="off" {
                        @for option in &choice.options {
                            option value=(option.value) selected[option.value == choice.chosen] {
                                (option.label)
                            }
                        }
                    }
                }
            }
            @for field in &self.fields {
                label {
                    span { (field.label) } " "
                    small.hint { (field.hint) }
                    input name=(field.name) type="text" value=(field.value) autocomplete="off"
                        maxlength=(field.max_length) aria-invalid=[field.is_wrong.then_some("true")]
                        aria-describedby=[field.is_wrong.then_some(&error_id)];
                }
            }
            button.danger[self.is_final] type="submit" { (self.label) }
        };
        frame(self.id, self.action, self.csrf_token, &[], &content)
    }
}

impl Render for ConfirmedAction<'_> {
    fn render(&self) -> Markup {
        html! {
            details.question name="question" open[self.error.is_some()] {
                summary { (self.title) }
                (self.form())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn action(error: Option<&str>) -> ConfirmedAction<'_> {
        let field = TextField {
            name: FieldName::new("reason"),
            label: "Reason",
            hint: "Optional",
            value: "a \"b\"",
            max_length: 9,
            is_wrong: error.is_some(),
        };
        ConfirmedAction {
            id: "disable-form",
            action: "/users/7/disable",
            csrf_token: "token",
            title: "Disable",
            effect: "Ends every session.",
            choice: None,
            fields: vec![field],
            error,
            label: "Disable account",
            is_final: false,
        }
    }

    #[test]
    fn a_question_is_closed_until_it_was_refused() {
        let (asked, refused) = (action(None).render(), action(Some("No.")).render());

        assert!(asked.into_string().starts_with(r#"<details class="question" name="question"><"#));
        let refused = refused.into_string();
        assert!(refused.contains(r#"name="question" open>"#), "{refused}");
        assert!(refused.contains(r#"id="disable-form-error" role="alert">No."#), "{refused}");
        assert!(refused.contains(r#"value="a &quot;b&quot;""#), "{refused}");
        let marked = r#"aria-invalid="true" aria-describedby="disable-form-error""#;
        assert!(refused.contains(marked), "{refused}");
        assert!(!action(None).render().into_string().contains("aria-"));
    }

    #[test]
    fn the_form_alone_is_the_form_of_the_question() {
        let action = action(Some("No."));
        let (form, whole) = (action.form().into_string(), action.render().into_string());

        assert!(form.starts_with("<form") && whole.contains(&form));
    }
}
