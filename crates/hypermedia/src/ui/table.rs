//! Rows of facts that stay readable on a phone, where each row becomes a card.
//! The roles are spelled out because browsers drop those of a table that is laid
//! out as something else.

use maud::{Markup, Render, html};

/// A table with its name and the headings of its columns.
#[derive(Clone, Debug)]
pub struct Table<'a> {
    /// The caption, for screen readers.
    pub caption: &'a str,
    /// The headings; the first column names the row.
    pub columns: &'a [&'a str],
    /// The cells, row by row.
    pub rows: Vec<Vec<Markup>>,
}

impl Table<'_> {
    fn row(&self, cells: &[Markup]) -> Markup {
        html! {
            tr role="row" {
                @for (index, (column, cell)) in self.columns.iter().zip(cells).enumerate() {
                    @if index == 0 {
                        th scope="row" role="rowheader" { (cell) }
                    } @else {
                        td role="cell" data-label=(column) { (cell) }
                    }
                }
            }
        }
    }
}

impl Render for Table<'_> {
    fn render(&self) -> Markup {
        html! {
            table role="table" {
                caption.unseen { (self.caption) }
                thead role="rowgroup" {
                    tr role="row" {
                        @for column in self.columns {
                            th scope="col" role="columnheader" { (column) }
                        }
                    }
                }
                tbody role="rowgroup" { @for cells in &self.rows { (self.row(cells)) } }
            }
        }
    }
}
