//! The cookies that an answer takes with it: the session's, the device's, the
//! flash's, the language's and the one that anonymous forms are bound to.

use auth::{DeviceCookie, LoggedIn, PROOF_LIFETIME, REMEMBERED_LIFETIME, session::RenewedSession};
use domain::Principal;
use poem::{
    Response,
    http::{HeaderValue, header},
};

use crate::{
    answer::{Answer, Content, PendingChange, ProofChange, SessionChange},
    cookies::{self, Cookie},
    page_context::PageContext,
};

pub(super) fn set_cookies(context: &PageContext, answer: &Answer, response: &mut Response) {
    let site = &context.site;
    match &answer.session {
        SessionChange::Begin(logged_in) => {
            let LoggedIn { principal, session_id, device, remembered, .. } = logged_in.as_ref();
            add(response, session_cookie(context, session_id.expose(), principal));
            set_device(context, device, response);
            if let Some(remembered) = remembered {
                let (value, age) = (remembered.expose(), Some(REMEMBERED_LIFETIME));
                add(response, cookies::set(Cookie::Remembered, value, site.cookie_names, age));
            }
        }
        SessionChange::Renew(renewed) => {
            let RenewedSession { principal, id } = renewed.as_ref();
            add(response, session_cookie(context, id.expose(), principal));
        }
        SessionChange::End => add(response, cookies::remove(Cookie::Session, site.cookie_names)),
        SessionChange::Keep => keep_session(context, response),
    }
    if let Some(device) = &answer.device {
        set_device(context, device, response);
    }
    set_proof(context, answer, response);
    set_reset_request(context, answer, response);
    set_pending(context, answer, response);
    let is_shown = matches!(answer.content, Content::Page(_));
    match &answer.flash {
        Some(flash) if !context.is_partial() => {
            let value = flash.encode(site.flash_key());
            let flash =
                cookies::set(Cookie::Flash, &value, site.cookie_names, Some(cookies::FLASH_AGE));
            add(response, flash);
        }
        None if is_shown && context.flash.is_some() => {
            add(response, cookies::remove(Cookie::Flash, site.cookie_names));
        }
        _ => {}
    }
    if let Some(language) = answer.language {
        let age = Some(cookies::LANGUAGE_AGE);
        add(response, cookies::set(Cookie::Language, language.tag(), site.cookie_names, age));
    }
    set_csrf_cookie(context, response);
}

/// Sets the session id that a change of role has issued: the id that the browser has is no longer
/// valid. The answer must not be cached.
pub(super) fn keep_session(context: &PageContext, response: &mut Response) {
    let (Some(id), Some(principal)) = (&context.renewed_id, &context.principal) else { return };
    add(response, session_cookie(context, id.expose(), principal));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

pub(super) fn set_csrf_cookie(context: &PageContext, response: &mut Response) {
    if let Some(value) = context.csrf.new_cookie() {
        let names = context.site.cookie_names;
        add(response, cookies::set(Cookie::Csrf, value, names, None));
        add(response, cookies::set_of_tab(value, names));
    }
}

fn set_device(context: &PageContext, device: &DeviceCookie, response: &mut Response) {
    let (device, age) = (device.expose(), Some(cookies::DEVICE_AGE));
    add(response, cookies::set(Cookie::Device, device, context.site.cookie_names, age));
}

fn set_proof(context: &PageContext, answer: &Answer, response: &mut Response) {
    let names = context.site.cookie_names;
    match &answer.proof {
        ProofChange::Keep => {}
        ProofChange::Set(cookie) => {
            let age = Some(PROOF_LIFETIME);
            add(response, cookies::set(Cookie::Proof, cookie.expose(), names, age));
        }
        ProofChange::Remove => add(response, cookies::remove(Cookie::Proof, names)),
    }
}

fn set_reset_request(context: &PageContext, answer: &Answer, response: &mut Response) {
    let site = &context.site;
    let names = site.cookie_names;
    if let Some(request) = &answer.reset_request {
        let value = request.encode(site.reset_request_key());
        let age = Some(cookies::RESET_REQUEST_AGE);
        add(response, cookies::set(Cookie::ResetRequest, &value, names, age));
    } else if let (SessionChange::Begin(_), Some(_)) = (&answer.session, &context.reset_request) {
        add(response, cookies::remove(Cookie::ResetRequest, names));
    }
}

fn set_pending(context: &PageContext, answer: &Answer, response: &mut Response) {
    let names = context.site.cookie_names;
    let begins = matches!(answer.session, SessionChange::Begin(_));
    match &answer.pending {
        PendingChange::Set(cookie) => {
            let (value, age) = (cookie.expose(), Some(cookies::PENDING_AGE));
            add(response, cookies::set(Cookie::PendingLogIn, value, names, age));
        }
        PendingChange::Keep if !(begins && context.pending_log_in.is_some()) => {}
        PendingChange::Keep | PendingChange::Remove => {
            add(response, cookies::remove(Cookie::PendingLogIn, names));
        }
    }
}

fn add(response: &mut Response, cookie: HeaderValue) {
    response.headers_mut().append(header::SET_COOKIE, cookie);
}

/// Without "remember me" the browser forgets the session with its window; with it,
/// when the session ends.
fn session_cookie(context: &PageContext, id: &str, principal: &Principal) -> HeaderValue {
    let now = context.accounts().clock().now();
    let age = principal.remember.then(|| principal.expires_at - now);
    cookies::set(Cookie::Session, id, context.site.cookie_names, age)
}
