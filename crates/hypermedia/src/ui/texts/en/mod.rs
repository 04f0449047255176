//! English.

mod errors;
mod form;
mod frame;

use domain::Language;

use super::Texts;

pub(super) static TEXTS: Texts = Texts {
    language: Language::English,
    frame: frame::TEXTS,
    errors: errors::TEXTS,
    form: form::TEXTS,
};
