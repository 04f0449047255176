//! The look of a product, made from its brand when the server starts: a style sheet with its
//! colours and its icon, each under a name that holds a hash of its content.

use std::fmt::Write as _;

use bytes::Bytes;
use domain::{Brand, Palette};
use sha2::{Digest, Sha256};

use crate::settings::Environment;

/// Bytes of the hash in the name of a file.
const HASH_BYTES: usize = 8;

/// The brand, with the files that browsers fetch of it.
#[derive(Debug)]
pub struct Look {
    /// The brand.
    pub brand: &'static Brand,
    pub(crate) style_sheet: BrandFile,
    pub(crate) icon: BrandFile,
    pub(crate) touch_icon: Option<BrandFile>,
    pictures: Vec<(&'static str, BrandFile)>,
    /// Whether a page loads itself again after a restart of the server.
    pub(crate) reloads: bool,
}

/// A file under `/assets/` that is made from the brand.
#[derive(Debug)]
pub(crate) struct BrandFile {
    pub(crate) url: String,
    pub(crate) etag: String,
    pub(crate) content_type: &'static str,
    pub(crate) body: Bytes,
}

impl Look {
    /// The look of the brand. In development its pages show a change by themselves.
    pub fn new(brand: &'static Brand, environment: Environment) -> Self {
        let css = style_sheet(brand).into_bytes();
        let png = |name, png| BrandFile::new(name, "png", "image/png", Bytes::from_static(png));
        Self {
            brand,
            style_sheet: BrandFile::new("brand", "css", "text/css; charset=utf-8", css),
            icon: BrandFile::new("icon", "svg", "image/svg+xml; charset=utf-8", brand.icon),
            touch_icon: brand.touch_icon.map(|icon| png("touch-icon", icon)),
            pictures: brand.pictures.iter().map(|it| (it.name, png(it.name, it.png))).collect(),
            reloads: environment == Environment::Development,
        }
    }

    /// The path of a picture of the brand; `None` if it has none of this name.
    pub fn picture_url(&self, name: &str) -> Option<&str> {
        self.pictures.iter().find(|(known, _)| *known == name).map(|(_, file)| file.url.as_str())
    }

    /// Every file that is made from the brand.
    pub(crate) fn files(&self) -> impl Iterator<Item = &BrandFile> {
        let pictures = self.pictures.iter().map(|(_, file)| file);
        [&self.style_sheet, &self.icon].into_iter().chain(&self.touch_icon).chain(pictures)
    }

    /// The path of the icon.
    pub fn icon_url(&self) -> &str {
        &self.icon.url
    }
}

impl Default for Look {
    fn default() -> Self {
        Self::new(<&Brand>::default(), Environment::Production)
    }
}

impl BrandFile {
    fn new(
        name: &str,
        extension: &str,
        content_type: &'static str,
        body: impl Into<Bytes>,
    ) -> Self {
        let body = body.into();
        let digest = Sha256::digest(&body);
        let hash = digest.iter().take(HASH_BYTES).fold(String::new(), |mut hash, byte| {
            let _ = write!(hash, "{byte:02x}");
            hash
        });
        Self {
            url: format!("/assets/{name}-{hash}.{extension}"),
            etag: format!("\"{hash}\""),
            content_type,
            body,
        }
    }
}

/// The tokens of the style sheet that a brand chooses, in pairs for light and dark.
fn style_sheet(brand: &Brand) -> String {
    let Palette { accent, accent_deep, on_accent, wash } = brand.light;
    let dark = brand.dark;
    let tokens = [
        ("accent", accent, dark.accent),
        ("accent-deep", accent_deep, dark.accent_deep),
        ("on-accent", on_accent, dark.on_accent),
        ("wash", wash, dark.wash),
    ];
    let mut css = String::from("@layer tokens{:root{");
    for (name, light, dark) in tokens {
        let _ = write!(css, "--{name}:light-dark({light},{dark});");
    }
    css.push_str("}}");
    css
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_colour_is_another_file() {
        let brand: &Brand = &Brand::EXAMPLE;
        let css = style_sheet(brand);
        assert!(css.contains("--accent:light-dark(#176049,#86d6b4);"), "{css}");

        let one = BrandFile::new("brand", "css", "text/css", css);
        let other = BrandFile::new("brand", "css", "text/css", "");
        assert!(one.url.starts_with("/assets/brand-"), "{}", one.url);
        assert_ne!((one.url, one.etag), (other.url, other.etag));
    }
}
