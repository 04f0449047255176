//! How a line of the log is written: for people, or as one JSON object. Both name the
//! request in which the event happened.
//!
//! The JSON formatter of `tracing-subscriber` can name the request only within a span,
//! and leaves some control characters as they are.
//!
//! Threat: line breaks and terminal escapes in what visitors send, which forge or
//! hide lines (LGG-03).

use std::{
    fmt,
    io::{self, Write},
};

use serde::Serialize;
use serde_json::ser::Formatter;
use tracing::{Event, Subscriber};
use tracing_serde::fields::{AsMap, SerializeFieldMap};
use tracing_subscriber::{
    fmt::{
        FmtContext, FormatEvent, FormatFields,
        format::{Format, Full, Writer},
        time::{FormatTime, SystemTime},
    },
    registry::LookupSpan,
};

use super::origin::origin;
use crate::middleware::TraceId;

/// A line for people.
pub(super) struct Pretty(Format<Full, ()>);

/// A line for machines.
pub(super) struct Json;

impl Pretty {
    pub(super) fn new() -> Self {
        Self(Format::default().without_time())
    }
}

impl<S, N> FormatEvent<S, N> for Pretty
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        SystemTime.format_time(&mut writer)?;
        if let Some(origin) = origin(context) {
            write!(writer, " {}", origin.id.as_str())?;
            if let Some(trace_id) = &origin.trace_id {
                write!(writer, " trace_id={}", trace_id.as_str())?;
            }
        }
        self.0.format_event(context, writer, event)
    }
}

impl<S, N> FormatEvent<S, N> for Json
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut timestamp = String::new();
        SystemTime.format_time(&mut Writer::new(&mut timestamp))?;
        let origin = origin(context);
        let line = Line {
            timestamp: &timestamp,
            level: event.metadata().level().as_str(),
            target: event.metadata().target(),
            request_id: origin.as_ref().map(|origin| origin.id.as_str()),
            trace_id: origin
                .as_ref()
                .and_then(|origin| origin.trace_id.as_ref())
                .map(TraceId::as_str),
            fields: event.field_map(),
        };
        let mut json = Vec::new();
        line.serialize(&mut serde_json::Serializer::with_formatter(&mut json, Printable))
            .map_err(|_| fmt::Error)?;
        writeln!(writer, "{}", str::from_utf8(&json).map_err(|_| fmt::Error)?)
    }
}

/// The members of the object.
#[derive(Serialize)]
struct Line<'a> {
    timestamp: &'a str,
    level: &'a str,
    target: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace_id: Option<&'a str>,
    #[serde(flatten)]
    fields: SerializeFieldMap<'a, Event<'a>>,
}

/// JSON on one line, with nothing in its strings that a terminal or a reader of lines could take
/// for more than text: beyond ASCII, JSON itself escapes no control character.
struct Printable;

impl Formatter for Printable {
    fn write_string_fragment<W>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()>
    where
        W: ?Sized + Write,
    {
        let mut rest = fragment;
        while let Some(at) = rest.find(is_control) {
            let (plain, special) = rest.split_at(at);
            let mut chars = special.chars();
            writer.write_all(plain.as_bytes())?;
            if let Some(c) = chars.next() {
                write!(writer, "\\u{:04x}", u32::from(c))?;
            }
            rest = chars.as_str();
        }
        writer.write_all(rest.as_bytes())
    }
}

fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}
