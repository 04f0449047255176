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
        heading: "Accounts, done right",
        lead: "Sign up, log in and look after your account. Everything works without scripts, on \
               a phone and with a screen reader.",
        to_account: "Go to your profile",
        sign_up: "Sign up",
        log_in: "Log in",
    },
};

static GERMAN: Texts = Texts {
    home: Home {
        title: "Startseite",
        heading: "Konten, richtig gemacht",
        lead: "Registrieren Sie sich, melden Sie sich an und verwalten Sie Ihr Konto. Alles \
                funktioniert ohne Skripte, auf dem Handy und mit einem Screenreader.",
        to_account: "Zu Ihrem Profil",
        sign_up: "Registrieren",
        log_in: "Anmelden",
    },
};
