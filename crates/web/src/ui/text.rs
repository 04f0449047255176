//! Text that is on every page.

use maud::Render;

/// A text, escaped as any other, and copied as a whole where nothing in it needs to be,
/// as is usual: byte by byte, the frame of a page would take longer than its content.
pub(crate) struct Text<'a>(pub(crate) &'a str);

impl Render for Text<'_> {
    fn render_to(&self, buffer: &mut String) {
        // To the end even where one is found: a loop without a way out takes many at once.
        if self.0.bytes().fold(false, |found, byte| found | is_special(byte)) {
            self.0.render_to(buffer);
        } else {
            buffer.push_str(self.0);
        }
    }
}

/// Whether Maud escapes it.
const fn is_special(byte: u8) -> bool {
    matches!(byte, b'&' | b'<' | b'>' | b'"')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// OUT-01.
    #[test]
    fn every_character_is_rendered_as_maud_does() {
        for c in (0..=u32::from('\u{2ff}')).filter_map(char::from_u32) {
            for text in [c.to_string(), format!("plain {c} text")] {
                let text = text.as_str();
                assert_eq!(Text(text).render().into_string(), text.render().into_string());
            }
        }
    }
}
