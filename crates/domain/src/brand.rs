//! The brand of a product: its name, its colours and its links, in one value that pages, mails,
//! cookies and commands read.

use crate::Language;

/// Least contrast of text on its ground (WCAG 2.2, 1.4.3).
const TEXT_CONTRAST: f64 = 4.5;
/// The longest slug.
const MAX_SLUG: usize = 24;

/// The brand of a product, as a constant of its own.
#[derive(Clone, Copy, Debug)]
pub struct Brand {
    /// The name as people read it, such as `Acme Notes`. It is also the default sender of mails.
    pub name: &'static str,
    /// The name for machines: 1 to 24 characters of `a` to `z`, `0` to `9` and `-`, the first a
    /// letter. Cookies, the configuration file, the exported file, the metrics and the connections
    /// to the database carry it; the environment variables begin with it in upper case, with `_`
    /// for `-`.
    pub slug: &'static str,
    /// The version of the product, as commands and the log say it.
    pub version: &'static str,
    /// The sentence at the end of every page, and what search engines show of the public ones.
    pub footer: fn(Language) -> &'static str,
    /// The colours on a light ground.
    pub light: Palette,
    /// The colours on a dark ground.
    pub dark: Palette,
    /// The icon of the site: an SVG document without scripts.
    pub icon: &'static str,
    /// The icon on the home screen of a phone: a PNG of 180 by 180 pixels, without transparency.
    /// Without one, phones make their own.
    pub touch_icon: Option<&'static [u8]>,
    /// The pictures that the product's pages show, served under `/assets/`.
    pub pictures: &'static [BrandPicture],
    /// The languages that visitors may choose from, the default first.
    pub languages: &'static [Language],
    /// The links at the end of every page, such as that to the privacy notice.
    pub links: &'static [BrandLink],
}

/// A picture of the product.
#[derive(Clone, Copy, Debug)]
pub struct BrandPicture {
    /// Its name, by which a page finds its address; of `a` to `z`, `0` to `9` and `-`.
    pub name: &'static str,
    /// A PNG file.
    pub png: &'static [u8],
}

/// A link at the end of every page.
#[derive(Clone, Copy, Debug)]
pub struct BrandLink {
    /// The text.
    pub label: fn(Language) -> &'static str,
    /// A path of the site, or an `https:` or `mailto:` URL.
    pub url: &'static str,
}

/// The colours of a brand on one ground, each as `#rrggbb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    /// Links, buttons and the focus.
    pub accent: &'static str,
    /// The same under the pointer.
    pub accent_deep: &'static str,
    /// Text on the accent.
    pub on_accent: &'static str,
    /// The background of notices and of links under the pointer.
    pub wash: &'static str,
}

impl Palette {
    fn check(&self) -> Result<(), InvalidBrand> {
        let Self { accent, accent_deep, on_accent, wash } = *self;
        let colors = [accent, accent_deep, on_accent, wash];
        if let Some(wrong) = colors.into_iter().find(|color| luminance(color).is_none()) {
            return Err(InvalidBrand::Color(wrong));
        }
        let (ground, text) = (luminance(accent), luminance(on_accent));
        if ground.zip(text).is_some_and(|(ground, text)| contrast(ground, text) < TEXT_CONTRAST) {
            return Err(InvalidBrand::Contrast { on_accent, accent });
        }
        Ok(())
    }
}

