//! The texts of the pages about lost second factors.

/// The texts about lost second factors.
#[derive(Debug)]
pub(crate) struct FactorReset {
    /// On the page of the second step, to the page that helps.
    pub(crate) lost: &'static str,
    /// From a link that cannot be used to the log-in page.
    pub(crate) to_log_in: &'static str,
    /// The page that mails the link.
    pub(crate) request_title: &'static str,
    /// Its first sentences, with the earliest moment.
    pub(crate) request_lead: fn(&str) -> String,
    /// Its button.
    pub(crate) request_submit: &'static str,
    /// Back to the second step.
    pub(crate) back: &'static str,
    /// The page after that.
    pub(crate) sent_title: &'static str,
    /// Its first sentence, with the address.
    pub(crate) sent: fn(&str) -> String,
    /// What to do next.
    pub(crate) sent_next: &'static str,
    /// The page of the mailed link.
    pub(crate) begin_title: &'static str,
    /// Its first sentences, with the moment.
    pub(crate) begin_lead: fn(&str) -> String,
    /// Its button.
    pub(crate) begin_submit: &'static str,
    /// On the log-in page after that, with the moment.
    pub(crate) begun: fn(&str) -> String,
    /// On the second step while a wait is under way, with the moment.
    pub(crate) under_way: fn(&str) -> String,
    /// The page of the link that stops it.
    pub(crate) keep_title: &'static str,
    /// Its first sentences.
    pub(crate) keep_lead: &'static str,
    /// The button that stops it.
    pub(crate) keep_submit: &'static str,
    /// After that.
    pub(crate) kept: &'static str,
    /// What the banner is.
    pub(crate) banner_title: &'static str,
    /// The banner, with the moment.
    pub(crate) banner: fn(&str) -> String,
}
