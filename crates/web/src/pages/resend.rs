//! Sends a form again that was held while its sender gave the password: through its own
//! route, guard and all, in the session that is renewed for it.
//!
//! Renewing, taking the form and doing what it says go on to the end whether or not
//! somebody still waits for the answer: what was taken is not lost half way.

use std::sync::Arc;

use auth::HeldForm;
use poem::{
    Endpoint, IntoResponse, Request, Response, Route,
    http::{Method, Uri},
};
use tracing::Instrument;

use super::answered;
use crate::{
    answer::{Answer, Resending},
    error::Error,
    extract::{FORM_TYPE, LocalPath},
    features::sudo,
    middleware::RawBody,
    ui::FieldName,
    visit::Visit,
};

/// What came of it, and the visit that it belongs to.
pub(super) async fn resend(
    routes: &Arc<Route>,
    visit: &Arc<Visit>,
    resending: Arc<Resending>,
) -> (Arc<Visit>, Response) {
    let (routes, visit) = (Arc::clone(routes), Arc::clone(visit));
    let sending = async move {
        match send(&routes, &visit, &resending).await {
            Ok(sent) => sent,
            Err(instead) => (visit, instead.into_response()),
        }
    };
    match tokio::spawn(sending.instrument(tracing::error_span!("resend"))).await {
        Ok(sent) => sent,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

async fn send(
    routes: &Route,
    visit: &Visit,
    resending: &Resending,
) -> Result<(Arc<Visit>, Response), Answer> {
    let Resending { form, proof } = resending;
    let principal = visit.principal.as_ref().ok_or_else(Answer::log_in)?;
    let confirmed =
        visit.accounts().confirm_password(principal, proof, Some(form), &visit.client()).await;
    let confirmed = confirmed.map_err(|error| sudo::refuse(visit, error))?;
    let Some(form) = &confirmed.form else {
        // Another window was faster; its page says what came of it.
        return Err(Answer::redirect(LocalPath::of("/profile")).renew_session(confirmed.session));
    };
    let visit = Arc::new(visit.renew(&form.path, &confirmed.session));
    let mut request = request(&visit, form).ok_or_else(|| Answer::from(Error::NotFound))?;
    request.set_data(Arc::clone(&visit));
    let response = answered(routes.call(request).await);
    Ok((visit, response))
}

/// What the visitor's browser would send.
fn request(visit: &Visit, form: &HeldForm) -> Option<Request> {
    let mut fields = form_urlencoded::Serializer::new(String::new());
    fields.extend_pairs(&form.fields);
    fields.append_pair(FieldName::CsrfToken.as_str(), visit.csrf.token());
    let uri: Uri = form.path.parse().ok()?;
    let request = Request::builder().method(Method::POST).uri(uri).content_type(FORM_TYPE);
    let mut request = request.finish();
    request.set_data(RawBody(fields.finish().into()));
    Some(request)
}
