//! The texts around every page, in error pages and in forms, in one module per language. A
//! language that lacks a text does not compile (docs/decisions/0020). A product's own texts are a
//! struct of its own that dereferences to this one.

mod de;
mod en;
mod errors;
mod form;
mod frame;

use domain::Language;

pub(super) use self::{
    errors::Errors,
    form::{FormTexts, WrongTexts},
    frame::Frame,
};

/// The texts of one language.
#[derive(Debug)]
pub struct Texts {
    /// The language that they are in.
    pub language: Language,
    /// Around every page.
    pub frame: Frame,
    /// In place of a page.
    pub errors: Errors,
    /// In forms.
    pub form: FormTexts,
}

impl Texts {
    /// The texts of the language.
    pub const fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &en::TEXTS,
            Language::German => &de::TEXTS,
        }
    }
}
