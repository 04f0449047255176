//! German.

mod account;
mod admin;
mod data;
mod factor_reset;
mod factors;
mod flashes;
mod forms;
mod invitations;
mod pages;
mod passkeys;
mod proof;
mod settings;
mod sign_up;

use domain::Language;

use super::Texts;

pub(super) static TEXTS: Texts = Texts {
    language: Language::German,
    account: account::TEXTS,
    forms: forms::TEXTS,
    pages: pages::TEXTS,
    passkeys: passkeys::TEXTS,
    flashes: flashes::TEXTS,
    proof: proof::TEXTS,
    sign_up: sign_up::TEXTS,
    settings: settings::TEXTS,
    factor_reset: factor_reset::TEXTS,
    factors: factors::TEXTS,
    data: data::TEXTS,
    admin: admin::TEXTS,
    invitations: invitations::TEXTS,
};
