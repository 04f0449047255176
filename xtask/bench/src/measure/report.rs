//! The table of results: a line per target with the measured value, the bound and whether it is
//! met.

/// A target and its result.
pub(super) struct Row {
    name: String,
    measured: String,
    bound: String,
    ratio: f64,
    is_met: bool,
}

impl Row {
    /// Creates a row with an upper bound: `ratio` must not exceed `most`.
    pub(super) fn at_most_times(name: String, measured: String, ratio: f64, most: f64) -> Self {
        Self { name, measured, bound: format!("≤ {most:.2}×"), ratio, is_met: ratio <= most }
    }

    /// Creates a row with a lower bound: `ratio` must reach `least`.
    pub(super) fn at_least_times(name: String, measured: String, ratio: f64, least: f64) -> Self {
        Self { name, measured, bound: format!("≥ {least:.2}×"), ratio, is_met: ratio >= least }
    }

    /// Creates a row with an upper bound: `value` must not exceed `most`, both in `unit`.
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
