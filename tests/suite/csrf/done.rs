//! The answer to each successful action of a permitted visitor, for tests that look at every
//! answer.

use tests::Answer;

use super::{actions, allowed, scene};

/// Returns the answer to each action, in the plain and in the partial transport.
pub(crate) async fn done() -> Vec<(String, Answer)> {
    let mut answers = Vec::new();
    for route in actions() {
        for is_partial in [false, true] {
            let (app, case) = Box::pin(scene(route.clone())).await;
            let (_other, ..) = allowed(&app, &case).await;
            let (browser, _, token) = allowed(&app, &case).await;
            let case = case.known_to(&app, &browser).await;
            let request = case.request(&browser, Some(&token));
            let request = if is_partial { request.htmx_partial() } else { request };
            let answer = request.send().await;
            assert!(matches!(answer.status(), 200 | 303), "{}: {}", case.path, answer.body);
            let what = format!("{} {} done {is_partial}", case.route.method, case.path);
            answers.push((what, answer));
        }
    }
    answers
}
