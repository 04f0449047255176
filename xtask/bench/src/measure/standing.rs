//! The accounts of the measurement: the answers of a server could differ by their state.

use anyhow::{Result, ensure};
use auth::password::PasswordHash;
use domain::{Aaguid, DisplayName, EmailAddress, FactorId, Language, Role, Timestamp, UserId};
use store::{AuthenticatorState, NewApp, NewPasskey, NewUser, SealedSecret, WriteTx};

/// The state of the account that an address has.
#[derive(Clone, Copy, Debug)]
pub(super) enum Standing {
    Confirmed,
    ConfirmedToo,
    Unknown,
    Unconfirmed,
    Disabled,
    Deleted,
    /// It has factors of every kind, and log-ins ask for one.
    Protected,
    /// The same, and it has no password.
    Passwordless,
}

/// All of them. The first two are alike.
pub(super) const STANDINGS: [Standing; 8] = [
    Standing::Confirmed,
    Standing::ConfirmedToo,
    Standing::Unknown,
    Standing::Unconfirmed,
    Standing::Disabled,
    Standing::Deleted,
    Standing::Protected,
    Standing::Passwordless,
];

impl Standing {
    /// Returns an address of this standing. All addresses have the same length.
    pub(super) fn email(self, round: usize) -> String {
        let name = match self {
            Self::Confirmed => "mia",
            Self::ConfirmedToo => "ada",
            Self::Unknown => "leo",
            Self::Unconfirmed => "zoe",
            Self::Disabled => "ida",
            Self::Deleted => "eva",
            Self::Protected => "amy",
            Self::Passwordless => "nia",
        };
        format!("{name}{round:04}@example.org")
    }
}

/// Makes the account of this standing.
pub(super) async fn establish(
    tx: &WriteTx,
    standing: Standing,
    email: &str,
    hash: &PasswordHash,
    now: Timestamp,
) -> Result<()> {
    if matches!(standing, Standing::Unknown) {
        return Ok(());
    }
    let new = NewUser {
        id: UserId::generate(),
        email: EmailAddress::parse(email)?,
        name: DisplayName::parse("Zoë Muster")?,
        password_hash: match standing {
            Standing::Passwordless => PasswordHash::unusable().as_str().to_owned(),
            _ => hash.as_str().to_owned(),
        },
        role: Role::USER,
        confirmed_at: (!matches!(standing, Standing::Unconfirmed)).then_some(now),
        language: Language::English,
    };
    tx.users().insert(&new, now).await?;
    match standing {
        Standing::Disabled => tx.users().set_disabled(new.id, Some(now)).await.map(drop)?,
        Standing::Deleted => tx.users().delete(new.id).await.map(drop)?,
        Standing::Protected | Standing::Passwordless => {
            protect(tx, new.id, hash.as_str(), now).await?;
        }
        Standing::Confirmed
        | Standing::ConfirmedToo
        | Standing::Unknown
        | Standing::Unconfirmed => {}
    }
    Ok(())
}

/// Gives the account a factor of each kind and recovery codes, as one that asks for them has.
pub(super) async fn protect(
    tx: &WriteTx,
    user_id: UserId,
    hash: &str,
    now: Timestamp,
) -> Result<()> {
    let name = DisplayName::parse("Phone")?;
    let app = NewApp {
        id: FactorId::generate(),
        user_id,
        name: name.clone(),
        secret: SealedSecret { key_id: [1; 8], sealed: vec![1; 48] },
        last_step: 0,
    };
    let passkey = NewPasskey {
        id: FactorId::generate(),
        user_id,
        credential_id: user_id.as_bytes().to_vec(),
        credential: "{}".to_owned(),
        name,
        aaguid: Aaguid::from_bytes([0; 16]),
        state: AuthenticatorState { counter: 1, is_backup_eligible: true, is_backed_up: true },
        is_discoverable: Some(true),
        transports: "internal".to_owned(),
    };
    let codes: Vec<_> = (10..20).map(|place| (place.to_string(), hash.to_owned())).collect();
    tx.authentication_apps().insert(app, now).await?;
    ensure!(tx.passkeys().insert(passkey, now).await?, "a passkey is there already");
    tx.recovery_codes().replace(user_id, &codes, now).await?;
    tx.users().set_second_factor(user_id, Some(now)).await?;
    Ok(())
}
