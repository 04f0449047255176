//! Which request an event belongs to, also where another task does the request's work:
//! a span that begins in a request belongs to it, wherever it is entered later.

use std::sync::Arc;

use tracing::{Subscriber, span};
use tracing_subscriber::{
    Layer,
    fmt::{FmtContext, FormatFields},
    layer::Context,
    registry::LookupSpan,
};

use crate::middleware::{RequestContext, TraceId, with_current};

/// Notes at each span the request in which it begins.
pub(super) struct SpanOrigins;

/// The request that a span belongs to.
struct Origin(Arc<RequestContext>);

impl<S> Layer<S> for SpanOrigins
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn on_new_span(&self, _: &span::Attributes<'_>, id: &span::Id, context: Context<'_, S>) {
        let origin = with_current(|request_context| Origin(Arc::clone(request_context)));
        if let (Some(origin), Some(span)) = (origin, context.span(id)) {
            span.extensions_mut().insert(origin);
        }
    }
}

/// Hands over the ids of the request that the event belongs to, and of its trace, if it
/// belongs to one.
pub(super) fn with_origin<S, N, T>(
    context: &FmtContext<'_, S, N>,
    mut read: impl FnMut(&str, Option<&str>) -> T,
) -> Option<T>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    let mut read = |request_context: &Arc<RequestContext>| {
        read(request_context.id.as_str(), request_context.trace_id.as_ref().map(TraceId::as_str))
    };
    with_current(&mut read).or_else(|| {
        let mut spans = context.event_scope()?;
        spans.find_map(|span| Some(read(&span.extensions().get::<Origin>()?.0)))
    })
}
