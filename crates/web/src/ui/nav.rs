//! The navbar. What it offers is a courtesy: the route policies decide.

use maud::{Markup, Render, html};

use super::{ActionForm, Icon, Weight, ids, texts};

/// The navbar as one visitor sees it.
#[derive(Clone, Debug)]
pub(crate) struct Nav<'a> {
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
        html! { nav id=(ids::NAV) aria-label=(texts::NAV) hx-swap-oob="true" { (self.content()) } }
    }

    fn content(&self) -> Markup {
        html! {
            a.brand href="/" aria-current=[self.current("/")] { (Icon::Key) (texts::PRODUCT) }
            @if let Some(user) = &self.user {
                @if user.is_admin {
                    a href="/admin/users" aria-current=[self.current("/admin/users")] {
                        (texts::USERS)
                    }
                }
                a href="/profile" aria-current=[self.current("/profile")] {
                    (Icon::User)
                    span.unseen { (texts::PROFILE_OF) " " }
                    span.name { (user.name) }
                }
                (logout_form(user.csrf_token))
            } @else {
                a href="/login" aria-current=[self.current("/login")] { (texts::LOG_IN) }
                a href="/signup" aria-current=[self.current("/signup")] { (texts::SIGN_UP) }
            }
        }
    }

    fn current(&self, path: &str) -> Option<&'static str> {
        (self.current_path == path).then_some("page")
    }
}

/// The form that ends the session.
pub(crate) fn logout_form(csrf_token: &str) -> ActionForm<'_> {
    ActionForm {
        id: ids::LOGOUT_FORM,
        action: "/logout",
        csrf_token,
        hidden: Vec::new(),
        error: None,
        label: texts::LOG_OUT,
        spoken: None,
        weight: Weight::Quiet,
    }
}

impl Render for Nav<'_> {
    fn render(&self) -> Markup {
        html! { nav id=(ids::NAV) aria-label=(texts::NAV) { (self.content()) } }
    }
}
