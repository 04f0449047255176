//! Saved submissions: forms that could not be processed when they were sent, because the session had
//! ended or the password had to be given again. They are kept encrypted until the sender is back.
//!
//! The key of each is derived from the sender and from its token, which is only in the sender's
//! address bar: neither the database nor another user can decrypt it. The caller leaves secrets out.
//!
//! Threat: a user who fills the disk with submissions that are never continued (RES-08). So a
//! submission is small, and their number per period is limited for each user and in total. Beyond
//! that a form is not saved, and its sender types it again.

use std::{fmt, time::Duration};

use chacha20poly1305::{KeyInit, XChaCha20Poly1305, aead::Aead};
use domain::{Principal, Token, TokenPurpose, UserId, random};
use serde::{Deserialize, Serialize};
use store::{NewSavedSubmission, StoreError, WriteTx};
use zeroize::Zeroizing;

use crate::{Fault, keys::MacKey, services::Sessions, throttle};

/// How long a form waits.
const LIFETIME: Duration = Duration::from_mins(15);
/// Most bytes of a form that waits: several times the longest of ours.
const MAX_BYTES: usize = 4 * 1024;
const NONCE_BYTES: usize = 24;
const PURPOSE: TokenPurpose = TokenPurpose::ResumeForm;

/// A form as it was sent, without its secrets. Does not print itself.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedSubmission {
    /// Where it was sent to: a path of this site.
    pub path: String,
    /// Names and values.
    pub fields: Vec<(String, String)>,
    /// The session in which the password has to be given for it; none if the session had expired.
    #[serde(default)]
    asked_in: Option<[u8; 32]>,
}

impl SavedSubmission {
    /// A form that was sent to `path`.
    pub fn new(path: String, fields: Vec<(String, String)>) -> Self {
        Self { path, fields, asked_in: None }
    }

    /// The same form, which is carried out once the password is given in the session of the
    /// principal. In any other session of the user it is only shown: a person who is in another
    /// session could have sent it, and lead the owner to its address.
    #[must_use]
    pub fn asked_in(self, principal: &Principal) -> Self {
        Self { asked_in: Some(*principal.session_key.as_bytes()), ..self }
    }

    /// Whether it may be carried out in the session of the principal.
    pub fn is_asked_in(&self, principal: &Principal) -> bool {
        self.asked_in.as_ref() == Some(principal.session_key.as_bytes())
    }
}

impl fmt::Debug for SavedSubmission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SavedSubmission(…)")
    }
}

impl Sessions<'_> {
    /// Saves a form for 15 minutes, for this user only, and returns the token that finds it. The
    /// latest five of each user are kept. `None` if the form is larger than 4 KiB, or if too many
    /// were saved lately.
    pub async fn hold_form(
        self,
        sender: UserId,
        form: &SavedSubmission,
    ) -> Result<Option<Token>, Fault> {
        let (token, now) = (Token::generate(), self.0.clock.now());
        let key = self.0.saved_submission_keys.first();
        let Some(sealed) = key.and_then(|key| seal(key, &token, sender, form)) else {
            tracing::info!(user_id = %sender, "a form is too large to wait");
            return Ok(None);
        };
        let token_hash = token.hash(PURPOSE);
        let new =
            NewSavedSubmission { token_hash, user_id: sender, sealed, expires_at: now + LIFETIME };
        let throttle = &self.0.throttle;
        let buckets =
            [throttle.saved_submission_of_account(sender), throttle.saved_submissions_in_all()];
        let tx = self.0.store.begin().await?;
        let counted = throttle::take(&tx, &buckets, now).await?;
        if counted.is_ok() {
            tx.saved_submissions().insert(new, now).await?;
        } else {
            tracing::info!(user_id = %sender, "too many forms wait");
        }
        tx.commit().await?;
        Ok(counted.is_ok().then_some(token))
    }

    /// The form that waits for the principal under this token. Looking takes nothing.
    pub async fn find_saved_submission(
        self,
        principal: &Principal,
        token: &Token,
    ) -> Result<Option<SavedSubmission>, Fault> {
        let (user_id, now) = (principal.user_id, self.0.clock.now());
        let found =
            self.0.store.saved_submissions().find(&token.hash(PURPOSE), user_id, now).await?;
        Ok(found.and_then(|sealed| self.open(token, user_id, &sealed)))
    }

    /// The same form, which does not wait any longer once `tx` commits. Of many who take
    /// it at once one gets it.
    pub(crate) async fn take_saved_submission(
        self,
        tx: &WriteTx,
        sender: UserId,
        token: &Token,
    ) -> Result<Option<SavedSubmission>, StoreError> {
        let now = self.0.clock.now();
        let found = tx.saved_submissions().take(&token.hash(PURPOSE), sender, now).await?;
        Ok(found.and_then(|sealed| self.open(token, sender, &sealed)))
    }

    fn open(self, token: &Token, sender: UserId, sealed: &[u8]) -> Option<SavedSubmission> {
        let keys = &self.0.saved_submission_keys;
        keys.iter().find_map(|key| open(key, token, sender, sealed))
    }
}

