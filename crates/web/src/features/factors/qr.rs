//! Draws a QR code as an SVG with one path, which needs neither an inline style nor an image file.

use std::fmt::Write;

use maud::{Markup, html};
use qrcodegen::{QrCode, QrCodeEcc};

/// The width of the quiet zone around a code, in modules (ISO/IEC 18004).
const QUIET: i32 = 4;

/// Returns the QR code of the text, or `None` if the text is too long.
pub(super) fn svg(text: &str, label: &str) -> Option<Markup> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let size = code.size() + 2 * QUIET;
    let size = size.to_string();
    Some(html! {
        svg.qr role="img" aria-label=(label) viewBox={ "0 0 " (size) " " (size) }
            width="240" height="240" shape-rendering="crispEdges" {
            rect width=(size) height=(size) fill="#fff" {}
            path d=(path(&code)) fill="#000" {}
        }
    })
}

/// Returns the SVG path data, with one rectangle for each horizontal run of dark modules.
fn path(code: &QrCode) -> String {
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let start = x;
            while code.get_module(x, y) {
                x += 1;
            }
            if x > start {
                let (left, top, width) = (start + QUIET, y + QUIET, x - start);
                let _ = write!(path, "M{left} {top}h{width}v1h-{width}z");
            }
            x += 1;
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The number of dark modules that the path covers.
    fn covered(path: &str) -> i32 {
        let widths = path.split('h').skip(1).filter(|run| !run.starts_with('-'));
        widths.map(|run| run.split('v').next().unwrap().parse::<i32>().unwrap()).sum()
    }

    #[test]
    fn the_path_covers_each_dark_module_once() {
        let code = QrCode::encode_text("otpauth://totp/A:mia", QrCodeEcc::Medium).unwrap();
        let all = (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (x, y)));
        let dark = all.filter(|(x, y)| code.get_module(*x, *y)).count();

        assert_eq!(covered(&path(&code)), i32::try_from(dark).unwrap());
        let svg = svg("otpauth://totp/A:mia", "A \"code\"").unwrap().into_string();
        assert!(svg.contains("aria-label=\"A &quot;code&quot;\"") && !svg.contains("style"));
        assert!(super::svg(&"a".repeat(4_000), "").is_none());
    }
}
