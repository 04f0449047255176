//! The passkeys in the data export, without what finds or checks them.

use serde::Serialize;
use store::StoredPasskey;

use super::providers;
use crate::exported_time::ExportedTime;

/// A passkey in the data export.
#[derive(Serialize)]
pub(crate) struct ExportedPasskey {
    name: String,
    model: String,
    provider: Option<&'static str>,
    is_synced: bool,
    is_discoverable: Option<bool>,
    transports: String,
    created_at: ExportedTime,
    last_used_at: Option<ExportedTime>,
}

impl From<StoredPasskey> for ExportedPasskey {
    fn from(StoredPasskey { passkey, transports, .. }: StoredPasskey) -> Self {
        Self {
            name: passkey.name.to_string(),
            model: passkey.aaguid.to_string(),
            provider: providers::name_of(passkey.aaguid),
            is_synced: passkey.is_synced,
            is_discoverable: passkey.is_discoverable,
            transports,
            created_at: passkey.created_at.into(),
            last_used_at: passkey.last_used_at.map(ExportedTime::from),
        }
    }
}
