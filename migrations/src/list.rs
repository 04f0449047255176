//! The list of all changes of the schema, the oldest first: those of the accounts, then those of the
//! product. A new migration is added at the end of its list, and a released one is never removed or
//! reordered.

use std::fmt;

use sea_orm_migration::prelude::*;

use crate::{
    change::Change, m20261123_000001_create_users, m20261123_000002_create_sessions,
    m20261123_000003_create_tokens, m20261123_000004_create_outbox,
    m20261123_000005_create_throttles, m20261123_000006_create_security_events,
    m20261123_000007_create_address_proofs, m20261123_000008_prove_addresses,
    m20261123_000009_create_notice_links, m20261123_000010_create_held_forms,
    m20261123_000011_create_email_changes, m20261123_000012_add_users_disabled_at,
    m20261123_000013_add_users_delete_after, m20261123_000014_add_languages,
    m20261123_000015_name_owners_and_actors, m20261123_000016_shut_thieves_out,
    m20261129_000011_rank_mails, m20261129_000021_index_search_text,
    m20261129_000041_mark_mended_sign_ups, m20261129_000042_note_refusals,
    m20261129_000051_create_readiness, m20261129_000052_index_sweeps,
    m20261129_000061_request_mails, m20261129_000071_use_proofs_once, m20261129_000081_note_events,
    m20261129_000082_note_last_use, m20261129_000083_index_mails,
    m20261129_000091_create_invitations, m20261129_000092_note_roles,
    m20261129_000101_begin_second_factors, m20261129_000102_create_factors,
    m20261129_000103_remember_browsers, m20261129_000104_count_recovery_codes,
    m20261129_000121_create_passkeys, m20261129_000131_add_factor_resets,
};

/// Changes of a schema, the oldest first.
pub type Changes = Vec<Box<dyn Change>>;

/// The schema of a product: that of the accounts, and after it the product's own changes. By
/// default there are none.
#[derive(Clone, Default)]
pub struct Schema {
    own: Vec<fn() -> Changes>,
}

pub(crate) struct Migrator;

impl Schema {
    /// Adds changes of the product, the oldest first. A change that is not applied yet is applied
    /// wherever it stands in the list; one that was released is never removed or reordered.
    #[must_use]
    pub fn with(mut self, own: fn() -> Changes) -> Self {
        self.own.push(own);
        self
    }

    /// Returns the name of a change that is there twice.
    pub fn doubled(&self) -> Option<String> {
        let names: Vec<_> = self.changes().iter().map(|change| change.name().to_owned()).collect();
        let mut later = names.iter().enumerate();
        later
            .find(|(at, name)| names.iter().take(*at).any(|earlier| earlier == *name))
            .map(|(_, name)| name.clone())
    }

    /// Returns all changes, the oldest first.
    pub(crate) fn changes(&self) -> Changes {
        let mut changes = changes();
        changes.extend(self.own.iter().flat_map(|own| own()));
        changes
    }

    /// Returns the changes that are not among `applied`, the oldest first.
    pub(crate) fn pending(&self, applied: &[String]) -> impl Iterator<Item = Box<dyn Change>> {
        let is_applied = |change: &dyn Change| applied.iter().any(|name| name == change.name());
        self.changes().into_iter().filter(move |change| !is_applied(&**change))
    }
}

impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Schema").field("own", &self.own.len()).finish()
    }
}

/// Returns the changes of the accounts, the oldest first.
fn changes() -> Changes {
    vec![
        Box::new(m20261123_000001_create_users::Migration),
        Box::new(m20261123_000002_create_sessions::Migration),
        Box::new(m20261123_000003_create_tokens::Migration),
        Box::new(m20261123_000004_create_outbox::Migration),
        Box::new(m20261123_000005_create_throttles::Migration),
        Box::new(m20261123_000006_create_security_events::Migration),
        Box::new(m20261123_000007_create_address_proofs::Migration),
        Box::new(m20261123_000008_prove_addresses::Migration),
        Box::new(m20261123_000009_create_notice_links::Migration),
        Box::new(m20261123_000010_create_held_forms::Migration),
        Box::new(m20261123_000011_create_email_changes::Migration),
        Box::new(m20261123_000012_add_users_disabled_at::Migration),
        Box::new(m20261123_000013_add_users_delete_after::Migration),
        Box::new(m20261123_000014_add_languages::Migration),
        Box::new(m20261123_000015_name_owners_and_actors::Migration),
        Box::new(m20261123_000016_shut_thieves_out::Migration),
        Box::new(m20261129_000011_rank_mails::Migration),
        Box::new(m20261129_000021_index_search_text::Migration),
        Box::new(m20261129_000041_mark_mended_sign_ups::Migration),
        Box::new(m20261129_000042_note_refusals::Migration),
        Box::new(m20261129_000051_create_readiness::Migration),
        Box::new(m20261129_000052_index_sweeps::Migration),
        Box::new(m20261129_000061_request_mails::Migration),
        Box::new(m20261129_000071_use_proofs_once::Migration),
        Box::new(m20261129_000081_note_events::Migration),
        Box::new(m20261129_000082_note_last_use::Migration),
        Box::new(m20261129_000083_index_mails::Migration),
        Box::new(m20261129_000091_create_invitations::Migration),
        Box::new(m20261129_000092_note_roles::Migration),
        Box::new(m20261129_000101_begin_second_factors::Migration),
        Box::new(m20261129_000102_create_factors::Migration),
        Box::new(m20261129_000103_remember_browsers::Migration),
        Box::new(m20261129_000104_count_recovery_codes::Migration),
        Box::new(m20261129_000121_create_passkeys::Migration),
        Box::new(m20261129_000131_add_factor_resets::Migration),
    ]
}

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        changes().into_iter().map(|change| change as Box<dyn MigrationTrait>).collect()
    }
}
