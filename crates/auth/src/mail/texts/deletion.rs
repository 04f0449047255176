//! The texts of the mails about a deletion.

pub(in crate::mail) struct DeletionRequested {
    pub(in crate::mail) subject: &'static str,
    /// With the moment.
    pub(in crate::mail) opening: fn(&str) -> String,
    pub(in crate::mail) take_back: &'static str,
    /// With how long the link is good.
    pub(in crate::mail) way_back: fn(&str) -> String,
}

pub(in crate::mail) struct DeletionCancelled {
    pub(in crate::mail) subject: &'static str,
    pub(in crate::mail) opening: &'static str,
    /// With how long the link is good.
    pub(in crate::mail) way_back: fn(&str) -> String,
}

pub(in crate::mail) struct DeletionDone {
    pub(in crate::mail) subject: &'static str,
    pub(in crate::mail) opening: &'static str,
}
