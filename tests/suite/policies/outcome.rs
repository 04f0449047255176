//! What comes of a request, by the policy of its route and by who asks.

use tests::Answer;
use web::{Policy, RouteInfo};

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Visitor {
    Anonymous,
    User,
    Admin,
}

/// What has to come of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The handler answers.
    Served,
    /// To the profile.
    Profile,
    /// To the log-in page.
    LogIn,
    /// No.
    Forbidden,
}

fn by_policy(policy: Policy, visitor: Visitor) -> Outcome {
    let is_for_all = matches!(policy, Policy::Anyone | Policy::Anonymous);
    match (policy, visitor) {
        (Policy::Anonymous, Visitor::User | Visitor::Admin) => Outcome::Profile,
        (Policy::Permission(_) | Policy::RecentPermission(_), Visitor::User) => Outcome::Forbidden,
        (_, Visitor::Anonymous) if !is_for_all => Outcome::LogIn,
        (_, Visitor::Anonymous | Visitor::User | Visitor::Admin) => Outcome::Served,
    }
}

/// What has to come of a request to `route`.
pub(super) fn expected(route: &RouteInfo, visitor: Visitor, is_partial: bool) -> Outcome {
    let is_user = visitor != Visitor::Anonymous;
    match (route.path, is_user, is_partial) {
        ("/account-deletion/cancel" | "/settings", true, _) => Outcome::Profile,
        // Nothing: what is typed behind a mailed link stays.
        ("/signup/check", true, _) => Outcome::Served,
        // No log-in waits for its second step.
        ("/login/second", false, false)
        // It leads to a page for users, and htmx is led all the way.
        | ("/.well-known/change-password", false, true) => Outcome::LogIn,
        _ => by_policy(route.policy, visitor),
    }
}

/// What came of it, as the transport has to say it.
pub(super) fn outcome_of(answer: &Answer, is_partial: bool) -> Option<Outcome> {
    let to = |name| answer.header(name).unwrap_or_default();
    let is_log_in = |path: &str| path == "/login" || path.starts_with("/login?next=");
    match (answer.status(), is_partial) {
        (303, false) if to("location") == "/profile" => Some(Outcome::Profile),
        (303, false) if is_log_in(to("location")) => Some(Outcome::LogIn),
        (200, true) if to("hx-push-url") == "/profile" => Some(Outcome::Profile),
        (401, true) if is_log_in(to("hx-redirect")) => {
            assert!(answer.body.is_empty(), "nothing is to be swapped");
            Some(Outcome::LogIn)
        }
        (403, false) if answer.body.starts_with("<!DOCTYPE") => Some(Outcome::Forbidden),
        (403, true) if to("hx-retarget") == "#alerts" => Some(Outcome::Forbidden),
        (200 | 204 | 400 | 410 | 422 | 429, _) | (303, false) => Some(Outcome::Served),
        _ => None,
    }
}
