//! The state of a form that is shown again: the values typed before, the errors of fields, and the
//! error of the whole form. It never holds the value of a secret field.

use std::ops::Deref;

use super::{Doubled, Submission};
use crate::ui::{Again, FieldName, Message, Texts};

/// The state of a form; the default is an empty one.
#[derive(Clone, Debug, Default)]
pub struct FormState {
    values: Vec<(FieldName, String)>,
    errors: Vec<(FieldName, Message)>,
    /// The error of the whole form.
    pub error: Option<Message>,
}

impl FormState {
    /// The state after `submission`, without a judgement and without what HTML cannot
    /// show, such as NUL.
    pub fn of(submission: &Submission) -> Self {
        let values = submission.shown_again();
        let values = values.map(|(name, value)| (name, printable(value)));
        // Of a secret, only that it was typed.
        let secrets = submission.typed_secrets().map(|name| (name, String::new()));
        Self { values: values.chain(secrets).collect(), ..Self::default() }
    }

    /// An empty form but for one answer.
    #[must_use]
    pub fn with_value(mut self, name: FieldName, value: &str) -> Self {
        self.values.retain(|(field, _)| *field != name);
        self.values.push((name, value.to_owned()));
        self
    }

    /// The same state, with the whole refused.
    #[must_use]
    pub fn refused(self, error: impl Into<Message>) -> Self {
        Self { error: Some(error.into()), ..self }
    }

    /// Adds an error to a field; the first one stays.
    pub fn reject(&mut self, name: FieldName, error: impl Into<Message>) {
        if self.error_of(name).is_none() {
            self.errors.push((name, error.into()));
        }
    }

    /// Parses the value of a field. On an error it adds the error to the field and returns `None`.
    pub fn parse<T, W: Deref<Target = Texts>>(
        &mut self,
        texts: &W,
        submission: &Submission,
        name: FieldName,
        parse: impl FnOnce(&W, &str) -> Result<T, Message>,
    ) -> Option<T> {
        let value = submission.value(name).map_err(|Doubled| texts.form.doubled_field.into());
        value.and_then(|value| parse(texts, value)).map_err(|error| self.reject(name, error)).ok()
    }

    /// The answer given before, empty where there was none.
    pub fn value(&self, name: FieldName) -> &str {
        self.values.iter().find(|(field, _)| *field == name).map_or("", |(_, value)| value)
    }

    /// Whether the box was ticked before, or the secret was typed.
    pub fn is_ticked(&self, name: FieldName) -> bool {
        self.values.iter().any(|(field, _)| *field == name)
    }

    /// Whether a form with an error asks again for a password that it can do without: if it was typed.
    pub fn again(&self, name: FieldName) -> Again {
        if self.is_ticked(name) { Again::AfterError } else { Again::Never }
    }

    /// The error of the field.
    pub fn error_of(&self, name: FieldName) -> Option<Message> {
        self.errors.iter().find(|(field, _)| *field == name).map(|(_, error)| error.clone())
    }
}

/// The text without control characters, which HTML cannot show; line breaks stay, as `\n`, and tabs.
fn printable(text: &str) -> String {
    text.replace("\r\n", "\n").replace(|c: char| c.is_control() && !matches!(c, '\n' | '\t'), "")
}
