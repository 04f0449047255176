//! The text that a search for users compares. It is stored beside the user and written in the same
//! statement as name and address.

use domain::{DisplayName, EmailAddress, search_key};

/// Returns the search text of a user: the search keys of the name and the address, and of the
/// address in Unicode if its domain has non-ASCII letters.
pub(crate) fn search_text(name: &DisplayName, email: &EmailAddress) -> String {
    let (name, written) = (search_key(name.as_str()), search_key(&email.to_unicode()));
    if written == email.as_str() {
        format!("{name} {email}")
    } else {
        format!("{name} {email} {written}")
    }
}
