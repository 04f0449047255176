//! Pictures from the sprite `assets/icons.svg`. They only ever repeat what the
//! text beside them says, so assistive technology does not hear of them.

use maud::Render;

use crate::assets;

/// A picture of the sprite.
#[derive(Clone, Copy, Debug)]
pub enum Icon {
    /// The mark of the product.
    Key,
    /// Something went well.
    Check,
    /// Something needs attention.
    Alert,
    /// A person.
    User,
    /// A text can be shown.
    Eye,
    /// A text is shown.
    EyeOff,
}

impl Icon {
    const fn symbol(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Check => "check",
            Self::Alert => "alert",
            Self::User => "user",
            Self::Eye => "eye",
            Self::EyeOff => "eye-off",
        }
    }
}

impl Render for Icon {
    /// Names of ours, with nothing to escape, and on every page more than once: so it is
    /// written as it is, without a text of its own.
    fn render_to(&self, buffer: &mut String) {
        buffer.push_str(r#"<svg class="icon" aria-hidden="true" focusable="false"><use href=""#);
        buffer.push_str(assets::ICONS.url());
        buffer.push('#');
        buffer.push_str(self.symbol());
        buffer.push_str(r#""></use></svg>"#);
    }
}
