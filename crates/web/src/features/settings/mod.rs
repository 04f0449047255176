//! The settings of the account: one page for each subject, with a navigation between them.

pub(crate) mod data;
pub(crate) mod deletion;
pub(crate) mod password;
pub(crate) mod profile;
pub(crate) mod security;
pub(crate) mod sessions;

use hypermedia::{answer::Answer, extract::LocalPath};
use maud::{Markup, html};
use poem::handler;

use crate::texts::Texts;

/// The first page, the profile.
pub(crate) const PROFILE: &str = "/profile";

/// A page of the settings.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    Profile,
    Email,
    Password,
    Sessions,
    Security,
    Data,
}

impl Section {
    const ALL: [Self; 6] =
        [Self::Profile, Self::Email, Self::Password, Self::Sessions, Self::Security, Self::Data];

    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::Profile => PROFILE,
            Self::Email => "/settings/email",
            Self::Password => "/settings/password",
            Self::Sessions => "/settings/sessions",
            Self::Security => "/settings/security",
            Self::Data => data::PATH,
        }
    }

    const fn label(self, texts: &Texts) -> &'static str {
        let texts = &texts.settings;
        match self {
            Self::Profile => texts.tab_profile,
            Self::Email => texts.tab_email,
            Self::Password => texts.tab_password,
            Self::Sessions => texts.tab_sessions,
            Self::Security => texts.tab_security,
            Self::Data => texts.tab_data,
        }
    }

    /// The content of the section's page, beside the way to the others. On a phone they are listed
    /// below the profile alone, and the others have a link back to it.
    pub(crate) fn page(self, texts: &Texts, content: &Markup) -> Markup {
        let is_first = self == Self::Profile;
        html! {
            div.settings.first[is_first] {
                nav.rail aria-label=(texts.settings.tabs) {
                    @for section in Self::ALL {
                        a href=(section.path()) aria-current=[(section == self).then_some("page")] {
                            (section.label(texts))
                        }
                    }
                }
                div.content {
                    @if !is_first {
                        p.back { a href=(PROFILE) { "‹ " (texts.settings.tabs) } }
                    }
                    (content)
                }
            }
        }
    }
}

#[handler]
pub(crate) fn index() -> Answer {
    Answer::redirect(LocalPath::of(Section::Profile.path()))
}
