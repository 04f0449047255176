//! The parts that pages are made of. Every part is a value that renders itself, so
//! a fragment and a full page cannot differ. Parts know text and addresses, no
//! accounts and no requests.

mod action_form;
mod card;
mod dialog;
mod download_form;
mod error_page;
mod field;
mod field_name;
mod form;
mod icon;
pub(crate) mod ids;
mod language_form;
mod list;
mod message;
mod moment;
mod nav;
mod notice;
mod page;
pub(crate) mod swap;
mod table;
mod texts;

pub(crate) use action_form::{ActionForm, Weight};
pub(crate) use card::Card;
pub(crate) use dialog::Dialog;
pub(crate) use download_form::DownloadForm;
pub(crate) use error_page::ErrorPage;
pub(crate) use field::{Field, FieldKind};
pub(crate) use field_name::FieldName;
pub(crate) use form::Form;
pub(crate) use icon::Icon;
pub(crate) use language_form::LanguageForm;
pub(crate) use list::{Empty, Pager, Search};
pub(crate) use message::Message;
pub(crate) use moment::Moment;
pub(crate) use nav::{Nav, NavLink, current};
pub(crate) use notice::{Alert, Flash};
pub(crate) use page::{Fragment, Indexing, Page};
pub(crate) use table::Table;
pub(crate) use texts::Texts;
