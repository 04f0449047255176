//! Requests by route, method and class of status, with how long they took.

use std::{fmt, sync::Arc, time::Duration};

use poem::{PathPattern, Response};
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{family::Family, histogram::Histogram},
    registry::{Registry, Unit},
};

/// Bounds of the buckets in seconds: around a warm page, a page that asks the database, a
/// log-in, and the time limits.
const BUCKETS: [f64; 12] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 3.0, 15.0];

/// Every label has as many values as the program has routes, methods and classes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    method: &'static str,
    route: Arc<str>,
    status: &'static str,
}

type Durations = Family<Labels, Histogram, fn() -> Histogram>;

/// Counts requests; cheap to clone.
#[derive(Clone)]
pub struct RequestMetrics {
    durations: Durations,
    unmatched: Arc<str>,
}

impl Default for RequestMetrics {
    /// No request yet.
    fn default() -> Self {
        let histogram: fn() -> Histogram = || Histogram::new(BUCKETS);
        Self { durations: Family::new_with_constructor(histogram), unmatched: "-".into() }
    }
}

impl RequestMetrics {
    /// Notes one answer.
    pub fn record(&self, method: &'static str, response: &Response, took: Duration) {
        // The pattern of a request that matched nothing below the root is empty.
        let pattern = response.data::<PathPattern>().map(|pattern| &pattern.0);
        let route = pattern.filter(|route| !route.is_empty()).unwrap_or(&self.unmatched);
        let status = class(response.status().as_u16());
        let labels = Labels { method, route: Arc::clone(route), status };
        self.durations.get_or_create(&labels).observe(took.as_secs_f64());
    }

    /// Shows them in `registry`.
    pub(super) fn register(&self, registry: &mut Registry) {
        registry.register_with_unit(
            "http_request_duration",
            "Time to answer, by pattern of the route",
            Unit::Seconds,
            self.durations.clone(),
        );
    }
}

impl fmt::Debug for RequestMetrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RequestMetrics")
    }
}

const fn class(status: u16) -> &'static str {
    match status / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}

#[cfg(test)]
mod tests {
    use poem::http::StatusCode;
    use prometheus_client::encoding::text;

    use super::*;

    #[test]
    fn an_answer_is_counted_by_route_method_and_class_of_status() {
        let metrics = RequestMetrics::default();
        let mut response = Response::builder().status(StatusCode::NOT_FOUND).finish();
        response.set_data(PathPattern("/reset-password/:token".into()));
        metrics.record("GET", &response, Duration::from_millis(4));
        metrics.record("OTHER", &Response::default(), Duration::from_mins(1));

        let mut registry = Registry::with_prefix("example");
        metrics.register(&mut registry);
        let mut body = String::new();
        text::encode(&mut body, &registry).unwrap();

        let series = "example_http_request_duration_seconds";
        let labels = "method=\"GET\",route=\"/reset-password/:token\",status=\"4xx\"";
        for line in [
            format!("{series}_count{{{labels}}} 1"),
            format!("{series}_bucket{{le=\"0.0025\",{labels}}} 0"),
            format!("{series}_bucket{{le=\"0.005\",{labels}}} 1"),
            format!("{series}_count{{method=\"OTHER\",route=\"-\",status=\"2xx\"}} 1"),
        ] {
            assert!(body.lines().any(|found| found == line), "{line} in {body}");
        }
    }
}
