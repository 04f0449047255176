//! The texts where there is no page to show.

/// A heading and an explanation.
pub(super) type Words = (&'static str, &'static str);

/// The texts of error pages.
#[derive(Debug)]
pub struct Errors {
    /// Where another site sent a form.
    pub foreign_form: Words,
    /// On an error page, by the status.
    pub(super) by_status: [(u16, &'static str, &'static str); 12],
    /// With any other status.
    pub(super) other: Words,
}

impl Errors {
    /// The words of an error page.
    pub fn page(&self, status: u16) -> Words {
        let found = self.by_status.iter().find(|(known, ..)| *known == status);
        found.map_or(self.other, |(_, title, text)| (*title, *text))
    }
}
