//! Sends a form again that was held while its sender gave the password: through its own
//! route, guard and all, in the session that is renewed for it.
//!
//! Renewing the session, taking the submission and carrying it out go on to the end even if the
//! client hangs up, so that a taken submission is never lost.

use std::sync::Arc;

use auth::SavedSubmission;
use poem::{
    Endpoint, IntoResponse, Request, Response, Route,
    http::{Method, Uri},
};
use tracing::Instrument;

use crate::{
    answer::{Answer, Resending},
    error::Error,
    extract::FORM_TYPE,
    middleware::RawBody,
    page_context::PageContext,
    ui::FieldName,
};

/// Sends the submission; returns its answer and the context of that.
pub(super) async fn resend(
    routes: &Arc<Route>,
    context: &Arc<PageContext>,
    resending: Arc<Resending>,
) -> (Arc<PageContext>, Response) {
    let (routes, context) = (Arc::clone(routes), Arc::clone(context));
    let sending = async move {
        match send(&routes, &context, &resending).await {
            Ok(sent) => sent,
            Err(instead) => (context, instead.into_response()),
        }
    };
    match tokio::spawn(sending.instrument(tracing::error_span!("resend"))).await {
        Ok(sent) => sent,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

async fn send(
    routes: &Route,
    context: &PageContext,
    resending: &Resending,
) -> Result<(Arc<PageContext>, Response), Answer> {
    let Resending { form, proof } = resending;
    let principal = context.principal.as_ref().ok_or_else(Answer::log_in)?;
    let confirmed = context
        .accounts()
        .sessions()
        .confirm_password(principal, proof, Some(form), &context.client())
        .await;
    let confirmed =
        confirmed.map_err(|error| (context.account_pages().password_refused)(context, error))?;
    let Some(form) = &confirmed.form else {
        // Another window was faster; its page says what came of it.
        return Err(Answer::redirect(context.landing()).renew_session(confirmed.session));
    };
    let context = Arc::new(context.renew(&form.path, &confirmed.session));
    let mut request = request(&context, form).ok_or_else(|| Answer::from(Error::NotFound))?;
    request.set_data(Arc::clone(&context));
    let response = Answer::of(routes.call(request).await);
    Ok((context, response))
}

/// The request that the visitor's browser would send.
fn request(context: &PageContext, form: &SavedSubmission) -> Option<Request> {
    let mut fields = form_urlencoded::Serializer::new(String::new());
    fields.extend_pairs(&form.fields);
    fields.append_pair(FieldName::CSRF_TOKEN.as_str(), context.csrf.token());
    let uri: Uri = form.path.parse().ok()?;
    let request = Request::builder().method(Method::POST).uri(uri).content_type(FORM_TYPE);
    let mut request = request.finish();
    request.set_data(RawBody(fields.finish().into()));
    Some(request)
}
