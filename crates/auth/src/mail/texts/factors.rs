//! The texts of the mails about second factors.

pub(in crate::mail) struct FactorNotice {
    pub(in crate::mail) subject: &'static str,
    /// `{it}` stands for the factor, the number of codes or the place that it is about.
    pub(in crate::mail) opening: &'static str,
}

pub(in crate::mail) struct FactorResetLink {
    pub(in crate::mail) subject: &'static str,
    /// With how long the link is good.
    pub(in crate::mail) opening: fn(&str) -> String,
    /// With how long the wait is.
    pub(in crate::mail) wait: fn(&str) -> String,
    pub(in crate::mail) action: &'static str,
    pub(in crate::mail) ignore: &'static str,
}

pub(in crate::mail) struct FactorResetPending {
    pub(in crate::mail) subject: &'static str,
    /// With the moment.
    pub(in crate::mail) opening: fn(&str) -> String,
    pub(in crate::mail) stop: &'static str,
    pub(in crate::mail) action: &'static str,
    pub(in crate::mail) wanted: &'static str,
}

pub(in crate::mail) struct FactorResetStopped {
    pub(in crate::mail) subject: &'static str,
    pub(in crate::mail) opening: &'static str,
    /// With how long the link is good.
    pub(in crate::mail) way_back: fn(&str) -> String,
}
