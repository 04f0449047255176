//! Searches for a secret in stored bytes, in every encoding that it may have: text, the hex digits
//! of a BLOB, base64, or decoded.
//!
//! A search without a result proves something only if it finds values that are there. Therefore
//! [`assert_kept_out`] takes values that are stored besides those that are not.

use std::path::Path;

use base64::{
    Engine,
    prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD},
};

/// Shorter values would match by chance.
const MIN_SECRET: usize = 8;
/// The most bytes of a word that is kept, with the character after it. Tokens of 256 bits have 43
/// characters.
const MAX_WORD: usize = 40;

/// Bytes to search in, with a name for messages.
#[derive(Clone, Debug)]
pub struct Haystack {
    name: String,
    /// One character per byte.
    bytes: String,
}

impl Haystack {
    /// Wraps these bytes.
    pub fn of(name: &str, bytes: &[u8]) -> Self {
        Self { name: name.to_owned(), bytes: characters(bytes) }
    }

    /// Reads each file in this folder.
    pub fn files(folder: &Path) -> Vec<Self> {
        let entries = std::fs::read_dir(folder).expect("a folder");
        let paths = entries.map(|entry| entry.expect("an entry").path());
        let files = paths.filter(|path| path.is_file());
        let read = |path: std::path::PathBuf| {
            Self::of(&path.display().to_string(), &std::fs::read(&path).expect("a file"))
        };
        files.map(read).collect()
    }

    /// Whether the bytes contain the value in any encoding.
    pub fn holds(&self, value: &str) -> bool {
        spellings(value).iter().any(|spelling| self.bytes.contains(spelling.as_str()))
    }

    /// Returns the text around the value, to show where it comes from.
    fn around(&self, value: &str) -> String {
        let places = spellings(value).into_iter().filter_map(|it| self.bytes.find(&it)).min();
        let before = self.bytes[..places.unwrap_or(0)].chars().rev().take(200).count();
        let start = places.map_or(0, |at| self.bytes[..at].chars().count() - before);
        self.bytes.chars().skip(start).take(400).collect()
    }
}

/// The page without its tokens, which are random: a short word may stand in them by chance.
pub fn without_tokens(page: &str) -> String {
    let is_of_token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let words = page.split_inclusive(|c| !is_of_token(c));
    words.filter(|word| word.len() <= MAX_WORD).collect()
}

/// Asserts that none of the secrets is found anywhere, and that each of the other values is found
/// somewhere by the same search.
#[track_caller]
pub fn assert_kept_out(haystacks: &[Haystack], secrets: &[&str], kept: &[&str]) {
    assert!(!kept.is_empty(), "without a value that is kept the search proves nothing");
    for value in kept {
        assert!(haystacks.iter().any(|haystack| haystack.holds(value)), "{value} is not found");
    }
    for secret in secrets {
        assert!(secret.len() >= MIN_SECRET, "{secret:?} is too short to look for");
        let found = haystacks.iter().find(|haystack| haystack.holds(secret));
        let found = found.map(|found| (&found.name, found.around(secret)));
        assert!(found.is_none(), "{secret} is in {found:?}");
    }
}

/// Returns the encodings of the value: its bytes, and the bytes that it encodes in base64 or hex,
/// each as text, hex and base64.
fn spellings(value: &str) -> Vec<String> {
    let decoded = [BASE64_URL_SAFE_NO_PAD.decode(value).ok(), from_hex(value)];
    let decoded = decoded.into_iter().flatten().filter(|bytes| bytes.len() >= MIN_SECRET);
    let mut all = Vec::new();
    for bytes in std::iter::once(value.as_bytes().to_vec()).chain(decoded) {
        let hex = to_hex(&bytes);
        all.extend([characters(&bytes), hex.to_uppercase(), hex]);
        all.extend([BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD].iter().flat_map(|engine| {
            // Bytes before the value shift the base64 digits. Digits that it shares with neighbours
            // are left out.
            (0..3).map(|shift| {
                let digits = engine.encode([&vec![0; shift], &bytes[..]].concat());
                let (first, last) = ([0, 2, 3][shift], ((shift + bytes.len()) * 8) / 6);
                digits[first..last].to_owned()
            })
        }));
    }
    all
}

fn to_hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect()
}

fn from_hex(digits: &str) -> Option<Vec<u8>> {
    let digits = digits.as_bytes();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    digits.len().is_multiple_of(2).then(|| digits.chunks(2).map(byte).collect())?
}

fn characters(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Backend,
        support::{database::Database, postgres},
    };

    const TOKEN: &str = "q83vEjRWeJCrze8SNFZ4kA";

    #[test]
    fn a_value_is_found_in_each_spelling() {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(TOKEN).unwrap();
        let hex = to_hex(&bytes).to_uppercase();
        for haystack in [
            TOKEN.as_bytes().to_vec(),
            bytes.clone(),
            hex.clone().into_bytes(),
            hex.to_lowercase().into_bytes(),
            BASE64_STANDARD_NO_PAD.encode(&bytes).into_bytes(),
            BASE64_URL_SAFE_NO_PAD.encode([b"x", TOKEN.as_bytes(), b"y"].concat()).into_bytes(),
            BASE64_URL_SAFE_NO_PAD.encode([b"xx", &bytes[..]].concat()).into_bytes(),
        ] {
            let haystack = Haystack::of("a", &[b"\xff=", &haystack[..], b"."].concat());
            assert!(haystack.holds(TOKEN), "{haystack:?}");
            assert!(!haystack.holds("another value"), "{haystack:?}");
        }
        assert!(
            Haystack::of("a", &bytes).holds(&hex)
                && Haystack::of("a", TOKEN.as_bytes()).holds(TOKEN)
        );
    }

    /// The same search finds a value stored as TEXT and as BLOB, in the rows of both databases and
    /// in the file of SQLite.
    #[tokio::test]
    async fn a_value_is_found_in_a_database_as_text_and_as_blob() {
        for backend in Backend::available() {
            let folder = tempfile::tempdir().unwrap();
            let (url, blob) = match backend {
                Backend::Sqlite => {
                    (format!("sqlite://{}/a.db?mode=rwc", folder.path().display()), "BLOB")
                }
                Backend::Postgres => (postgres::create_database().await, "BYTEA"),
            };
            let database = Database::connect(&url).await;
            database.execute(&format!("CREATE TABLE a (x TEXT, y {blob})")).await;
            let hex = to_hex(TOKEN.as_bytes());
            let literal = match backend {
                Backend::Sqlite => format!("x'{hex}'"),
                Backend::Postgres => format!("'\\x{hex}'"),
            };
            for row in [format!("('{TOKEN}', NULL)"), format!("(NULL, {literal})")] {
                database.execute("DELETE FROM a").await;
                let nothing = database.haystacks().await;
                assert_kept_out(
                    &[&nothing[..], &[Haystack::of("b", b"kept")]].concat(),
                    &[TOKEN],
                    &["kept"],
                );
                database.execute(&format!("INSERT INTO a VALUES {row}")).await;

                assert_kept_out(&database.haystacks().await, &[], &[TOKEN]);
                if backend == Backend::Sqlite {
                    assert_kept_out(&Haystack::files(folder.path()), &[], &[TOKEN]);
                }
            }
        }
    }
}
