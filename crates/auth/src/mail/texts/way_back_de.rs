//! German: the sentences of notices that lead to a compromise report.

pub(super) fn knows_password(within: &str) -> String {
    format!(
        "Falls Sie das nicht waren, kennt eine andere Person Ihr Passwort. Zur Sicherheit {}",
        if_not(within)
    )
}

/// The effect of the link of a notice, as the end of a sentence.
pub(super) fn if_not(within: &str) -> String {
    format!(
        "öffnen Sie innerhalb von {within} diesen Link. Er meldet alle Geräte ab, macht das alte \
         Passwort ungültig und sendet Ihnen einen Link für ein neues:"
    )
}
