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

use crate::middleware::RequestContext;

/// Notes at each span the request in which it begins.
pub(super) struct SpanOrigins;

/// The request that a span belongs to.
struct Origin(Arc<RequestContext>);

impl<S> Layer<S> for SpanOrigins
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn on_new_span(&self, _: &span::Attributes<'_>, id: &span::Id, context: Context<'_, S>) {
        if let (Some(origin), Some(span)) = (RequestContext::current(), context.span(id)) {
            span.extensions_mut().insert(Origin(origin));
        }
    }
}

/// The request that the event belongs to, if it belongs to one.
pub(super) fn origin<S, N>(context: &FmtContext<'_, S, N>) -> Option<Arc<RequestContext>>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    RequestContext::current().or_else(|| {
        let mut spans = context.event_scope()?;
        spans.find_map(|span| Some(Arc::clone(&span.extensions().get::<Origin>()?.0)))
    })
}
