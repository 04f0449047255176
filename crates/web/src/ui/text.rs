//! Text written faster than Maud writes it: byte by byte, the frame of a page would take
//! longer than its content. For the frame, and for the page that is measured.

use maud::Render;

/// A constant of ours, such as an id or a word of the texts, with nothing in it to escape.
#[derive(Clone, Copy)]
pub(crate) struct Fixed(pub(crate) &'static str);

impl Render for Fixed {
    fn render_to(&self, buffer: &mut String) {
        debug_assert!(!needs_escape(self.0), "{:?} needs to be escaped", self.0);
        buffer.push_str(self.0);
    }
}

/// Any text, escaped, and copied as a whole where nothing in it needs to be, as is usual.
pub(crate) struct Text<'a>(pub(crate) &'a str);

impl Render for Text<'_> {
    fn render_to(&self, buffer: &mut String) {
        if needs_escape(self.0) {
            self.0.render_to(buffer);
        } else {
            buffer.push_str(self.0);
        }
    }
}

/// Whether Maud escapes anything in it.
fn needs_escape(text: &str) -> bool {
    // To the end even where one is found: a loop without a way out takes many at once.
    let is_special = |byte| matches!(byte, b'&' | b'<' | b'>' | b'"');
    text.bytes().fold(false, |found, byte| found | is_special(byte))
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
