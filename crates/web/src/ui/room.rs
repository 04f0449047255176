//! Room for a text that is written in parts.

use maud::Render;

/// Nothing, with room for what follows, in bytes: a text that grows is copied each time.
pub(super) struct Room(pub(super) usize);

impl Render for Room {
    fn render_to(&self, buffer: &mut String) {
        buffer.reserve(self.0);
    }
}
