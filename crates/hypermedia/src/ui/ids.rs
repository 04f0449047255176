//! The ids that pages, styles, scripts, swaps and tests agree on. `swap` names
//! the same regions as selectors; a row of a list makes its id from its key.

/// The navbar, replaced out of band.
pub const NAV: &str = "nav";
/// The account menu in the navbar.
pub const ACCOUNT_MENU: &str = "account-menu";
/// The sentence about what was just done, filled out of band.
pub const FLASH: &str = "flash";
/// The region for alerts that belong to no form.
pub const ALERTS: &str = "alerts";
/// The page's content; takes the focus when the page changes.
pub const MAIN: &str = "main";
/// Where a question is asked over the page.
pub const DIALOG: &str = "dialog";
/// The template of the alert that a lost connection shows.
pub const OFFLINE: &str = "offline";

/// The form of the sign-up page.
pub const SIGNUP_FORM: &str = "signup-form";
/// The form of the log-in page.
pub const LOGIN_FORM: &str = "login-form";
/// The form that asks for a reset link.
pub const FORGOT_PASSWORD_FORM: &str = "forgot-password-form";
/// The button that asks for that link again.
pub const RESEND_RESET_FORM: &str = "resend-reset-form";
/// The form that sets a new password.
pub const RESET_PASSWORD_FORM: &str = "reset-password-form";
/// The form that confirms an address by a link.
pub const CONFIRM_ADDRESS_FORM: &str = "confirm-address-form";
/// The form of an owner of the address who did not choose the password of the account.
pub const NOT_MY_PASSWORD_FORM: &str = "not-my-password-form";
/// The state of the mail that a visitor waits for.
pub const MAIL_STATE: &str = "mail-state";
/// The form that takes the code from a mail.
pub const CODE_FORM: &str = "code-form";
/// The form that asks for another mail.
pub const RESEND_PROOF_FORM: &str = "resend-proof-form";
/// The form that corrects the address.
pub const CORRECT_EMAIL_FORM: &str = "correct-email-form";
/// The form that asks for a mail from any page.
pub const UNCONFIRMED_FORM: &str = "unconfirmed-form";
/// The form that changes the name.
pub const PROFILE_FORM: &str = "profile-form";
/// The button that removes the password.
pub const REMOVE_PASSWORD_FORM: &str = "remove-password-form";
/// The form that changes the password.
pub const PASSWORD_FORM: &str = "password-form";
/// The form that ends all other sessions.
pub const END_OTHER_SESSIONS_FORM: &str = "end-other-sessions-form";
/// The form of a compromise report.
pub const COMPROMISE_REPORT_FORM: &str = "not-me-form";
/// The form that asks for a new address.
pub const EMAIL_FORM: &str = "email-form";
/// The button that asks for the link to a new address again.
pub const RESEND_EMAIL_FORM: &str = "resend-email-form";
/// The button that cancels a change of address that waits for its link.
pub const CANCEL_EMAIL_FORM: &str = "cancel-email-form";
/// The button that confirms a new address.
pub const CONFIRM_EMAIL_FORM: &str = "confirm-email-form";
/// The button that takes a change of address back.
pub const UNDO_EMAIL_FORM: &str = "undo-email-form";
/// The button that hands out everything that is held about a person.
pub const EXPORT_FORM: &str = "export-form";
/// The form that invites an address.
pub const INVITE_FORM: &str = "invite-form";
/// The button that has an account deleted.
pub const DELETE_ACCOUNT_FORM: &str = "delete-account-form";
/// The button that keeps an account that was to be deleted.
pub const KEEP_ACCOUNT_FORM: &str = "keep-account-form";
/// The form that asks for a passkey as the second step.
pub const PASSKEY_STEP_FORM: &str = "passkey-step-form";
/// The form that adds a passkey.
pub const NEW_PASSKEY_FORM: &str = "new-passkey-form";
/// The form that asks for the password again.
pub const SUDO_FORM: &str = "sudo-form";
/// The form that takes the code of an authentication app at the second step of a log-in.
pub const SECOND_STEP_FORM: &str = "second-step-form";
/// The form that takes a recovery code there.
pub const RECOVERY_CODE_FORM: &str = "recovery-code-form";
/// The form that asks for the link to remove lost second factors.
pub const FACTOR_RESET_REQUEST_FORM: &str = "factor-reset-request-form";
/// The form that begins the wait until they are removed.
pub const FACTOR_RESET_FORM: &str = "factor-reset-form";
/// The form of a mailed link that stops it.
pub const KEEP_FACTORS_FORM: &str = "keep-factors-form";
/// The form of the banner that stops it.
pub const STOP_FACTOR_RESET_FORM: &str = "stop-factor-reset-form";
/// The form that sets an authentication app up.
pub const NEW_APP_FORM: &str = "new-app-form";
/// The form that saves new recovery codes.
pub const SAVE_CODES_FORM: &str = "save-codes-form";
/// The button that downloads them.
pub const CODES_FILE_FORM: &str = "codes-file-form";
/// The text of new recovery codes.
pub const RECOVERY_CODES: &str = "recovery-codes";
/// The form in the navbar that ends the session.
pub const LOGOUT_FORM: &str = "logout-form";
/// The form that ends the session of one user to make room for another.
pub const SWITCH_USER_FORM: &str = "switch-user-form";
/// The form at the foot that changes the language.
pub const LANGUAGE_FORM: &str = "language-form";
/// The form that offers to send a refused one again.
pub const RESEND_FORM: &str = "resend-form";
