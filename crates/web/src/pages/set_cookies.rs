//! The cookies that an answer takes with it: the session's, the device's, the
//! flash's and the one that anonymous forms are bound to.

use auth::LoggedIn;
use domain::Principal;
use poem::{
    Response,
    http::{HeaderValue, header},
};

use crate::{
    answer::{Answer, Content, SessionChange},
    cookies::{self, Cookie},
    visit::Visit,
};

pub(super) fn set_cookies(visit: &Visit, answer: &Answer, response: &mut Response) {
    let site = &visit.site;
    let mut add = |cookie: HeaderValue| {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    };
    match (&answer.session, &visit.renewed_id, &visit.principal) {
        (SessionChange::Begin(logged_in), ..) => {
            let LoggedIn { principal, session_id, device, .. } = logged_in.as_ref();
            add(session_cookie(visit, session_id.expose(), principal));
            add(cookies::set(
                Cookie::Device,
                device.expose(),
                site.is_secure,
                Some(cookies::DEVICE_AGE),
            ));
        }
        (SessionChange::End, ..) => add(cookies::remove(Cookie::Session, site.is_secure)),
        (SessionChange::Keep, Some(id), Some(principal)) => {
            add(session_cookie(visit, id.expose(), principal));
        }
        (SessionChange::Keep, ..) => {}
    }
    let is_shown = matches!(answer.content, Content::Page(_));
    match &answer.flash {
        Some(flash) if !visit.is_partial() => {
            let value = flash.encode(site.flash_key());
            add(cookies::set(Cookie::Flash, &value, site.is_secure, Some(cookies::FLASH_AGE)));
        }
        None if is_shown && visit.flash.is_some() => {
            add(cookies::remove(Cookie::Flash, site.is_secure));
        }
        _ => {}
    }
    set_csrf_cookie(visit, response);
}

pub(super) fn set_csrf_cookie(visit: &Visit, response: &mut Response) {
    if let Some(value) = visit.csrf.new_cookie() {
        let cookie = cookies::set(Cookie::Csrf, value, visit.site.is_secure, None);
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// Without "remember me" the browser forgets the session with its window; with it,
/// when the session ends.
fn session_cookie(visit: &Visit, id: &str, principal: &Principal) -> HeaderValue {
    let now = visit.accounts().clock().now();
    let age = principal.remember.then(|| principal.expires_at - now);
    cookies::set(Cookie::Session, id, visit.site.is_secure, age)
}
