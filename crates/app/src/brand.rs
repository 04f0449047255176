//! The brand: all that pages, mails, cookies and commands say of the product.

use domain::{Brand, BrandLink, BrandPicture, Language};

/// The name of the picture of the home page.
pub(crate) const SESSIONS: &str = "sessions";
/// The same on a dark ground.
pub(crate) const SESSIONS_DARK: &str = "sessions-dark";

/// Latchkey.
pub static BRAND: Brand = Brand {
    name: "Latchkey",
    slug: "latchkey",
    version: env!("CARGO_PKG_VERSION"),
    footer: |language| match language {
        Language::English => "Latchkey keeps your account safe and in your hands.",
        Language::German => "Latchkey hält Ihr Konto sicher und in Ihrer Hand.",
    },
    icon: include_str!("../icon.svg"),
    touch_icon: Some(include_bytes!("../pictures/touch-icon.png")),
    pictures: &[
        BrandPicture { name: SESSIONS, png: include_bytes!("../pictures/sessions.png") },
        BrandPicture { name: SESSIONS_DARK, png: include_bytes!("../pictures/sessions-dark.png") },
    ],
    links: &[BrandLink {
        label: |language| match language {
            Language::English => "Report a security problem",
            Language::German => "Sicherheitsproblem melden",
        },
        url: "/.well-known/security.txt",
    }],
    ..Brand::EXAMPLE
};
