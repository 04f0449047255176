//! The settings of the account: one page for each subject, with a navigation between them.

pub(crate) mod browsers;
pub(crate) mod data;
pub(crate) mod deletion;
pub(crate) mod password;
pub(crate) mod passwordless;
pub(crate) mod profile;
pub(crate) mod security;
pub(crate) mod sessions;

use hypermedia::{answer::Answer, extract::LocalPath, page_context::PageContext};
use maud::{Markup, html};
use poem::handler;

use crate::{features::factors, paths, texts::Texts};

/// A page of the settings.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    Profile,
    Email,
    Password,
    Factors,
    Sessions,
    Security,
    Data,
}

impl Section {
    const ALL: [Self; 7] = [
        Self::Profile,
        Self::Email,
        Self::Password,
        Self::Factors,
        Self::Sessions,
        Self::Security,
        Self::Data,
    ];

    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::Profile => paths::PROFILE,
            Self::Email => paths::EMAIL,
            Self::Password => paths::PASSWORD,
            Self::Factors => paths::FACTORS,
            Self::Sessions => paths::SESSIONS,
            Self::Security => paths::SECURITY,
            Self::Data => data::PATH,
        }
    }

    const fn label(self, texts: &Texts) -> &'static str {
        let texts = &texts.settings;
        match self {
            Self::Profile => texts.tab_profile,
            Self::Email => texts.tab_email,
            Self::Password => texts.tab_password,
            Self::Factors => texts.tab_factors,
            Self::Sessions => texts.tab_sessions,
            Self::Security => texts.tab_security,
            Self::Data => texts.tab_data,
        }
    }

    fn is_offered(self, context: &PageContext) -> bool {
        self != Self::Factors || factors::is_offered(context)
    }

    /// The content of the section's page, beside the way to the others. On a phone they are listed
    /// below the profile alone, and the others have a link back to it.
    pub(crate) fn page(self, context: &PageContext, main: &Markup) -> Markup {
        let texts = Texts::of(context.language());
        let is_first = self == Self::Profile;
        html! {
            div.settings.first[is_first] {
                nav.rail aria-label=(texts.settings.tabs) {
                    @for section in Self::ALL.into_iter().filter(|it| it.is_offered(context)) {
                        a href=(section.path()) aria-current=[(section == self).then_some("page")] {
                            (section.label(texts))
                        }
                    }
                }
                div.content {
                    @if !is_first {
                        p.back { a href=(paths::PROFILE) { "‹ " (texts.settings.tabs) } }
                    }
                    (main)
                }
            }
        }
    }
}

#[handler]
pub(crate) fn index() -> Answer {
    Answer::redirect(LocalPath::of(Section::Profile.path()))
}