/// A brand that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidBrand {
    /// The slug is not what [`Brand::slug`] asks for.
    #[error("the slug of the brand has 1 to 24 characters a to z, 0 to 9 and -, a letter first")]
    Slug,
    /// The name is empty or has a control character.
    #[error("the name of the brand is empty or has a control character")]
    Name,
    /// A colour is not `#rrggbb`.
    #[error("the colour {0:?} of the brand is not #rrggbb")]
    Color(&'static str),
    /// Text on the accent has a contrast below 4.5 to 1.
    #[error("the brand's text {on_accent} on the accent {accent} has a contrast below 4.5 to 1")]
    Contrast {
        /// The colour of the text.
        on_accent: &'static str,
        /// The colour behind it.
        accent: &'static str,
    },
    /// The URL of a link is none of those that [`BrandLink::url`] may be.
    #[error("the URL {0:?} of a link of the brand is no path, `https:` or `mailto:` URL")]
    Link(&'static str),
    /// No language is listed.
    #[error("the brand lists no language")]
    NoLanguage,
}

impl Brand {
    /// A brand without a name of its own, for tests and for examples.
    pub const EXAMPLE: Self = Self {
        name: "Example",
        slug: "example",
        version: "0.0.0",
        footer: |_| "",
        light: Palette {
            accent: "#176049",
            accent_deep: "#0f4736",
            on_accent: "#ffffff",
            wash: "#e5f1eb",
        },
        dark: Palette {
            accent: "#86d6b4",
            accent_deep: "#a8e6cb",
            on_accent: "#0b1d15",
            wash: "#1b3027",
        },
        icon: "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\">\
               <rect width=\"32\" height=\"32\" rx=\"8\" fill=\"#176049\"/></svg>",
        touch_icon: None,
        pictures: &[],
        languages: &Language::ALL,
        links: &[],
    };

    /// Checks the parts that the compiler cannot.
    pub fn check(&self) -> Result<(), InvalidBrand> {
        if !is_slug(self.slug) {
            return Err(InvalidBrand::Slug);
        }
        if self.name.trim().is_empty() || self.name.chars().any(char::is_control) {
            return Err(InvalidBrand::Name);
        }
        if self.languages.is_empty() {
            return Err(InvalidBrand::NoLanguage);
        }
        if let Some(link) = self.links.iter().find(|link| !is_link(link.url)) {
            return Err(InvalidBrand::Link(link.url));
        }
        self.light.check()?;
        self.dark.check()?;
        Ok(())
    }

    /// What the product's environment variables begin with, such as `ACME_NOTES`.
    pub fn variable_prefix(&self) -> String {
        self.slug.to_ascii_uppercase().replace('-', "_")
    }

    /// The slug with `_` for `-`, for names that take no hyphen.
    pub fn identifier(&self) -> String {
        self.slug.replace('-', "_")
    }

    /// `text` with the name in place of each `{brand}`. Before a hyphen the parts of the name are
    /// joined by hyphens, as German asks for: `Acme-Notes-Konto`.
    pub fn fill(&self, text: &str) -> String {
        let joined = format!("{}-", self.name.replace(' ', "-"));
        text.replace("{brand}-", &joined).replace("{brand}", self.name)
    }
}

impl Default for &Brand {
    fn default() -> Self {
        const { &Brand::EXAMPLE }
    }
}

fn is_link(url: &str) -> bool {
    let is_path = url.starts_with('/') && !url.starts_with("//");
    is_path || url.starts_with("https://") || url.starts_with("mailto:")
}

fn is_slug(slug: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    slug.len() <= MAX_SLUG
        && slug.starts_with(|c: char| c.is_ascii_lowercase())
        && slug.chars().all(is_allowed)
}

/// The relative luminance of `#rrggbb` (WCAG 2.2, glossary).
fn luminance(color: &str) -> Option<f64> {
    let hex = color.strip_prefix('#').filter(|hex| hex.len() == 6 && hex.is_ascii())?;
    let channel = |at: usize| {
        let value = u8::from_str_radix(hex.get(at..at + 2)?, 16).ok()?;
        let value = f64::from(value) / 255.0;
        let is_dark = value <= 0.04045;
        Some(if is_dark { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) })
    };
    Some(0.2126 * channel(0)? + 0.7152 * channel(2)? + 0.0722 * channel(4)?)
}

fn contrast(one: f64, other: f64) -> f64 {
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_brand_that_can_be_read_and_named_is_valid() {
        assert_eq!(Brand::EXAMPLE.check(), Ok(()));
        let named = |slug| Brand { slug, ..Brand::EXAMPLE }.check();
        assert_eq!(named("acme-notes-2"), Ok(()));
        for slug in ["", "2nd", "-a", "Acme", "a_b", "a b", "ä", "a-name-that-is-far-too-long"] {
            assert_eq!(named(slug), Err(InvalidBrand::Slug), "{slug}");
        }
        for name in ["", " ", "a\nb"] {
            assert_eq!(Brand { name, ..Brand::EXAMPLE }.check(), Err(InvalidBrand::Name));
        }
        for (url, expected) in [
            ("/privacy", true),
            ("https://acme.example/terms", true),
            ("mailto:help@acme.example", true),
            ("//acme.example", false),
            ("javascript:alert(1)", false),
        ] {
            assert_eq!(is_link(url), expected, "{url}");
        }
        let languages = &[];
        assert_eq!(Brand { languages, ..Brand::EXAMPLE }.check(), Err(InvalidBrand::NoLanguage));
    }

    #[test]
    fn colours_are_checked_for_form_and_contrast() {
        let accented = |accent| {
            let dark = Palette { accent, ..Brand::EXAMPLE.dark };
            Brand { dark, ..Brand::EXAMPLE }.check()
        };
        for accent in ["", "red", "#fff", "#12345g", "123456#", "#1234é"] {
            assert_eq!(accented(accent), Err(InvalidBrand::Color(accent)));
        }
        let on_accent = Brand::EXAMPLE.dark.on_accent;
        let accent = on_accent;
        assert_eq!(accented(accent), Err(InvalidBrand::Contrast { on_accent, accent }));
        assert!((contrast(1.0, 0.0) - 21.0).abs() < 1e-9);
    }

    #[test]
    fn the_name_stands_in_the_texts() {
        let brand = Brand { name: "Acme Notes", slug: "acme-notes", ..Brand::EXAMPLE };

        assert_eq!(brand.fill("Your {brand} account"), "Your Acme Notes account");
        assert_eq!(brand.fill("Ihr {brand}-Konto"), "Ihr Acme-Notes-Konto");
        assert_eq!(brand.variable_prefix(), "ACME_NOTES");
        assert_eq!(brand.identifier(), "acme_notes");
    }
}
