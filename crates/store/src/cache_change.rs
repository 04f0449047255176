//! A change that invalidates entries of the cache, and its encoding in a notification: a letter
//! for the kind, and the bytes of the key in hex.

use domain::{SessionKey, UserId};

/// The entries that a change invalidates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// One session ended or has other values.
    Session(SessionKey),
    /// A user changed, or all sessions of that user.
    User(UserId),
}

impl Change {
    pub(crate) fn encode(self) -> String {
        let (kind, bytes): (char, &[u8]) = match &self {
            Self::Session(key) => ('s', key.as_bytes()),
            Self::User(id) => ('u', id.as_bytes()),
        };
        let hex = bytes.iter().map(|byte| format!("{byte:02x}"));
        std::iter::once(kind.to_string()).chain(hex).collect()
    }

    pub(crate) fn decode(text: &str) -> Option<Self> {
        let (kind, hex) = text.split_at_checked(1)?;
        let bytes: Vec<u8> = (0..hex.len())
            .step_by(2)
            .map(|at| hex.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()))
            .collect::<Option<_>>()?;
        match kind {
            "s" => SessionKey::from_bytes(&bytes).map(Self::Session),
            "u" => Some(Self::User(UserId::from_bytes(bytes.try_into().ok()?))),
            _ => None,
        }
    }
}
