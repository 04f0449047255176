//! The kinds of fields. A kind holds the value that the field shows again; a kind for secrets holds
//! none, because a password cannot be printed back.

use crate::ui::PasskeyPrompt;

/// Whether a field says that its answer, which is not shown again, has to be given again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// If it is a password that is not wrong itself, in a form with an error.
    AfterError,
    /// Not even then: it was left out.
    Never,
    /// Now.
    Asked,
}

/// The kind of a field, with its value where it may be shown.
#[derive(Clone, Copy, Debug)]
pub enum FieldKind<'a> {
    /// One line of text.
    Text {
        /// The text.
        value: &'a str,
        /// The most characters, which a line below the input counts.
        max_length: Option<usize>,
    },
    /// Text of several lines.
    TextArea {
        /// The text; its line breaks are `\n`.
        value: &'a str,
        /// The most characters, which a line below the input counts.
        max_length: Option<usize>,
    },
    /// A whole number; the hint names its range.
    Number {
        /// The number as it was typed.
        value: &'a str,
        /// The smallest number.
        min: i64,
        /// The largest number.
        max: i64,
    },
    /// A day, as `2026-12-31`.
    Date(&'a str),
    /// The address of a page.
    Url(&'a str),
    /// An e-mail address. Unless the field says otherwise, it is the name of the account to
    /// password managers.
    Email(&'a str),
    /// The name of a person.
    Name(&'a str),
    /// The code from a mail, of letters and digits.
    Code,
    /// The code of an authentication app, of digits.
    DigitCode,
    /// The password of an account.
    CurrentPassword,
    /// A password to be; the script counts along up to the shortest length allowed.
    NewPassword {
        /// The shortest length allowed, in characters.
        min_length: usize,
    },
    /// A box that may be ticked or not; true is ticked.
    Checkbox(bool),
    /// A box that must be ticked to go on, such as one for terms; true is ticked.
    Consent(bool),
    /// The button of a passkey, which stands below the button of the form. The label is its text.
    Passkey(&'a PasskeyPrompt<'a>),
    /// One choice of a list that opens.
    Select {
        /// The value of the choice; any other value selects nothing.
        value: &'a str,
        /// The choices.
        choices: &'a [Choice<'a>],
    },
    /// One choice of a few that are all in sight.
    Radio {
        /// The value of the choice; any other value selects nothing.
        value: &'a str,
        /// The choices.
        choices: &'a [Choice<'a>],
    },
}

/// A possible answer to a select or a radio group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice<'a> {
    /// The value in the submission.
    pub value: &'a str,
    /// The visible text.
    pub label: &'a str,
}

impl FieldKind<'_> {
    /// Whether the value is a secret, which has to be typed again after a refusal.
    pub(in crate::ui) const fn is_secret(self) -> bool {
        matches!(self, Self::CurrentPassword | Self::NewPassword { .. })
    }

    /// The most characters, if they are counted.
    pub(super) const fn max_length(self) -> Option<usize> {
        match self {
            Self::Text { max_length, .. } | Self::TextArea { max_length, .. } => max_length,
            _ => None,
        }
    }
}
