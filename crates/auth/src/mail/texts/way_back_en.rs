//! English: the sentences of notices that lead to a compromise report.

pub(super) fn knows_password(within: &str) -> String {
    format!(
        "If this was not you, another person knows your password. To be safe, {}",
        if_not(within)
    )
}

/// The effect of the link of a notice, as the end of a sentence.
pub(super) fn if_not(within: &str) -> String {
    format!(
        "open this link within {within}. It logs out every device, disables the old password and \
         sends you a link to choose a new one:"
    )
}
