//! The brand of Acme Notes.

use domain::{Brand, BrandLink, Language, Palette};

pub(crate) static BRAND: Brand = Brand {
    name: "Acme Notes",
    slug: "acme-notes",
    version: env!("CARGO_PKG_VERSION"),
    footer: |_| "Acme Notes keeps your notes.",
    light: Palette {
        accent: "#1f4fa3",
        accent_deep: "#163a7a",
        on_accent: "#ffffff",
        wash: "#e6edf9",
    },
    dark: Palette {
        accent: "#9dbdf7",
        accent_deep: "#bcd2fb",
        on_accent: "#0b1a33",
        wash: "#1b2740",
    },
    icon: include_str!("icon.svg"),
    touch_icon: None,
    pictures: &[],
    languages: &[Language::English],
    links: &[BrandLink { label: |_| "Support", url: "mailto:support@acme.example" }],
};
