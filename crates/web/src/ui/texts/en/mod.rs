//! English.

mod data;
mod errors;
mod flashes;
mod forms;
mod frame;
mod pages;
mod proof;
mod settings;

use domain::Language;

use super::Texts;

pub(super) static TEXTS: Texts = Texts {
    language: Language::English,
    frame: frame::TEXTS,
    errors: errors::TEXTS,
    forms: forms::TEXTS,
    pages: pages::TEXTS,
    flashes: flashes::TEXTS,
    proof: proof::TEXTS,
    settings: settings::TEXTS,
    data: data::TEXTS,
};
