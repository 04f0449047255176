//! A form that is a button and does one thing, with a choice beside it where one is needed.

use maud::{Markup, Render, html};

use super::{Choice, FieldName, form::frame};

/// A button that posts to an address of this site.
#[derive(Clone, Debug)]
pub struct ActionForm<'a> {
    /// Unique on the page.
    pub id: &'a str,
    /// Where it posts to.
    pub action: &'a str,
    /// The token that proves that the page came from here.
    pub csrf_token: &'a str,
    /// Hidden fields.
    pub hidden: Vec<(FieldName, &'a str)>,
    /// What is chosen beside the button.
    pub choice: Option<ChoiceField<'a>>,
    /// Why it could not be done.
    pub error: Option<&'a str>,
    /// The text of the button.
    pub label: &'a str,
    /// The accessible name, where the text alone is not clear without its surroundings.
    pub spoken: Option<&'a str>,
    /// How much the button stands out.
    pub weight: Weight,
}

/// A choice of one beside a button.
#[derive(Clone, Debug)]
pub struct ChoiceField<'a> {
    /// The name in the submission.
    pub name: FieldName,
    /// The accessible name; the surroundings tell those who see.
    pub label: &'a str,
    /// The options.
    pub options: Vec<Choice<'a>>,
    /// The value that is chosen now.
    pub chosen: &'a str,
}

/// How much a button stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// It is what the page is for.
    Strong,
    /// It stands beside other things.
    Quiet,
    /// What it does cannot be undone.
    Danger,
}

impl<'a> ActionForm<'a> {
    /// A button that stands out, with nothing beside it.
    pub const fn new(id: &'a str, action: &'a str, csrf_token: &'a str, label: &'a str) -> Self {
        Self {
            id,
            action,
            csrf_token,
            hidden: Vec::new(),
            choice: None,
            error: None,
            label,
            spoken: None,
            weight: Weight::Strong,
        }
    }
}

impl Render for ActionForm<'_> {
    fn render(&self) -> Markup {
        let content = html! {
            @if let Some(error) = self.error {
                p.error id={ (self.id) "-error" } role="alert" { (error) }
            }
            @if let Some(choice) = &self.choice {
                select name=(choice.name) aria-label=(choice.label) autocomplete="off" {
                    @for option in &choice.options {
                        option value=(option.value) selected[option.value == choice.chosen] {
                            (option.label)
                        }
                    }
                }
            }
            button.quiet[self.weight == Weight::Quiet].danger[self.weight == Weight::Danger] type="submit" aria-label=[self.spoken] {
                (self.label)
            }
        };
        frame(self.id, self.action, self.csrf_token, &self.hidden, &content)
    }
}
