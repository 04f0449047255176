//! The pages, one folder or file per noun: handlers, the form and the view of each.

pub(crate) mod account_deletion;
pub(crate) mod account_menu;
pub(crate) mod admin;
pub(crate) mod compromise_report;
pub(crate) mod confirm_address;
pub(crate) mod dev_mail;
pub(crate) mod email_change;
pub(crate) mod forgot_password;
pub(crate) mod invitation;
pub(crate) mod language;
pub(crate) mod link_gone;
pub(crate) mod link_subject;
pub(crate) mod log_in;
pub(crate) mod log_out;
pub(crate) mod mailbox;
pub(crate) mod new_account;
pub(crate) mod other_user;
pub(crate) mod profile;
pub(crate) mod resend;
pub(crate) mod reset_password;
pub(crate) mod session;
pub(crate) mod settings;
pub(crate) mod sign_up;
pub(crate) mod sudo;
pub(crate) mod unconfirmed;
pub(crate) mod well_known;
