//! English. Pure ASCII, which survives every mail server without re-encoding.

use domain::Language;

use super::{
    AccountDisabled, AccountExists, ConfirmAddress, ConfirmEmail, DeletionCancelled, DeletionDone,
    DeletionRequested, EmailChanged, EmailLeft, EmailWanted, FinishSignUp, Invitation,
    InvitedAccount, NewDevice, NoAccount, PasswordChanged, PasswordReset, TakenBack, TestMail,
    Texts, Units, UserInvitation, factor_reset_en as factor_reset, factors_en as factors,
    way_back_en::{if_not, knows_password},
};

pub(super) static TEXTS: Texts = Texts {
    language: Language::English,
    greeting: |name| name.map_or_else(|| "Hello,".to_owned(), |name| format!("Hello {name},")),
    footer: |host| format!("Sent automatically by {{brand}} at {host}. Please do not reply."),
    moment: |at| {
        let (day, month, year) = (at.day(), at.month(), at.year());
        format!("{day} {month} {year} at {:02}:{:02} UTC", at.hour(), at.minute())
    },
    device: |device| {
        let browser = device.browser.unwrap_or("an unknown browser");
        device.system.map_or(browser.to_owned(), |system| format!("{browser} on {system}"))
    },
    units: Units {
        day: ("1 day", "days"),
        hour: ("1 hour", "hours"),
        minute: ("1 minute", "minutes"),
        second: ("1 second", "seconds"),
        joint: " ",
        moment: "a moment",
    },
    log_in: "Log in",
    sign_up: "Sign up",
    choose_password: "Choose a password",
    compromise_report: "This was not me",
    ignore: "If this was not you, you can ignore this email: nothing has changed.",
    works_once: "The link works once. If it has expired, choose \"Forgot your password?\" on the \
                 log-in page to get a new one.",
    password_reset: PasswordReset {
        subject: "Reset your {brand} password",
        opening: |within| {
            format!(
                "We got a request to reset the password of your {{brand}} account. To choose a new \
                 one, open this link within {within}:"
            )
        },
        replaced: "The link works once. If you ask for a newer one, this one stops working.",
        ignore: "If you did not ask for this, you can ignore this email: your password stays the \
                 same.",
    },
    account_disabled: AccountDisabled {
        subject: "Your {brand} account is disabled",
        opening: "We got a request to reset the password of your {brand} account. The account is \
                  disabled, so you cannot log in to it, and its password stays the same. If you \
                  need it, contact the operator of this site.",
    },
    no_account: NoAccount {
        subject: "No {brand} account with this address",
        opening: "We got a request to reset the password of a {brand} account with this address. \
                  There is no such account. You may have signed up with another address.",
        sign_up_here: "If you want an account, sign up here:",
    },
    invitation: Invitation {
        subject: "Set the password of your {brand} account",
        opening: |within| {
            format!(
                "A {{brand}} account has been created for you. To choose its password, open this \
                 link within {within}:"
            )
        },
    },
    user_invitation: UserInvitation {
        subject: "You have been invited to {brand}",
        opening: |within| {
            format!(
                "You are invited to {{brand}}. To choose your name and a password, open this link \
                 within {within}:"
            )
        },
        action: "Accept the invitation",
        ignore: "If you did not expect this, you can ignore this email: no account is created \
                 unless you accept.",
    },
    invited_account: InvitedAccount {
        subject: "You are invited to {brand}, and already have an account",
        opening: "You are invited to {brand}. You already have an account with this address, so \
                  there is nothing to set up. Log in here:",
    },
    finish_sign_up: FinishSignUp {
        subject: "Finish signing up for {brand}",
        opening: |within| {
            format!(
                "To create your {{brand}} account with this address, open this link within \
                 {within}:"
            )
        },
        action: "Create your account",
        or_code: "Or enter this code on the page where you signed up:",
    },
    confirm_address: ConfirmAddress {
        subject: "Confirm your address for {brand}",
        opening: |within| {
            format!(
                "Thanks for signing up for {{brand}}. To confirm that this address is yours, open \
                 this link within {within}:"
            )
        },
        action: "Confirm address",
        or_code: "Or enter this code on the page where you signed up:",
        ignore: "If you did not sign up, you can ignore this email: an account that is not \
                 confirmed is removed.",
    },
    account_exists: AccountExists {
        subject: "You already have an account at {brand}",
        opening: "You, or another person with your address, tried to sign up for {brand}. You \
                  already have an account, so we did not create another one. Log in here:",
        forgotten: "If you forgot your password, set a new one here:",
    },
    confirm_email: ConfirmEmail {
        subject: "Confirm your new address for {brand}",
        opening: |within| {
            format!(
                "We got a request to use this address for a {{brand}} account. To confirm it, open \
                 this link within {within}:"
            )
        },
        action: "Confirm this address",
        ignore: "If you did not ask for this, you can ignore this email: nothing changes.",
    },
    email_wanted: EmailWanted {
        subject: "A {brand} account asked to use your address",
        opening: "We got a request to use your address for another {brand} account. It already \
                  belongs to your account, so nothing has changed. If this was you, log in with \
                  it here:",
    },
    email_changed: EmailChanged {
        subject: "The address of your {brand} account was changed",
        opening: "Your {brand} account has a new address, and you can no longer log in with this \
                  one. If this was you, there is nothing to do.",
        way_back: |within| {
            format!(
                "If this was not you, undo the change with this link within {within}. It restores \
                 this address, logs out every device and sends you a link to set a new password:"
            )
        },
    },
    email_left: EmailLeft {
        subject: "A {brand} account no longer uses your address",
        opening: "A {brand} account that used this address now has another one. This address was \
                  never confirmed, so it cannot be used to undo the change. If this was you, \
                  there is nothing to do. If the account is yours and this was not you, contact \
                  the operator of this site.",
        undone: "A {brand} account that used this address has its former address again: the change \
                 to this one was undone by a link that was mailed to the former one. If the account \
                 is yours and this was not you, contact the operator of this site.",
    },
    password_changed: PasswordChanged {
        subject: "Your {brand} password was changed",
        opening: "The password of your {brand} account was changed, and all other devices were \
                  logged out. If this was you, there is nothing to do.",
        way_back: |within| format!("If this was not you, {}", if_not(within)),
        mailbox: "Change the password of your email account, too: another person may be reading \
                  your email.",
    },
    new_device: NewDevice {
        subject: "New log-in to your {brand} account",
        opening: |device, address, moment| {
            format!(
                "Your {{brand}} account was used to log in from a new browser: {device}, from \
                 {address}, on {moment}. If this was you, there is nothing to do."
            )
        },
        way_back: knows_password,
    },
    factor: factors::factor,
    second_factor_on: factors::SECOND_FACTOR_ON,
    factor_added: factors::FACTOR_ADDED,
    factor_removed: factors::FACTOR_REMOVED,
    second_factor_off: factors::SECOND_FACTOR_OFF,
    recovery_codes_renewed: factors::RECOVERY_CODES_RENEWED,
    recovery_code_used: factors::RECOVERY_CODE_USED,
    wrong_codes: factors::WRONG_CODES,
    factor_reset_link: factor_reset::FACTOR_RESET_LINK,
    factor_reset_pending: factor_reset::FACTOR_RESET_PENDING,
    factor_reset_stopped: factor_reset::FACTOR_RESET_STOPPED,
    factors_reset: factor_reset::FACTORS_RESET,
    passkey_copied: factors::PASSKEY_COPIED,
    password_removed: factors::PASSWORD_REMOVED,
    taken_back: TakenBack {
        subject: "Set a new password for your {brand} account",
        opening: "You told us that another person had access to your {brand} account. Every device \
                  has been logged out, and the old password no longer works.",
        link: |within| format!("To choose a new one, open this link within {within}:"),
    },
    deletion_requested: DeletionRequested {
        subject: "Your {brand} account will be deleted",
        opening: |moment| {
            format!(
                "You asked us to delete your {{brand}} account, and every device has been logged \
                 out. On {moment} we will delete the account and all its data."
            )
        },
        take_back: "If you change your mind, log in before then and choose to keep it:",
        way_back: |within| {
            format!(
                "If this was not you, another person knows your password. Open this link within \
                 {within} to keep the account. It logs out every device, disables the old password \
                 and sends you a link to choose a new one:"
            )
        },
    },
    deletion_cancelled: DeletionCancelled {
        subject: "Your {brand} account will not be deleted",
        opening: "Your {brand} account was about to be deleted. After a log-in the deletion was \
                  cancelled, so your account stays. If this was you, there is nothing to do.",
        way_back: knows_password,
    },
    deletion_done: DeletionDone {
        subject: "Your {brand} account is deleted",
        opening: "As you asked, we have deleted your {brand} account and all its data. This is our \
                  last email to you. We keep your address for 30 more days, as the recipient of \
                  this email, and then delete it, too.",
    },
    test_mail: TestMail {
        subject: "Test email from {brand}",
        opening: "You asked for this email in the admin area of {brand}. It arrived, so {brand} can send \
                  email. There is nothing to do.",
    },
};
