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
    /// What the picture shows.
    pub(crate) picture: &'static str,
    /// What the product does for the visitor: headings and sentences.
    pub(crate) benefits: [(&'static str, &'static str); 3],
    pub(crate) sign_up: &'static str,
    pub(crate) log_in: &'static str,
    /// The heading for a user, with the name.
    pub(crate) welcome: fn(&str) -> String,
    pub(crate) welcome_lead: &'static str,
    /// To the page after the log-in.
    pub(crate) to_account: &'static str,
    pub(crate) to_sessions: &'static str,
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
        picture: "The list of your sessions: each device, when it was last used, and a button to \
                  log it out.",
        benefits: [
            (
                "You know who is in",
                "We email you when a new browser logs in. One click logs out every device.",
            ),
            (
                "Mistakes can be undone",
                "For some days you can undo a change of your address or keep a deleted account.",
            ),
            (
                "Your data is yours",
                "Download everything we store about you, or delete it. No tracking, no ads.",
            ),
        ],
        sign_up: "Sign up",
        log_in: "Log in",
        welcome: |name| format!("Welcome back, {name}"),
        welcome_lead: "You are logged in.",
        to_account: "Go to your profile",
        to_sessions: "Your sessions",
    },
};

static GERMAN: Texts = Texts {
    home: Home {
        title: "Startseite",
        heading: "Ein Konto, das Sie selbst in der Hand haben",
        lead: "Sehen Sie, welche Geräte angemeldet sind, machen Sie fremde Änderungen rückgängig, \
               und laden oder löschen Sie Ihre Daten, wann immer Sie möchten.",
        picture: "Die Liste Ihrer Sitzungen: jedes Gerät, wann es zuletzt verwendet wurde, und \
                  eine Schaltfläche zum Abmelden.",
        benefits: [
            (
                "Sie wissen, wer angemeldet ist",
                "Meldet sich ein neuer Browser an, erfahren Sie es per E-Mail. Ein Klick meldet \
                 alle Geräte ab.",
            ),
            (
                "Fehler lassen sich rückgängig machen",
                "Einige Tage lang können Sie eine geänderte Adresse zurückholen und ein gelöschtes \
                 Konto behalten.",
            ),
            (
                "Ihre Daten gehören Ihnen",
                "Laden Sie alles herunter, was wir über Sie speichern, oder löschen Sie es. Kein \
                 Tracking, keine Werbung.",
            ),
        ],
        sign_up: "Registrieren",
        log_in: "Anmelden",
        welcome: |name| format!("Willkommen zurück, {name}"),
        welcome_lead: "Sie sind angemeldet.",
        to_account: "Zu Ihrem Profil",
        to_sessions: "Ihre Sitzungen",
    },
};
