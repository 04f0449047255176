//! The table: a line for each target, with the measurement and whether it is met.

/// A target and what came of it.
pub(super) struct Row {
    name: String,
    measured: String,
    bound: String,
    ratio: f64,
    is_met: bool,
}

impl Row {
    /// `ratio` may be `most` or less.
    pub(super) fn at_most_times(name: String, measured: String, ratio: f64, most: f64) -> Self {
        Self { name, measured, bound: format!("≤ {most:.2}×"), ratio, is_met: ratio <= most }
    }

    /// `ratio` has to be `least` or more.
    pub(super) fn at_least_times(name: String, measured: String, ratio: f64, least: f64) -> Self {
        Self { name, measured, bound: format!("≥ {least:.2}×"), ratio, is_met: ratio >= least }
    }

    /// `value` may be `most` or less; both in `unit`.
    pub(super) fn at_most(name: &str, value: f64, most: f64, unit: &str) -> Self {
        Self {
            name: name.to_owned(),
            measured: format!("{value:.1} {unit}"),
            bound: format!("≤ {most:.1} {unit}"),
            ratio: value / most,
            is_met: value <= most,
        }
    }
}

pub(super) fn print_header() {
    println!("{:<42} {:<30} {:>13} {:>7}", "target", "measured", "bound", "ratio");
}

pub(super) fn print_row(row: &Row) {
    let Row { name, measured, bound, ratio, is_met } = row;
    let verdict = if *is_met { "ok" } else { "MISSED" };
    println!("{name:<42} {measured:<30} {bound:>13} {ratio:>7.2}  {verdict}");
}
