//! The values of a statement that is written as text. Values are bound, never written into the SQL.

use domain::Timestamp;
use sea_orm::{Value, entity::prelude::Uuid};

/// The values of a statement, in the order of their placeholders.
#[derive(Default)]
pub(crate) struct Values(pub(crate) Vec<Value>);

impl Values {
    /// Adds a value and returns its placeholder.
    pub(crate) fn bind(&mut self, value: impl Into<Value>) -> String {
        self.0.push(value.into());
        format!("${}", self.0.len())
    }

    /// Returns the condition for rows beyond a place in a list: `operator` is `<` for a list with
    /// the newest first. A pair, because SQLite would scan the index from its start for two
    /// conditions.
    pub(crate) fn beyond(
        &mut self,
        column: &str,
        operator: &str,
        place: Option<(Timestamp, Uuid)>,
    ) -> String {
        place.map_or_else(
            || "TRUE".to_owned(),
            |(moment, id)| {
                let moment = self.bind(moment.as_millis());
                format!("({column}, id) {operator} ({moment}, {})", self.bind(id))
            },
        )
    }
}
