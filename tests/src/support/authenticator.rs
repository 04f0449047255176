//! A software authenticator with hand-made CBOR: it makes passkeys and uses them as a security key
//! with a PIN does, and lies where a test wants it to.
//!
//! It speaks the JSON of `toJSON`, so that a test can put its answers into a form. The oracle for
//! it is Chromium: the same server accepts its virtual authenticator.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ring::{
    digest::{SHA256, digest},
    rand::{SecureRandom, SystemRandom},
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value, json};
use url::Url;

/// The user is present.
pub const PRESENT: u8 = 0x01;
/// The user is verified, by a PIN or a biometric.
pub const VERIFIED: u8 = 0x04;
/// The passkey may be copied to other devices.
pub const BACKUP_ELIGIBLE: u8 = 0x08;
/// The passkey is copied to other devices.
pub const BACKED_UP: u8 = 0x10;
/// The data contain a new credential.
const ATTESTED: u8 = 0x40;

/// An authenticator with one passkey at most. Its public fields are what it tells the site.
#[derive(Debug)]
pub struct Authenticator {
    /// The origin of the page that asks it.
    pub origin: String,
    /// The id of the relying party, the hash of which it signs.
    pub rp_id: String,
    /// The flags, without the one for a new credential.
    pub flags: u8,
    /// The number of signatures; each answer adds one, unless it is 0.
    pub counter: u32,
    /// The algorithm of the key, as in COSE.
    pub algorithm: i8,
    /// The model.
    pub aaguid: [u8; 16],
    /// The id of the credential.
    pub credential_id: Vec<u8>,
    /// The user that the credential belongs to.
    pub user_handle: Vec<u8>,
    /// The type of the client data, in place of the right one.
    pub kind: Option<&'static str>,
    key: Vec<u8>,
}

impl Authenticator {
    /// Makes an authenticator without a passkey, used on a page of the site.
    pub fn new(site: &Url) -> Self {
        Self {
            origin: site.origin().ascii_serialization(),
            rp_id: site.host_str().expect("a host").to_owned(),
            flags: PRESENT | VERIFIED,
            counter: 1,
            algorithm: -7,
            aaguid: [0; 16],
            credential_id: random(32),
            user_handle: Vec::new(),
            kind: None,
            key: new_key(),
        }
    }

    /// Returns a copy with the same private key and counter, as a thief has it.
    #[must_use]
    pub fn copied(&self) -> Self {
        Self {
            origin: self.origin.clone(),
            rp_id: self.rp_id.clone(),
            credential_id: self.credential_id.clone(),
            user_handle: self.user_handle.clone(),
            key: self.key.clone(),
            ..*self
        }
    }

    /// Replaces the private key, so that signatures are by another.
    pub fn replace_key(&mut self) {
        self.key = new_key();
    }

    /// Answers a request for a new passkey.
    pub fn create(&mut self, options: &str) -> String {
        let options: Value = serde_json::from_str(options).expect("JSON");
        self.user_handle = decoded(&options["user"]["id"]);
        let data = self.attested_data();
        let mut attestation = vec![0xa3, 0x63];
        attestation.extend(b"fmt\x64none\x67attStmt\xa0\x68authData\x58");
        attestation.push(u8::try_from(data.len()).expect("short data"));
        attestation.extend(data);
        json!({
            "id": encoded(&self.credential_id),
            "rawId": encoded(&self.credential_id),
            "type": "public-key",
            "response": {
                "clientDataJSON": encoded(&self.client_data("webauthn.create", &options)),
                "attestationObject": encoded(&attestation),
                "transports": ["internal"],
            },
            "clientExtensionResults": { "credProps": { "rk": true } },
        })
        .to_string()
    }

    /// Answers a request for the use of a passkey.
    pub fn get(&mut self, options: &str) -> String {
        let options: Value = serde_json::from_str(options).expect("JSON");
        if self.counter > 0 {
            self.counter += 1;
        }
        let (data, client) = (self.data(self.flags), self.client_data("webauthn.get", &options));
        let signed = [data.as_slice(), digest(&SHA256, &client).as_ref()].concat();
        json!({
            "id": encoded(&self.credential_id),
            "rawId": encoded(&self.credential_id),
            "type": "public-key",
            "response": {
                "clientDataJSON": encoded(&client),
                "authenticatorData": encoded(&data),
                "signature": encoded(&self.sign(&signed)),
                "userHandle": encoded(&self.user_handle),
            },
            "clientExtensionResults": {},
        })
        .to_string()
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let kind = self.kind.unwrap_or(kind);
        let client = json!({
            "type": kind,
            "challenge": options["challenge"],
            "origin": self.origin,
            "crossOrigin": false,
        });
        client.to_string().into_bytes()
    }

    fn data(&self, flags: u8) -> Vec<u8> {
        let hash = digest(&SHA256, self.rp_id.as_bytes());
        [hash.as_ref(), &[flags], &self.counter.to_be_bytes()].concat()
    }

    /// The data with the public key as a COSE map: key type, algorithm, curve, and both
    /// coordinates.
    fn attested_data(&self) -> Vec<u8> {
        let key = self.key_pair();
        let (x, y) = key.public_key().as_ref()[1..].split_at(32);
        let length = u16::try_from(self.credential_id.len()).expect("a short id");
        let algorithm = u8::try_from(-1 - self.algorithm).expect("a negative number");
        let mut data = self.data(self.flags | ATTESTED);
        data.extend(self.aaguid);
        data.extend(length.to_be_bytes());
        data.extend(&self.credential_id);
        data.extend([0xa5, 0x01, 0x02, 0x03]);
        data.extend(negative(algorithm));
        data.extend([0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend(x);
        data.extend([0x22, 0x58, 0x20]);
        data.extend(y);
        data
    }

    fn sign(&self, data: &[u8]) -> Vec<u8> {
        let signature = self.key_pair().sign(&SystemRandom::new(), data);
        signature.expect("a signature").as_ref().to_vec()
    }

    fn key_pair(&self) -> EcdsaKeyPair {
        let algorithm = &ECDSA_P256_SHA256_ASN1_SIGNING;
        EcdsaKeyPair::from_pkcs8(algorithm, &self.key, &SystemRandom::new()).expect("a key")
    }
}

/// A negative number in CBOR, by what it is below -1.
fn negative(below: u8) -> Vec<u8> {
    if below < 24 { vec![0x20 | below] } else { vec![0x38, below] }
}

fn new_key() -> Vec<u8> {
    let algorithm = &ECDSA_P256_SHA256_ASN1_SIGNING;
    let key = EcdsaKeyPair::generate_pkcs8(algorithm, &SystemRandom::new()).expect("a key");
    key.as_ref().to_vec()
}

fn random(length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    SystemRandom::new().fill(&mut bytes).expect("random bytes");
    bytes
}

fn encoded(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

fn decoded(text: &Value) -> Vec<u8> {
    BASE64_URL_SAFE_NO_PAD.decode(text.as_str().unwrap_or_default()).expect("base64url")
}
