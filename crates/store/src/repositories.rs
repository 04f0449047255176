//! The way to each aggregate, to read and to write.

use crate::{
    AddressProofs, EmailChanges, Outbox, SavedSubmissions, SecurityEvents, Sessions, Store,
    Throttles, Tokens, Users, WriteTx,
};

impl Store {
    /// The accounts, to read.
    pub fn users(&self) -> Users<'_, Self> {
        Users(self)
    }

    /// The log-ins, to read.
    pub fn sessions(&self) -> Sessions<'_, Self> {
        Sessions(self)
    }

    /// The mailed secrets, to read.
    pub fn tokens(&self) -> Tokens<'_, Self> {
        Tokens(self)
    }

    /// The pending proofs of addresses, for reading.
    pub fn address_proofs(&self) -> AddressProofs<'_, Self> {
        AddressProofs(self)
    }

    /// The changes of address that can be undone, to read.
    pub fn email_changes(&self) -> EmailChanges<'_, Self> {
        EmailChanges(self)
    }

    /// The forms that wait for their senders, to read.
    pub fn saved_submissions(&self) -> SavedSubmissions<'_, Self> {
        SavedSubmissions(self)
    }

    /// The timelines, to read.
    pub fn security_events(&self) -> SecurityEvents<'_, Self> {
        SecurityEvents(self)
    }

    /// The queued mails, for reading.
    pub fn outbox(&self) -> Outbox<'_, Self> {
        Outbox(self)
    }
}

impl WriteTx {
    /// The accounts.
    pub fn users(&self) -> Users<'_, Self> {
        Users(self)
    }

    /// The log-ins.
    pub fn sessions(&self) -> Sessions<'_, Self> {
        Sessions(self)
    }

    /// The mailed secrets.
    pub fn tokens(&self) -> Tokens<'_, Self> {
        Tokens(self)
    }

    /// The pending proofs of addresses.
    pub fn address_proofs(&self) -> AddressProofs<'_, Self> {
        AddressProofs(self)
    }

    /// The changes of address that can be undone.
    pub fn email_changes(&self) -> EmailChanges<'_, Self> {
        EmailChanges(self)
    }

    /// The forms that wait for their senders.
    pub fn saved_submissions(&self) -> SavedSubmissions<'_, Self> {
        SavedSubmissions(self)
    }

    /// The timelines.
    pub fn security_events(&self) -> SecurityEvents<'_, Self> {
        SecurityEvents(self)
    }

    /// The queued mails.
    pub fn outbox(&self) -> Outbox<'_, Self> {
        Outbox(self)
    }

    /// The tries that clients and accounts have left.
    pub fn throttles(&self) -> Throttles<'_> {
        Throttles(self)
    }
}
