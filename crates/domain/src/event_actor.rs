//! Who acted in an event of account activity.

use std::{fmt, str::FromStr};

use crate::UnknownEvent;

/// The actor of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventActor {
    /// The owner, or a person who acted as the owner.
    Owner,
    /// An admin, on the site.
    Admin,
    /// The operator, by a command.
    Operator,
    /// An unknown visitor, by a form that takes an address.
    Anyone,
}

impl EventActor {
    /// All actors.
    pub const ALL: [Self; 4] = [Self::Owner, Self::Admin, Self::Operator, Self::Anyone];

    /// Returns the name of the actor in the log and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Operator => "operator",
            Self::Anyone => "anyone",
        }
    }
}

impl fmt::Display for EventActor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for EventActor {
    type Err = UnknownEvent;

    fn from_str(text: &str) -> Result<Self, UnknownEvent> {
        Self::ALL.into_iter().find(|actor| actor.as_str() == text).ok_or(UnknownEvent)
    }
}
