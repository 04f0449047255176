//! How a line of the log is written: for people, or as one JSON object. Both name the
//! request in which the event happened.
//!
//! The JSON is written by hand because a line is written for every request: the
//! formatter of `tracing-subscriber` takes several times as long, most of it for the
//! span that would have to carry the request's id.
//!
//! Threat: line breaks and terminal escapes in what visitors send, which forge or
//! hide lines (LGG-03).

use std::{
    cell::Cell,
    fmt::{self, Write as _},
};

use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    fmt::{
        FmtContext, FormatEvent, FormatFields,
        format::{Format, Full, Writer},
    },
    registry::LookupSpan,
};

use super::{origin::with_origin, timestamp};

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
        timestamp::write_now(&mut writer)?;
        let written = with_origin(context, |id, trace_id| {
            write!(writer, " {id}")?;
            trace_id.map_or(Ok(()), |trace_id| write!(writer, " trace_id={trace_id}"))
        });
        written.unwrap_or(Ok(()))?;
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
        // Taken out of the cell, because formatting a field may itself log a line.
        let mut line = LINE.take();
        line.clear();
        let written = write_json(&mut line, context, event);
        let written = written.and_then(|()| writer.write_str(&line));
        LINE.set(line);
        written
    }
}

thread_local! {
    /// The buffer for text that is written piece by piece: `Writer` takes longer for each piece.
    static LINE: Cell<String> = const { Cell::new(String::new()) };
}

fn write_json<S, N>(
    line: &mut String,
    context: &FmtContext<'_, S, N>,
    event: &Event<'_>,
) -> fmt::Result
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    let metadata = event.metadata();
    line.push_str("{\"timestamp\":\"");
    timestamp::write_now(line)?;
    line.push_str("\",\"level\":\"");
    line.push_str(metadata.level().as_str());
    line.push_str("\",\"target\":\"");
    Escaped(line).write_str(metadata.target())?;
    line.push('"');
    with_origin(context, |id, trace_id| {
        line.push_str(",\"request_id\":\"");
        line.push_str(id);
        line.push('"');
        if let Some(trace_id) = trace_id {
            line.push_str(",\"trace_id\":\"");
            line.push_str(trace_id);
            line.push('"');
        }
    });
    let mut fields = Fields { line, result: Ok(()) };
    event.record(&mut fields);
    fields.result?;
    line.push_str("}\n");
    Ok(())
}

/// Writes the fields of an event as members of an object.
struct Fields<'a> {
    line: &'a mut String,
    result: fmt::Result,
}

impl Fields<'_> {
    fn name(&mut self, field: &Field) -> &mut String {
        self.line.push_str(",\"");
        self.line.push_str(field.name());
        self.line.push_str("\":");
        self.line
    }

    fn text(&mut self, field: &Field, write: impl FnOnce(&mut Escaped<'_>) -> fmt::Result) {
        let line = self.name(field);
        line.push('"');
        let written = write(&mut Escaped(line));
        line.push('"');
        self.result = self.result.and(written);
    }
}

impl Visit for Fields<'_> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        if value.is_finite() {
            self.name(field).push_str(zmij::Buffer::new().format_finite(value));
        } else {
            self.text(field, |text| write!(text, "{value}"));
        }
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.name(field).push_str(itoa::Buffer::new().format(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.name(field).push_str(itoa::Buffer::new().format(value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.name(field).push_str(if value { "true" } else { "false" });
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.text(field, |text| text.write_str(value));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.text(field, |text| write!(text, "{value:?}"));
    }
}

/// Writes text as the inside of a JSON string, without anything that a terminal or a
/// reader of lines could take for more than text.
struct Escaped<'a>(&'a mut String);

impl fmt::Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // To the end in any case: a loop without a way out takes many bytes at once.
        if text.bytes().fold(true, |so_far, byte| so_far & is_plain(byte)) {
            self.0.push_str(text);
            return Ok(());
        }
        let mut rest = text;
        while let Some(at) = rest.find(needs_escape) {
            let (plain, special) = rest.split_at(at);
            self.0.push_str(plain);
            let mut chars = special.chars();
            match chars.next() {
                Some(c @ ('"' | '\\')) => self.0.extend(['\\', c]),
                Some(c) => write!(self.0, "\\u{:04x}", u32::from(c))?,
                None => {}
            }
            rest = chars.as_str();
        }
        self.0.push_str(rest);
        Ok(())
    }
}

/// Most text is plain, and checking a byte is faster than checking a character.
fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\'
}

fn needs_escape(c: char) -> bool {
    matches!(c, '"' | '\\' | '\u{2028}' | '\u{2029}') || c.is_control()
}
