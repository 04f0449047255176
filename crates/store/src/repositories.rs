//! The repositories of the store and of a transaction, one for each aggregate. Those of
//! [`Store`] read, those of [`WriteTx`] also write.

use crate::{
    AddressProofs, EmailChanges, Invitations, Outbox, Passkeys, SavedSubmissions, SecurityEvents,
    Sessions, Store, Throttles, Tokens, Users, WriteTx,
};

impl Store {
    /// Returns the repository of accounts, for reading.
    pub fn users(&self) -> Users<'_, Self> {
        Users(self)
    }

    /// Returns the repository of sessions, for reading.
    pub fn sessions(&self) -> Sessions<'_, Self> {
        Sessions(self)
    }

    /// Returns the repository of mailed tokens, for reading.
    pub fn tokens(&self) -> Tokens<'_, Self> {
        Tokens(self)
    }

    /// Returns the repository of pending address proofs, for reading.
    pub fn address_proofs(&self) -> AddressProofs<'_, Self> {
        AddressProofs(self)
    }

    /// Returns the repository of address changes that can be reverted, for reading.
    pub fn email_changes(&self) -> EmailChanges<'_, Self> {
        EmailChanges(self)
    }

    /// Returns the repository of invitations, for reading.
    pub fn invitations(&self) -> Invitations<'_, Self> {
        Invitations(self)
    }

    /// Returns the repository of saved submissions, for reading.
    pub fn saved_submissions(&self) -> SavedSubmissions<'_, Self> {
        SavedSubmissions(self)
    }

    /// Returns the repository of passkeys, for reading.
    pub fn passkeys(&self) -> Passkeys<'_, Self> {
        Passkeys(self)
    }

    /// Returns the repository of timelines, for reading.
    pub fn security_events(&self) -> SecurityEvents<'_, Self> {
        SecurityEvents(self)
    }

    /// Returns the repository of mails, for reading.
    pub fn outbox(&self) -> Outbox<'_, Self> {
        Outbox(self)
    }
}

impl WriteTx {
    /// Returns the repository of accounts.
    pub fn users(&self) -> Users<'_, Self> {
        Users(self)
    }

    /// Returns the repository of sessions.
    pub fn sessions(&self) -> Sessions<'_, Self> {
        Sessions(self)
    }

    /// Returns the repository of mailed tokens.
    pub fn tokens(&self) -> Tokens<'_, Self> {
        Tokens(self)
    }

    /// Returns the repository of pending address proofs.
    pub fn address_proofs(&self) -> AddressProofs<'_, Self> {
        AddressProofs(self)
    }

    /// Returns the repository of address changes that can be reverted.
    pub fn email_changes(&self) -> EmailChanges<'_, Self> {
        EmailChanges(self)
    }

    /// Returns the repository of invitations.
    pub fn invitations(&self) -> Invitations<'_, Self> {
        Invitations(self)
    }

    /// Returns the repository of saved submissions.
    pub fn saved_submissions(&self) -> SavedSubmissions<'_, Self> {
        SavedSubmissions(self)
    }

    /// Returns the repository of passkeys.
    pub fn passkeys(&self) -> Passkeys<'_, Self> {
        Passkeys(self)
    }

    /// Returns the repository of timelines.
    pub fn security_events(&self) -> SecurityEvents<'_, Self> {
        SecurityEvents(self)
    }

    /// Returns the repository of mails.
    pub fn outbox(&self) -> Outbox<'_, Self> {
        Outbox(self)
    }

    /// Returns the repository of throttles.
    pub fn throttles(&self) -> Throttles<'_> {
        Throttles(self)
    }
}
