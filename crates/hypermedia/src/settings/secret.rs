//! The secret from which keys are derived, as the operator gives it or as it is made
//! for a desk. Prints nothing of itself and is wiped when dropped.

use std::{
    fmt::{self, Write as _},
    fs::{self, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
    process,
};

use auth::keys::{MIN_SECRET_BYTES, SecretKey};
use domain::random;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::SettingsError;

const FILE: &str = "secret_key";

/// Fewest different bytes of a text that can be random.
const MIN_DIFFERENT: usize = 10;

/// Words that stand in sample configurations and in no random text.
const SAMPLE_WORDS: [&str; 8] =
    ["change", "example", "insecure", "password", "placeholder", "replace", "sample", "secret"];

/// A configured secret.
#[derive(Clone, Deserialize)]
#[serde(from = "String")]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// The key, for the setting `name`.
    pub(super) fn to_key(&self, name: &str) -> Result<SecretKey, SettingsError> {
        SecretKey::new(self.0.as_bytes().to_vec()).map_err(|_| too_short(name))
    }

    /// Whether it looks copied or made up instead of drawn.
    pub fn is_guessable(&self) -> bool {
        let text = Zeroizing::new(self.0.to_ascii_lowercase());
        let mut bytes = Zeroizing::new(self.0.as_bytes().to_vec());
        bytes.sort_unstable();
        bytes.dedup();
        bytes.len() < MIN_DIFFERENT || SAMPLE_WORDS.iter().any(|word| text.contains(word))
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

fn too_short(name: &str) -> SettingsError {
    SettingsError::new(
        name,
        format_args!(
            "is too short; set {MIN_SECRET_BYTES} bytes or more, such as the output of \
             `openssl rand -base64 48`"
        ),
    )
}

/// The secret in `folder`, which is created if it is missing.
pub(super) fn kept_in(folder: &Path, variable: &str) -> Result<SecretKey, SettingsError> {
    let path = folder.join(FILE);
    let text = match fs::read_to_string(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            make(folder, &path).and_then(|()| fs::read_to_string(&path))
        }
        read => read,
    };
    let text = text.map(Zeroizing::new).map_err(|error| {
        let path = path.display();
        SettingsError::new(
            "secret_key",
            format_args!("cannot be kept in {path} ({error}); set {variable}"),
        )
    })?;
    SecretKey::new(text.trim().as_bytes().to_vec()).map_err(|_| {
        let path = path.display();
        SettingsError::new("secret_key", format_args!("in {path} is too short; remove the file"))
    })
}

/// Writes a fresh secret beside `path` and moves it there, unless another process was first: every
/// reader reads a complete secret, and all read the same.
fn make(folder: &Path, path: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let draft = folder.join(format!("{FILE}.{}", process::id()));
    let mut text = Zeroizing::new(String::new());
    for byte in random::bytes::<MIN_SECRET_BYTES>() {
        let _ = write!(text, "{byte:02x}");
    }
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}
