//! x

mod ui;
