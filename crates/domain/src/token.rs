//! Secrets that are mailed once, each for one purpose.
//!
//! The plaintext is only in the mail and in the request that uses it. The store keeps a SHA-256
//! that includes the purpose, so that a token for one purpose is invalid for any other. The
//! lifetime of a token is not part of it.

use std::{fmt, str::FromStr};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::random;

/// Length of a token, in bytes (OWASP ASVS 5.0, 11.5.1 requires 16).
const BYTES: usize = 32;

/// The purpose of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenPurpose {
    /// Setting a new password without knowing the old one.
    ResetPassword,
    /// Confirming an address.
    ProveAddress,
    /// Reporting a compromise by the link in a notice.
    CompromiseReport,
    /// Returning to a saved submission.
    ResumeForm,
    /// Reverting an address change.
    UndoEmailChange,
    /// Making the account of an address that was invited.
    Invitation,
    /// Beginning the wait after which lost second factors are removed.
    ResetFactors,
    /// Stopping that.
    KeepFactors,
}

/// A secret of 256 random bits, written as 43 characters of base64url (RFC 4648 §5). Its memory
/// is wiped on drop, and its `Debug` output hides it.
#[derive(Clone)]
pub struct Token(Zeroizing<[u8; BYTES]>);

/// The SHA-256 of a purpose and a [`Token`], as the store keeps it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash([u8; 32]);

/// The error for a text that cannot be a [`Token`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the token is malformed")]
pub struct InvalidToken;

impl TokenPurpose {
    /// Returns the name of the purpose, which is in the database and in the hash.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ResetPassword => "reset_password",
            Self::ProveAddress => "prove_address",
            Self::CompromiseReport => "not_me",
            Self::ResumeForm => "resume_form",
            Self::UndoEmailChange => "undo_email_change",
            Self::Invitation => "invitation",
            Self::ResetFactors => "reset_factors",
            Self::KeepFactors => "keep_factors",
        }
    }
}

impl Token {
    /// Generates a random token of 256 bits.
    pub fn generate() -> Self {
        Self(Zeroizing::new(random::bytes()))
    }

    /// Makes a token of 32 bytes that must not be guessable.
    pub fn from_bytes(bytes: [u8; BYTES]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Returns the hash of this token for `purpose`.
    pub fn hash(&self, purpose: TokenPurpose) -> TokenHash {
        let mut hasher = Sha256::new();
        hasher.update(purpose.as_str());
        hasher.update([0]);
        hasher.update(self.0.as_slice());
        TokenHash(hasher.finalize().into())
    }

    /// Returns the plaintext in base64url. Only the link in a mail may contain it.
    pub fn expose(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE64_URL_SAFE_NO_PAD.encode(self.0.as_slice()))
    }
}

impl FromStr for Token {
    type Err = InvalidToken;

    fn from_str(text: &str) -> Result<Self, InvalidToken> {
        let mut bytes = Zeroizing::new([0; BYTES]);
        match BASE64_URL_SAFE_NO_PAD.decode_slice(text, bytes.as_mut_slice()) {
            Ok(BYTES) => Ok(Self(bytes)),
            _ => Err(InvalidToken),
        }
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

impl TokenHash {
    /// Reads a hash from the database.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Returns the 32 bytes that the store keeps.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_survives_the_way_through_a_url() {
        let token = Token::generate();
        let text = token.expose();

        assert_eq!(text.len(), 43);
        let read: Token = text.parse().unwrap();
        assert_eq!(read.hash(TokenPurpose::ResetPassword), token.hash(TokenPurpose::ResetPassword));
    }

    /// RST-13.
    #[test]
    fn truncated_overlong_and_foreign_texts_are_no_tokens() {
        let text = Token::generate().expose().to_string();
        for wrong in ["", &text[1..], &format!("{text}A"), &"ä".repeat(43), &"A".repeat(10_000)] {
            assert_eq!(wrong.parse::<Token>().unwrap_err(), InvalidToken);
        }
    }

    /// LGG-06.
    #[test]
    fn a_token_does_not_print_itself() {
        let token = Token::generate();
        let shown = format!("{token:?} {:?}", token.hash(TokenPurpose::ResetPassword));
        assert_eq!(shown, "Token(…) TokenHash(…)");
    }

    /// RST-08.
    #[test]
    fn a_token_is_another_for_each_purpose() {
        let token = Token::generate();

        let [reset, proof, compromise_report] = [
            TokenPurpose::ResetPassword,
            TokenPurpose::ProveAddress,
            TokenPurpose::CompromiseReport,
        ]
        .map(|it| token.hash(it));

        assert!(reset != proof && proof != compromise_report && compromise_report != reset);
        assert_ne!(reset.as_bytes().as_slice(), Sha256::digest(token.0.as_slice()).as_slice());
    }
}