fn cipher(key: &MacKey, token: &Token, sender: UserId) -> XChaCha20Poly1305 {
    let token = token.expose();
    let key = Zeroizing::new(key.sign(&[token.as_bytes(), sender.as_bytes()]));
    XChaCha20Poly1305::new(&(*key).into())
}

fn seal(key: &MacKey, token: &Token, sender: UserId, form: &SavedSubmission) -> Option<Vec<u8>> {
    let text = Zeroizing::new(serde_json::to_vec(form).ok()?);
    if text.len() > MAX_BYTES {
        return None;
    }
    let nonce = random::bytes::<NONCE_BYTES>();
    let sealed = cipher(key, token, sender).encrypt(&nonce.into(), text.as_slice()).ok()?;
    Some([nonce.as_slice(), &sealed].concat())
}

fn open(key: &MacKey, token: &Token, sender: UserId, sealed: &[u8]) -> Option<SavedSubmission> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>()?;
    let text = cipher(key, token, sender).decrypt(&(*nonce).into(), sealed).ok()?;
    serde_json::from_slice(&Zeroizing::new(text)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::{KeyPurpose, SecretKey};

    fn form() -> SavedSubmission {
        SavedSubmission::new("/a".to_owned(), vec![("name".to_owned(), "Mia".to_owned())])
    }

    #[test]
    fn a_sealed_form_is_opened_by_its_sender_with_its_token_and_says_nothing_else() {
        let secret =
            |byte| SecretKey::new(vec![byte; 32]).unwrap().derive(KeyPurpose::SavedSubmission);
        let (key, token, mia) = (secret(1), Token::generate(), UserId::generate());
        let sealed = seal(&key, &token, mia, &form()).unwrap();

        assert_eq!(open(&key, &token, mia, &sealed), Some(form()));
        assert!(!sealed.windows(3).any(|bytes| bytes == b"Mia"));
        assert_eq!(open(&key, &token, UserId::generate(), &sealed), None);
        assert_eq!(open(&key, &Token::generate(), mia, &sealed), None);
        assert_eq!(open(&secret(2), &token, mia, &sealed), None);
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert_eq!(open(&key, &token, mia, &changed), None, "{place}");
            assert_eq!(open(&key, &token, mia, &sealed[..place]), None, "{place}");
        }
    }

    /// RES-08.
    #[test]
    fn a_form_larger_than_any_of_ours_is_not_sealed() {
        let key = SecretKey::new(vec![1; 32]).unwrap().derive(KeyPurpose::SavedSubmission);
        let of_length = |length| {
            let fields = vec![("name".to_owned(), "x".repeat(length))];
            SavedSubmission::new("/a".to_owned(), fields)
        };
        let seal = |length| seal(&key, &Token::generate(), UserId::generate(), &of_length(length));

        assert!(seal(2_048 + 1_024).is_some_and(|sealed| sealed.len() < MAX_BYTES));
        assert_eq!(seal(MAX_BYTES), None);
    }

    /// LGG-06.
    #[test]
    fn a_held_form_does_not_print_itself() {
        assert_eq!(format!("{:?}", form()), "SavedSubmission(…)");
    }
}
