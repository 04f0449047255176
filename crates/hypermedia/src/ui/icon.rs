//! Pictures from the sprite `assets/icons.svg`. They only ever repeat what the
//! text beside them says, so assistive technology does not hear of them.

use maud::{Markup, Render, html};

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
    /// A list without entries.
    Tray,
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
            Self::Tray => "tray",
            Self::Eye => "eye",
            Self::EyeOff => "eye-off",
        }
    }
}

impl Render for Icon {
    fn render(&self) -> Markup {
        let href = format!("{}#{}", assets::ICONS.url(), self.symbol());
        html! { svg.icon aria-hidden="true" focusable="false" { use href=(href) {} } }
    }
}
