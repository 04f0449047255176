//! What people look after in their own account: one page for each matter, and a
//! navigation between them that stands above every one.

pub(crate) mod data;
pub(crate) mod password;
pub(crate) mod profile;
pub(crate) mod security;
pub(crate) mod sessions;

use maud::{Markup, html};
use poem::handler;

use crate::{answer::Answer, extract::LocalPath, ui::texts};

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
            Self::Profile => "/settings/profile",
            Self::Email => "/settings/email",
            Self::Password => "/settings/password",
            Self::Sessions => "/settings/sessions",
            Self::Security => "/settings/security",
            Self::Data => data::PATH,
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::Profile => texts::SETTINGS_PROFILE,
            Self::Email => texts::SETTINGS_EMAIL,
            Self::Password => texts::SETTINGS_PASSWORD,
            Self::Sessions => texts::SETTINGS_SESSIONS,
            Self::Security => texts::SETTINGS_SECURITY,
            Self::Data => texts::SETTINGS_DATA,
        }
    }

    /// The content of the section's page, below the way to the others.
    pub(crate) fn page(self, content: &Markup) -> Markup {
        html! {
            nav.tabs aria-label=(texts::SETTINGS) {
                @for section in Self::ALL {
                    a href=(section.path()) aria-current=[(section == self).then_some("page")] {
                        (section.label())
                    }
                }
            }
            (content)
        }
    }
}

#[handler]
pub(crate) fn index() -> Answer {
    Answer::redirect(LocalPath::of(Section::Profile.path()))
}
