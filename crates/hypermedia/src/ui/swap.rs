//! The response headers that tell htmx where an answer goes. Every value is a constant: htmx reads
//! these headers as configuration, so nothing that a visitor typed may reach them.

/// `HX-Retarget` of a page change.
pub const TO_MAIN: &str = "#main";
/// `HX-Reswap` of a page change; the style sheet stills the transition for
/// visitors who asked for less motion.
pub const PAGE: &str = "innerHTML transition:true";
/// `HX-Reswap` of a form that comes back: it takes the place of the one that was
/// sent. The script tells failures of ours from a proxy's by this.
pub const FORM: &str = "outerHTML";
/// `HX-Retarget` of a question over the page.
pub const TO_DIALOG: &str = "#dialog";
/// `HX-Reswap` of a question.
pub const DIALOG: &str = "innerHTML";
/// `HX-Retarget` of trouble that belongs to no form.
pub const TO_ALERTS: &str = "#alerts";
/// `HX-Reswap` of an alert.
pub const ALERT: &str = "innerHTML";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::ids;

    #[test]
    fn the_targets_are_regions_of_every_page() {
        assert_eq!(TO_MAIN, format!("#{}", ids::MAIN));
        assert_eq!(TO_DIALOG, format!("#{}", ids::DIALOG));
        assert_eq!(TO_ALERTS, format!("#{}", ids::ALERTS));
    }
}
