//! The texts of the product's own pages, in each language.

use domain::Language;

/// The texts of one language.
#[derive(Debug)]
pub(crate) struct Texts {
    pub(crate) home: Home,
}

/// On the home page.
#[derive(Debug)]
pub(crate) struct Home {
    pub(crate) title: &'static str,
    pub(crate) heading: &'static str,
    pub(crate) lead: &'static str,
    /// To the page after the log-in.
    pub(crate) to_account: &'static str,
    pub(crate) sign_up: &'static str,
    pub(crate) log_in: &'static str,
}

impl Texts {
    /// The texts of the language.
    pub(crate) const fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &ENGLISH,
            Language::German => &GERMAN,
        }
    }
}

static ENGLISH: Texts = Texts {
    home: Home {
        title: "Home",
        heading: "One account, in your hands",
        lead: "See every device that is logged in, undo changes you didn’t make, and download or \
               delete your data whenever you like.",
        to_account: "Go to your profile",
        sign_up: "Sign up",
        log_in: "Log in",
    },
};

static GERMAN: Texts = Texts {
    home: Home {
        title: "Startseite",
        heading: "Ein Konto, das Sie selbst in der Hand haben",
        lead: "Sehen Sie, welche Geräte angemeldet sind, machen Sie fremde Änderungen rückgängig, \
               und laden oder löschen Sie Ihre Daten, wann immer Sie möchten.",
        to_account: "Zu Ihrem Profil",
        sign_up: "Registrieren",
        log_in: "Anmelden",
    },
};
