//! English.

mod account;
mod admin;
mod data;
mod flashes;
mod forms;
mod invitations;
mod pages;
mod proof;
mod settings;
mod sign_up;

use domain::Language;

use super::Texts;

pub(super) static TEXTS: Texts = Texts {
    language: Language::English,
    account: account::TEXTS,
    forms: forms::TEXTS,
    pages: pages::TEXTS,
    flashes: flashes::TEXTS,
    proof: proof::TEXTS,
    sign_up: sign_up::TEXTS,
    settings: settings::TEXTS,
    data: data::TEXTS,
    admin: admin::TEXTS,
    invitations: invitations::TEXTS,
};
