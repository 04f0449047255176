//! Writes the Rust source that embeds the assets, each under a name that changes
//! with its content, as it is and compressed.

use std::{
    fmt::Write as _,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};

const HASH_BYTES: usize = 8;
const BROTLI_QUALITY: u32 = 11;
const BROTLI_WINDOW: u32 = 22;

/// A file to serve.
pub(crate) struct Asset {
    constant: &'static str,
    name: &'static str,
    path: PathBuf,
    source: Option<&'static str>,
}

impl Asset {
    /// The file at `path`, to be served under `name` and known to the code as
    /// `constant`; `source` is where it lies in the folder of assets.
    pub(crate) fn new(
        constant: &'static str,
        name: &'static str,
        path: PathBuf,
        source: Option<&'static str>,
    ) -> Self {
        Self { constant, name, path, source }
    }

    fn content_type(&self) -> &'static str {
        match self.name.rsplit('.').next() {
            Some("css") => "text/css; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("svg") => "image/svg+xml; charset=utf-8",
            _ => "application/octet-stream",
        }
    }

    /// The name with the hash before its extension.
    fn hashed_name(&self, hash: &str) -> String {
        match self.name.rsplit_once('.') {
            Some((stem, extension)) => format!("{stem}.{hash}.{extension}"),
            None => format!("{}.{hash}", self.name),
        }
    }
}

/// The source of the table; the bytes go into the folder `out`.
pub(crate) fn table(assets: &[Asset], out: &Path) -> Result<String> {
    let mut source = String::new();
    for asset in assets {
        item(&mut source, asset, out)
            .with_context(|| format!("{} cannot be embedded", asset.path.display()))?;
    }
    let names: Vec<_> = assets.iter().map(|asset| format!("&{}", asset.constant)).collect();
    writeln!(source, "pub(crate) static ALL: [&Asset; {}] = [{}];", names.len(), names.join(", "))?;
    Ok(source)
}

fn item(source: &mut String, asset: &Asset, out: &Path) -> Result<()> {
    let bytes = fs::read(&asset.path)?;
    let hash: String =
        Sha256::digest(&bytes).iter().take(HASH_BYTES).fold(String::new(), |mut hash, byte| {
            let _ = write!(hash, "{byte:02x}");
            hash
        });
    writeln!(
        source,
        "pub(crate) static {}: Asset = Asset {{ url: \"/assets/{}\", source: {:?}, \
         content_type: {:?},",
        asset.constant,
        asset.hashed_name(&hash),
        asset.source,
        asset.content_type(),
    )?;
    let encoded = [
        ("identity", "", bytes.clone()),
        ("brotli", "-br", brotli(&bytes)?),
        ("gzip", "-gz", gzip(&bytes)?),
    ];
    for (field, suffix, bytes) in encoded {
        // Beside the table, so that a relative name finds it.
        let file = format!("{}{suffix}", asset.name);
        fs::write(out.join(&file), bytes)?;
        writeln!(
            source,
            "    {field}: Encoded {{ etag: \"\\\"{hash}{suffix}\\\"\", \
             body: include_bytes!({file:?}) }},"
        )?;
    }
    writeln!(source, "}};")?;
    Ok(())
}

fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 4096, BROTLI_QUALITY, BROTLI_WINDOW);
    writer.write_all(bytes)?;
    writer.flush()?;
    Ok(writer.into_inner())
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut writer = GzEncoder::new(Vec::new(), Compression::best());
    writer.write_all(bytes)?;
    Ok(writer.finish()?)
}
