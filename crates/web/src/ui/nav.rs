//! The navbar. What it offers is a courtesy: the route policies decide.

use maud::{Markup, Render, html};

use super::{ActionForm, Fixed, Icon, Room, Text, Texts, Weight, ids, texts::PRODUCT};

/// Bytes that it takes for most; more costs a copy and no more.
const BYTES: usize = 1280;

/// The navbar as one visitor sees it.
#[derive(Clone, Debug)]
pub(crate) struct Nav<'a> {
    /// The words of its links.
    pub(crate) texts: &'static Texts,
    /// The path of the page, to mark its own link.
    pub(crate) current_path: &'a str,
    /// Who is logged in, if anyone.
    pub(crate) user: Option<NavUser<'a>>,
}

/// What the navbar knows of a logged-in user.
#[derive(Clone, Debug)]
pub(crate) struct NavUser<'a> {
    /// The display name.
    pub(crate) name: &'a str,
    /// Whether the administration is offered.
    pub(crate) is_admin: bool,
    /// The token of the log-out form.
    pub(crate) csrf_token: &'a str,
}

impl Nav<'_> {
    /// The navbar that takes the place of the one on the page.
    pub(crate) fn out_of_band(&self) -> Markup {
        self.element(Some("true"))
    }

    fn element(&self, out_of_band: Option<&str>) -> Markup {
        let texts = &self.texts.frame;
        html! {
            (Room(BYTES))
            nav id=(Fixed(ids::NAV)) aria-label=(Fixed(texts.nav)) hx-swap-oob=[out_of_band] {
                a.brand href="/" aria-current=[self.current("/")] {
                    (Icon::Key) (Fixed(PRODUCT))
                }
                @if let Some(user) = &self.user {
                    @if user.is_admin {
                        a href="/admin/users" aria-current=[self.current("/admin/users")] {
                            (Fixed(texts.users))
                        }
                    }
                    a href="/profile" aria-current=[self.current("/profile")] {
                        (Icon::User)
                        span.unseen { (Fixed(texts.profile_of)) " " }
                        span.name { (Text(user.name)) }
                    }
                    (logout_form(self.texts, user.csrf_token))
                } @else {
                    a href="/login" aria-current=[self.current("/login")] {
                        (Fixed(texts.log_in))
                    }
                    a href="/signup" aria-current=[self.current("/signup")] {
                        (Fixed(texts.sign_up))
                    }
                }
            }
        }
    }

    fn current(&self, path: &str) -> Option<Fixed> {
        (self.current_path == path).then_some(Fixed("page"))
    }
}

/// The form that ends the session.
pub(crate) fn logout_form<'a>(texts: &'static Texts, csrf_token: &'a str) -> ActionForm<'a> {
    ActionForm {
        id: ids::LOGOUT_FORM,
        action: "/logout",
        csrf_token,
        hidden: Vec::new(),
        error: None,
        label: texts.frame.log_out,
        spoken: None,
        weight: Weight::Quiet,
    }
}

impl Render for Nav<'_> {
    fn render(&self) -> Markup {
        self.element(None)
    }
}
