//! The PEM file of a private CA that may have issued the certificate of the mail server. It is read
//! with the settings: one that cannot be used stops the start.

use std::{fmt, path::PathBuf};

use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use serde::Deserialize;

/// The certificates in a file, one or more.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct CaFile {
    path: PathBuf,
    certificates: Vec<CertificateDer<'static>>,
}

/// A file that cannot be read, or holds something else than certificates in PEM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("names no file with certificates in PEM that can be read")]
pub struct InvalidCaFile;

impl CaFile {
    /// The certificates.
    pub(super) fn certificates(&self) -> impl Iterator<Item = CertificateDer<'static>> {
        self.certificates.iter().cloned()
    }
}

impl TryFrom<String> for CaFile {
    type Error = InvalidCaFile;

    fn try_from(path: String) -> Result<Self, InvalidCaFile> {
        let path = PathBuf::from(path);
        let found = CertificateDer::pem_file_iter(&path).map_err(|_| InvalidCaFile)?;
        let certificates = found.collect::<Result<Vec<_>, _>>().map_err(|_| InvalidCaFile)?;
        let (good, bad) =
            RootCertStore::empty().add_parsable_certificates(certificates.iter().cloned());
        if good == 0 || bad > 0 {
            return Err(InvalidCaFile);
        }
        Ok(Self { path, certificates })
    }
}

impl fmt::Display for CaFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.display().fmt(f)
    }
}
