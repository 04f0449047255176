//! The parts that pages are made of. Every part is a value that renders itself, so
//! a fragment and a full page cannot differ. Parts know text and addresses, no
//! accounts and no requests.

mod action_form;
mod card;
mod confirmed_action;
mod dialog;
mod download_form;
mod error_page;
mod field;
mod field_name;
mod form;
mod icon;
pub mod ids;
mod language_form;
mod list;
mod message;
mod moment;
mod nav;
mod notice;
mod page;
mod passkey_form;
mod passkey_prompt;
pub mod swap;
mod table;
mod texts;

pub use action_form::{ActionForm, ChoiceField, Weight};
pub use card::Card;
pub use confirmed_action::{ConfirmedAction, TextField};
pub use dialog::Dialog;
pub use download_form::DownloadForm;
pub use error_page::ErrorPage;
pub use field::{Again, Choice, Field, FieldKind};
pub use field_name::FieldName;
pub use form::{Form, OtherSubmit};
pub use icon::Icon;
pub use language_form::LanguageForm;
pub use list::{Empty, Pager, Search};
pub use message::Message;
pub use moment::{Day, Moment};
pub use nav::{Nav, NavLink, current};
pub use notice::{Alert, Flash};
pub(crate) use page::title;
pub use page::{Fragment, Indexing, Page};
pub use passkey_form::PasskeyForm;
pub use passkey_prompt::{PasskeyPrompt, PasskeyRequest};
pub use table::Table;
pub use texts::Texts;
