//! The paths that more than one feature leads to. A path that only one feature knows stands there.

pub(crate) const CONFIRM_ADDRESS: &str = "/confirm-address/{token}";
pub(crate) const EMAIL: &str = "/settings/email";
pub(crate) const FORGOT_PASSWORD: &str = "/forgot-password";
pub(crate) const LOG_IN: &str = "/login";
pub(crate) const MAILBOX: &str = "/mailbox";
pub(crate) const MAILBOX_CODE: &str = "/mailbox/code";
pub(crate) const MAILBOX_EMAIL: &str = "/mailbox/email";
pub(crate) const MAILBOX_RESEND: &str = "/mailbox/resend";
pub(crate) const MAILBOX_STATE: &str = "/mailbox/state";
pub(crate) const NEW_ACCOUNT: &str = "/new-account/{token}";
pub(crate) const PASSWORD: &str = "/settings/password";
/// Where a user goes who asked for no other page, unless the product says otherwise.
pub(crate) const PROFILE: &str = "/profile";
pub(crate) const RESET_PASSWORD: &str = "/reset-password/{token}";
pub(crate) const SECURITY: &str = "/settings/security";
pub(crate) const SESSIONS: &str = "/settings/sessions";
pub(crate) const SETTINGS: &str = "/settings";
pub(crate) const SIGN_UP: &str = "/signup";
pub(crate) const SIGN_UP_CHECK: &str = "/signup/check";
pub(crate) const SUDO: &str = "/sudo";
