//! The one table of the ways into an account, and of what could be mistaken for one (OWASP ASVS 5.0,
//! 6.1.3): what each asks for, how strong the session is that it begins, and what follows.
//!
//! A session begins with a [`WayIn`], so that none begins by a way that is not in the table.
//! docs/ways-in.md prints it; a test compares the two.

use domain::Assurance;

/// A way into an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WayIn {
    /// The log-in with address and password.
    LogIn,
    /// The same in a remembered browser, to an account with a second factor.
    RememberedBrowser,
    /// The second step of a log-in, by a code.
    Code,
    /// The second step of a log-in, by a passkey.
    PasskeyAsSecondStep,
    /// The log-in with a passkey alone.
    Passkey,
    /// The first session of a new account, in the browser that made it.
    SignUp,
    /// The link that confirms an address, in a browser in which the password was given.
    ConfirmationLink,
    /// The code that confirms an address.
    ConfirmationCode,
    /// The link that sets a new password.
    PasswordReset,
    /// The link of a notice, "this wasn't me".
    CompromiseReport,
    /// The link that takes a change of address back.
    EmailUndo,
    /// The link that begins the wait after which lost factors are removed.
    FactorReset,
    /// The password, and the factor of an account that has one, within a session.
    Sudo,
    /// The cookie of a browser that logged in before.
    DeviceCookie,
}

/// What a way in asks for and gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WayInFacts {
    /// The way.
    pub way: WayIn,
    /// Its name.
    pub name: &'static str,
    /// What the visitor has to prove.
    pub needs: &'static str,
    /// How often it can be tried.
    pub limit: &'static str,
    /// How long it can be used.
    pub lifetime: &'static str,
    /// What it asks next.
    pub next: &'static str,
}

const BY_PASSWORD: &str =
    "`limits.login_per_account` or `login_per_device`, and `login_per_client`";
const BY_CODE: &str = "5 a log-in, and `limits.code_per_account`";
const SESSION: &str = "`session.lifetime`, with \"remember me\" `session.remember_lifetime`";
const FACTOR_NEXT: &str = "the second step, if the account has a second factor";

/// Every way in.
pub static WAYS_IN: &[WayInFacts] = &[
    WayInFacts {
        way: WayIn::LogIn,
        name: "log-in",
        needs: "address and password",
        limit: BY_PASSWORD,
        lifetime: SESSION,
        next: FACTOR_NEXT,
    },
    WayInFacts {
        way: WayIn::RememberedBrowser,
        name: "log-in in a remembered browser",
        needs: "address, password, and the cookie of a browser in which a factor was given",
        limit: BY_PASSWORD,
        lifetime: "30 days, not prolonged; ends with a change of password, address or factors",
        next: "nothing; a sensitive action asks for the factor",
    },
    WayInFacts {
        way: WayIn::Code,
        name: "second step, by a code",
        needs: "a pending log-in, and a code of an authentication app or a recovery code",
        limit: BY_CODE,
        lifetime: "10 minutes after the password; a code of an app 30 seconds, and one step before \
            and after; every code once",
        next: "nothing",
    },
    WayInFacts {
        way: WayIn::PasskeyAsSecondStep,
        name: "second step, by a passkey",
        needs: "a pending log-in, and a passkey of the account",
        limit: BY_CODE,
        lifetime: "10 minutes after the password",
        next: "nothing",
    },
    WayInFacts {
        way: WayIn::Passkey,
        name: "log-in with a passkey",
        needs: "a passkey of the account that verified its user",
        limit: "`limits.login_per_client`",
        lifetime: SESSION,
        next: "nothing",
    },
    WayInFacts {
        way: WayIn::SignUp,
        name: "first session of a new account",
        needs: "the link that was mailed to its address, or an invitation, and a new password",
        limit: "`limits.signup_per_client`",
        lifetime: SESSION,
        next: "nothing; the account is new and has no second factor",
    },
    WayInFacts {
        way: WayIn::ConfirmationLink,
        name: "link that confirms an address, with the password",
        needs: "the mailed link and the password",
        limit: BY_PASSWORD,
        lifetime: "24 hours, once",
        next: FACTOR_NEXT,
    },
    WayInFacts {
        way: WayIn::ConfirmationCode,
        name: "code that confirms an address",
        needs: "the mailed code, in the browser that asked",
        limit: "10 tries",
        lifetime: "24 hours, once",
        next: "the log-in",
    },
    WayInFacts {
        way: WayIn::PasswordReset,
        name: "link that sets a new password",
        needs: "the mailed link",
        limit: "`limits.forgot_per_address`, `limits.forgot_per_client`",
        lifetime: "`accounts.reset_lifetime`, once",
        next: "the log-in; factors stay",
    },
    WayInFacts {
        way: WayIn::CompromiseReport,
        name: "link \"this wasn't me\"",
        needs: "the mailed link",
        limit: "none; the link holds 256 random bits",
        lifetime: "7 days, once",
        next: "a mailed link that sets a new password",
    },
    WayInFacts {
        way: WayIn::EmailUndo,
        name: "link that takes a change of address back",
        needs: "the link that was mailed to the old address",
        limit: "none; the link holds 256 random bits",
        lifetime: "7 days, once",
        next: "a mailed link that sets a new password",
    },
    WayInFacts {
        way: WayIn::FactorReset,
        name: "link that removes lost factors",
        needs: "the right password, and then the mailed link",
        limit: "`limits.forgot_per_address`",
        lifetime: "1 hour, once; then `accounts.factor_reset_wait`, in which the owner can stop it",
        next: "the log-in, by the password alone once the wait is over",
    },
    WayInFacts {
        way: WayIn::Sudo,
        name: "the password again, before a sensitive action",
        needs: "a session; the password, and a code if the account has a second factor; or a passkey",
        limit: "as a log-in, and `limits.code_per_account`",
        lifetime: "`session.sudo_lifetime`",
        next: "nothing; the session goes on under a new id",
    },
    WayInFacts {
        way: WayIn::DeviceCookie,
        name: "cookie of a browser that logged in before",
        needs: "nothing: it opens nothing",
        limit: "`limits.login_per_device` counts apart from other browsers",
        lifetime: "a year; ends with a change of password or address",
        next: "the log-in",
    },
];

impl WayIn {
    /// How the user of the session is proven; `None` if no session begins.
    pub const fn gives(self) -> Option<Assurance> {
        match self {
            Self::LogIn | Self::SignUp | Self::ConfirmationLink => Some(Assurance::Password),
            Self::RememberedBrowser => Some(Assurance::RememberedBrowser),
            Self::Code => Some(Assurance::PasswordAndCode),
            Self::Passkey | Self::PasskeyAsSecondStep => Some(Assurance::Passkey),
            Self::ConfirmationCode
            | Self::PasswordReset
            | Self::CompromiseReport
            | Self::EmailUndo
            | Self::FactorReset
            | Self::Sudo
            | Self::DeviceCookie => None,
        }
    }
}
