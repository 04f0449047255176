//! Every word that the pages say to people, in one module per language; mails have theirs
//! in `auth::mail`. A language that lacks a text does not compile, and a text that no
//! page uses is a warning (docs/decisions/0020). Nothing here knows of the errors it
//! describes; the features choose.

mod data;
mod de;
mod en;
mod errors;
mod flashes;
mod forms;
mod frame;
mod pages;
mod proof;
mod settings;

use domain::Language;

pub(crate) use self::{
    data::Data, errors::Errors, flashes::Flashes, forms::Forms, frame::Frame, pages::Pages,
    proof::Proof, settings::Settings,
};

/// The name of the product, the same in every language.
pub(crate) const PRODUCT: &str = "Latchkey";

/// The words of one language.
#[derive(Debug)]
pub(crate) struct Texts {
    /// The language that they are in.
    pub(crate) language: Language,
    /// Around every page.
    pub(crate) frame: Frame,
    /// In place of a page.
    pub(crate) errors: Errors,
    /// In forms.
    pub(crate) forms: Forms,
    /// On the pages of the features.
    pub(crate) pages: Pages,
    /// After something was done.
    pub(crate) flashes: Flashes,
    /// To somebody who has to confirm an address.
    pub(crate) proof: Proof,
    /// On the pages of one's own account.
    pub(crate) settings: Settings,
    /// On the pages of what is held about a person.
    pub(crate) data: Data,
}

impl Texts {
    /// The words of the language.
    pub(crate) const fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &en::TEXTS,
            Language::German => &de::TEXTS,
        }
    }
}
