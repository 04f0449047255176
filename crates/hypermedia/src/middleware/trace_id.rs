//! The trace that a request belongs to, as a trusted proxy names it in `traceparent` (W3C Trace
//! Context, level 1). Its id goes into the log, so that the lines are found beside those of the
//! proxy. The header of any other peer is ignored: visitors could write into the traces of others.

use poem::http::{HeaderMap, HeaderName};

const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const TRACE_ID_LENGTH: usize = 32;
const PARENT_ID_LENGTH: usize = 16;
/// `version-trace_id-parent_id-flags`.
const LENGTH: usize = 2 + 1 + TRACE_ID_LENGTH + 1 + PARENT_ID_LENGTH + 1 + 2;

/// The id of a trace: 32 hexadecimal digits, not all of them zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceId(Box<str>);

impl TraceId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads the id from the header, if that is well-formed and there once. The caller has checked that
    /// a trusted proxy sent it.
    pub(super) fn from_proxy(headers: &HeaderMap) -> Option<Self> {
        let mut lines = headers.get_all(TRACEPARENT).iter();
        let (Some(line), None) = (lines.next(), lines.next()) else { return None };
        parse(line.to_str().ok()?).map(|id| Self(id.into()))
    }
}

fn parse(text: &str) -> Option<&str> {
    let (known, rest) = text.split_at_checked(LENGTH)?;
    let mut parts = known.split('-');
    let version = hex(parts.next()?, 2)?;
    let trace_id = hex(parts.next()?, TRACE_ID_LENGTH)?;
    let parent_id = hex(parts.next()?, PARENT_ID_LENGTH)?;
    hex(parts.next()?, 2)?;
    let is_whole = parts.next().is_none();
    // A later version may add fields behind the flags; `ff` is no version.
    let is_version = if version == "00" { rest.is_empty() } else { version != "ff" };
    let is_continued = rest.is_empty() || rest.starts_with('-');
    let is_named = [trace_id, parent_id].iter().all(|id| id.bytes().any(|b| b != b'0'));
    (is_whole && is_version && is_continued && is_named).then_some(trace_id)
}

/// Lower-case digits, as the standard has them.
fn hex(text: &str, length: usize) -> Option<&str> {
    let is_hex = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    (is_hex && text.len() == length).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::middleware::testing::request_from;

    const ID: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

    /// LGG-05.
    #[test]
    fn the_id_of_a_trace_is_read_from_a_well_formed_header_alone() {
        for well_formed in [
            format!("00-{ID}-00f067aa0ba902b7-01"),
            format!("00-{ID}-00f067aa0ba902b7-00"),
            format!("cc-{ID}-00f067aa0ba902b7-01"),
            format!("cc-{ID}-00f067aa0ba902b7-01-what-comes-later"),
        ] {
            assert_eq!(parse(&well_formed), Some(ID), "{well_formed}");
        }
        let upper = ID.to_uppercase();
        for malformed in [
            String::new(),
            ID.to_owned(),
            format!("00-{ID}-00f067aa0ba902b7"),
            format!("00-{ID}-00f067aa0ba902b7-01-more"),
            format!("00-{ID}-00f067aa0ba902b7-011"),
            format!("ff-{ID}-00f067aa0ba902b7-01"),
            format!("0-{ID}-00f067aa0ba902b7-001"),
            format!("00-{upper}-00f067aa0ba902b7-01"),
            format!("00-{ID}-0000000000000000-01"),
            format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32)),
            format!("00-{ID}-00f067aa0ba902b7-0g"),
            format!("00_{ID}_00f067aa0ba902b7_01"),
            format!("00-{}-00f067aa0ba902b7-01", "\u{e9}".repeat(16)),
            format!(" 00-{ID}-00f067aa0ba902b7-01"),
        ] {
            assert_eq!(parse(&malformed), None, "{malformed}");
        }
    }

    #[test]
    fn a_header_that_comes_twice_names_no_trace() {
        let line = format!("00-{ID}-00f067aa0ba902b7-01");
        let of = |count| {
            let headers = vec![("traceparent", line.as_str()); count];
            TraceId::from_proxy(request_from("192.0.2.1", &headers).headers())
        };

        assert_eq!(of(1).as_ref().map(TraceId::as_str), Some(ID));
        assert_eq!((of(0), of(2)), (None, None));
    }
}
