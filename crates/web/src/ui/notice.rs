//! Sentences about the request itself: the flash that tells of a success, the
//! alert that tells of trouble. Their regions are always on the page, so that
//! screen readers hear what arrives in them.

use std::sync::LazyLock;

use domain::Language;
use maud::{Markup, Render, html};

use super::{ActionForm, Fixed, Icon, Message, Texts, Weight, ids};

/// The region of the flash, empty when there is nothing to tell.
#[derive(Clone, Debug)]
pub(crate) struct Flash<'a>(pub(crate) Option<&'a Message>);

impl Flash<'_> {
    /// The region with what fills the one on the page. Only the content is swapped:
    /// a live region that is itself replaced stays silent.
    pub(crate) fn out_of_band(&self) -> Markup {
        html! { div id=(ids::FLASH) hx-swap-oob="innerHTML" { (Sentence(self.0)) } }
    }
}

impl Render for Flash<'_> {
    fn render(&self) -> Markup {
        html! { div.band id=(Fixed(ids::FLASH)) role="status" { (Sentence(self.0)) } }
    }
}

/// What the flash says, which is mostly nothing.
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
pub(crate) struct Alert<'a> {
    /// The word for the id.
    pub(crate) texts: &'static Texts,
    /// What happened and what can be done.
    pub(crate) message: Message,
    /// What to quote when asking for help.
    pub(crate) request_id: Option<&'a str>,
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

/// The word to somebody who is logged in and has not confirmed the address.
#[derive(Clone, Debug)]
pub(crate) struct Unconfirmed<'a> {
    /// What it says.
    pub(crate) texts: &'static Texts,
    /// The token of the form that asks for a mail.
    pub(crate) csrf_token: &'a str,
    /// Whether this browser may have been sent a code.
    pub(crate) may_have_code: bool,
}

impl Render for Unconfirmed<'_> {
    fn render(&self) -> Markup {
        let texts = &self.texts.proof;
        let form = ActionForm {
            id: ids::UNCONFIRMED_FORM,
            action: "/mailbox/resend",
            csrf_token: self.csrf_token,
            hidden: Vec::new(),
            error: None,
            label: texts.send_mail,
            spoken: None,
            weight: Weight::Quiet,
        };
        html! {
            aside.notice aria-label=(texts.confirm_address) {
                (Icon::Alert)
                div {
                    p {
                        (texts.unconfirmed)
                        @if self.may_have_code { " " a href="/mailbox" { (texts.enter_code) } }
                    }
                    (form)
                }
            }
        }
    }
}

/// The region of alerts, and the template of the one that needs no server. The same
/// on every page of a language, so rendered once.
pub(crate) fn alerts(texts: &'static Texts) -> &'static Markup {
    static ENGLISH: LazyLock<Markup> = LazyLock::new(|| render_alerts(Language::English));
    static GERMAN: LazyLock<Markup> = LazyLock::new(|| render_alerts(Language::German));
    match texts.language {
        Language::English => &ENGLISH,
        Language::German => &GERMAN,
    }
}

fn render_alerts(language: Language) -> Markup {
    let texts = Texts::of(language);
    let offline = Alert { texts, message: texts.frame.offline.into(), request_id: None };
    html! {
        div.band id=(ids::ALERTS) role="alert" {}
        template id=(ids::OFFLINE) { (offline) }
    }
}
