//! The text of a user that a search compares.

use domain::{DisplayName, EmailAddress, search_key};

/// The text that a search compares: the name and the address, and the address in Unicode if its
/// domain has non-ASCII letters.
pub(crate) fn search_text(name: &DisplayName, email: &EmailAddress) -> String {
    let (name, written) = (search_key(name.as_str()), search_key(&email.to_unicode()));
    if written == email.as_str() {
        format!("{name} {email}")
    } else {
        format!("{name} {email} {written}")
    }
}
