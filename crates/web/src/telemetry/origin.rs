//! Which request an event belongs to, also where another task does the request's work:
//! a span that begins in a request belongs to it, wherever it is entered later.

use tracing::{Subscriber, span};
use tracing_subscriber::{
    Layer,
    fmt::{FmtContext, FormatFields},
    layer::Context,
    registry::LookupSpan,
};

use crate::middleware::with_request_id;

/// Notes at each span the request in which it begins.
pub(super) struct SpanOrigins;

/// The id of a request.
struct Origin(String);

impl<S> Layer<S> for SpanOrigins
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn on_new_span(&self, _: &span::Attributes<'_>, id: &span::Id, context: Context<'_, S>) {
        let origin = with_request_id(|id| Origin(id.to_owned()));
        if let (Some(origin), Some(span)) = (origin, context.span(id)) {
            span.extensions_mut().insert(origin);
        }
    }
}

/// Hands over the id of the request that the event belongs to, if it belongs to one.
pub(super) fn with_origin<S, N, T>(
    context: &FmtContext<'_, S, N>,
    mut read: impl FnMut(&str) -> T,
) -> Option<T>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    with_request_id(&mut read).or_else(|| {
        let mut spans = context.event_scope()?;
        spans.find_map(|span| Some(read(&span.extensions().get::<Origin>()?.0)))
    })
}
