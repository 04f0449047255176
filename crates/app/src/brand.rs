//! The brand: all that pages, mails, cookies and commands say of the product.

use domain::{Brand, Language};

/// Latchkey.
pub static BRAND: Brand = Brand {
    name: "Latchkey",
    slug: "latchkey",
    version: env!("CARGO_PKG_VERSION"),
    footer: |language| match language {
        Language::English => "Latchkey keeps accounts for hypermedia web apps.",
        Language::German => "Latchkey verwaltet Konten für Hypermedia-Webanwendungen.",
    },
    icon: include_str!("../icon.svg"),
    ..Brand::EXAMPLE
};
