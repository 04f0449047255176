//! Sentences about the request itself: the flash that tells of a success, the
//! alert that tells of trouble. Their regions are always on the page, so that
//! screen readers hear what arrives in them.

use maud::{Markup, Render, html};

use super::{Icon, Message, Texts, ids};

/// The region of the flash, empty when there is nothing to tell.
#[derive(Clone, Debug)]
pub struct Flash<'a>(pub Option<&'a Message>);

impl Flash<'_> {
    /// The region with what fills the one on the page. Only the content is swapped:
    /// a live region that is itself replaced stays silent.
    pub fn out_of_band(&self) -> Markup {
        html! { div id=(ids::FLASH) hx-swap-oob="innerHTML" { (Sentence(self.0)) } }
    }
}

impl Render for Flash<'_> {
    fn render(&self) -> Markup {
        html! { div.band id=(ids::FLASH) role="status" { (Sentence(self.0)) } }
    }
}

/// The text of the flash, usually empty.
struct Sentence<'a>(Option<&'a Message>);

impl Render for Sentence<'_> {
    fn render_to(&self, buffer: &mut String) {
        if let Some(message) = self.0 {
            html! { p.notice { (Icon::Check) span { (message) } } }.render_to(buffer);
        }
    }
}

/// Trouble that belongs to no form, for the region `#alerts`.
#[derive(Clone, Debug)]
pub struct Alert<'a> {
    /// The word for the id.
    pub texts: &'static Texts,
    /// The problem and the next step.
    pub message: Message,
    /// The id to quote when asking for help.
    pub request_id: Option<&'a str>,
}

impl Render for Alert<'_> {
    fn render(&self) -> Markup {
        html! {
            p.notice.trouble {
                (Icon::Alert)
                span {
                    (self.message)
                    @if let Some(id) = self.request_id {
                        " " small { (self.texts.frame.request_id) " " code { (id) } }
                    }
                }
            }
        }
    }
}

/// The region of alerts, and the template of the alert that the script shows when the server
/// cannot be reached.
pub(super) fn alerts(texts: &'static Texts) -> Markup {
    let offline = Alert { texts, message: texts.frame.offline.into(), request_id: None };
    html! {
        div.band id=(ids::ALERTS) role="alert" {}
        template id=(ids::OFFLINE) { (offline) }
    }
}
