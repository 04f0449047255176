//! The navigation bar. It is a courtesy to the visitor: the route policies decide.

use maud::{Markup, Render, html};

use super::{Texts, ids};
use crate::look::Look;

/// The navigation bar as one visitor sees it.
#[derive(Clone, Debug)]
pub struct Nav<'a> {
    /// The texts around every page.
    pub texts: &'static Texts,
    /// The look of the product.
    pub look: &'a Look,
    /// The path of the page; its own link is marked.
    pub current_path: &'a str,
    /// The links that the visitor may follow.
    pub links: Vec<NavLink>,
    /// The end of the bar: the way in or, for a user, to the account and out.
    pub account: Markup,
}

/// A link of the navigation bar.
#[derive(Clone, Copy, Debug)]
pub struct NavLink {
    label: &'static str,
    path: &'static str,
}

impl NavLink {
    /// A link with this text to this path.
    pub const fn new(label: &'static str, path: &'static str) -> Self {
        Self { label, path }
    }
}

impl<'a> Nav<'a> {
    /// The bar with the name of the product alone, where the visitor is not known.
    pub fn empty(look: &'a Look, texts: &'static Texts) -> Self {
        Self { texts, look, current_path: "", links: Vec::new(), account: Markup::default() }
    }

    /// The bar that replaces the one on the page.
    pub fn out_of_band(&self) -> Markup {
        self.element(Some("true"))
    }

    fn element(&self, out_of_band: Option<&str>) -> Markup {
        html! {
            nav id=(ids::NAV) aria-label=(self.texts.frame.nav) hx-swap-oob=[out_of_band] {
                a.brand href="/" aria-current=[current(self.current_path, "/")] {
                    img src=(self.look.icon_url()) alt="" width="24" height="24";
                    (self.look.brand.name)
                }
                @for link in &self.links {
                    a href=(link.path) aria-current=[current(self.current_path, link.path)] {
                        (link.label)
                    }
                }
                (self.account)
            }
        }
    }
}

/// The value of `aria-current` for a link to `path` on the page at `current_path`.
pub fn current(current_path: &str, path: &str) -> Option<&'static str> {
    (current_path == path).then_some("page")
}

impl Render for Nav<'_> {
    fn render(&self) -> Markup {
        self.element(None)
    }
}
