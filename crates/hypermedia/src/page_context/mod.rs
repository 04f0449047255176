//! One request, as far as pages need it: the principal, the transport, and what the page has to
//! tell. The pages layer opens it before the routes, and every handler gets it.
//!
//! [`Site`] is what all requests share; [`AccountPages`] is what the account features hand to
//! it, so that nothing here depends on a feature.

mod site;

use std::sync::Arc;

use auth::{
    Accounts, Client, Fault, Freshness, SignupMode,
    session::{ActivityKind, FoundSession, RenewedSession, SessionId},
};
use domain::{Language, Principal};
use poem::{
    FromRequest, Request, RequestBody,
    http::{HeaderValue, header},
};

pub use self::site::{AccountPages, EventLabel, Site, SiteParts};
use crate::{
    answer::View,
    cookies::{Cookie, Cookies},
    csrf::Csrf,
    extract::{FormState, LocalPath},
    flash::Flash,
    middleware::RequestContext,
    page_paths::matches,
    reset_request::ResetRequest,
    transport::Transport,
    ui::{FieldName, Texts},
};

/// The page with a form, in any state. The guard shows it again when it refuses the form.
pub type FormPage = fn(&PageContext, &FormState) -> View;

/// A form as its route declares it; the default is a button without fields.
#[derive(Clone, Copy, Debug, Default)]
pub struct FormRoute {
    /// The fields that are read.
    pub fields: &'static [FieldName],
    /// The page with the form; a button has none.
    pub page: Option<FormPage>,
}

/// The forms, by the patterns of the paths that they are sent to.
#[derive(Clone, Debug)]
pub struct FormRoutes(pub(crate) Vec<(&'static str, FormRoute)>);

/// One request by one visitor.
pub struct PageContext {
    /// The state that all requests share.
    pub site: Arc<Site>,
    /// The facts about the request before its session.
    pub request_context: Arc<RequestContext>,
    /// The user of the session, if there is one.
    pub principal: Option<Arc<Principal>>,
    /// The id that the session cookie has to hold from now on.
    pub renewed_id: Option<SessionId>,
    /// The tokens for the forms of this visitor.
    pub csrf: Csrf,
    csrf_cookie: Option<String>,
    user_agent: Option<HeaderValue>,
    /// The value of the device cookie.
    pub device: Option<String>,
    /// Identifies the browser that asked to prove an address.
    pub proof: Option<String>,
    /// The link to a new password that this browser asked for.
    pub reset_request: Option<ResetRequest>,
    /// The value of the cookie of a log-in that waits for a second factor. It is no session.
    pub pending_log_in: Option<String>,
    /// The value of the cookie of a remembered browser.
    pub remembered: Option<String>,
    /// The sentence about what was just done.
    pub flash: Option<Flash>,
    /// The path of the page.
    pub path: String,
}

impl FormRoutes {
    /// The form that is sent to this path.
    pub fn find(&self, path: &str) -> FormRoute {
        let found = self.0.iter().find(|(pattern, _)| matches(pattern, path));
        found.map_or_else(FormRoute::default, |(_, form)| *form)
    }
}

impl PageContext {
    /// The context of a visitor, without looking for a session.
    pub fn anonymous(request: &Request, site: &Arc<Site>) -> Self {
        Self::new(request, site, Cookies::of(request.headers(), site.cookie_names), None)
    }

    /// The context with the session of the cookie, if that is alive. A safe request may rely on the
    /// cache; every other reads the database.
    pub async fn open(request: &Request, site: &Arc<Site>) -> Result<Self, Fault> {
        let cookies = Cookies::of(request.headers(), site.cookie_names);
        let is_safe = request.method().is_safe();
        let freshness = if is_safe { Freshness::Cached } else { Freshness::Fresh };
        let is_poll = request.uri().path() == site.parts.account_pages.session_poll;
        let activity = if is_poll { ActivityKind::Page } else { ActivityKind::Visitor };
        let found = match cookies.get(Cookie::Session) {
            Some(id) => site.accounts.sessions().find_session(id, freshness, activity).await?,
            None => None,
        };
        Ok(Self::new(request, site, cookies, found))
    }

    fn new(
        request: &Request,
        site: &Arc<Site>,
        cookies: Cookies<'_>,
        found: Option<FoundSession>,
    ) -> Self {
        let headers = request.headers();
        let csrf_cookie = cookies.get(Cookie::Csrf);
        let flash = cookies.get(Cookie::Flash);
        let reset_request = cookies.get(Cookie::ResetRequest);
        let (principal, renewed_id) =
            found.map_or((None, None), |found| (Some(found.principal), found.renewed_id));
        let csrf = site.csrf(principal.as_deref(), csrf_cookie);
        Self {
            request_context: Arc::clone(RequestContext::of(request)),
            csrf: if request.method().is_safe() { csrf } else { csrf.after_form() },
            principal,
            renewed_id,
            csrf_cookie: csrf_cookie.map(str::to_owned),
            user_agent: headers.get(header::USER_AGENT).cloned(),
            device: cookies.get(Cookie::Device).map(str::to_owned),
            proof: cookies.get(Cookie::Proof).map(str::to_owned),
            reset_request: reset_request
                .and_then(|value| ResetRequest::decode(value, site.reset_request_key())),
            pending_log_in: cookies.get(Cookie::PendingLogIn).map(str::to_owned),
            remembered: cookies.get(Cookie::Remembered).map(str::to_owned),
            flash: flash.and_then(|value| Flash::decode(value, site.flash_key())),
            path: request.uri().path().to_owned(),
            site: Arc::clone(site),
        }
    }

    /// The context of `path`, which follows this one without a new request.
    #[must_use]
    pub fn follow(&self, path: &str, principal: Option<Arc<Principal>>) -> Self {
        let csrf = self.site.csrf(principal.as_deref(), self.csrf_cookie.as_deref());
        Self {
            site: Arc::clone(&self.site),
            request_context: Arc::clone(&self.request_context),
            principal,
            renewed_id: None,
            csrf,
            csrf_cookie: self.csrf_cookie.clone(),
            user_agent: self.user_agent.clone(),
            device: self.device.clone(),
            proof: self.proof.clone(),
            reset_request: self.reset_request.clone(),
            pending_log_in: self.pending_log_in.clone(),
            remembered: self.remembered.clone(),
            flash: None,
            path: path.to_owned(),
        }
    }

    /// The same context at `path`, in the session that the password was just given in.
    #[must_use]
    pub fn renew(&self, path: &str, session: &RenewedSession) -> Self {
        let next = self.follow(path, Some(Arc::new(session.principal.clone())));
        Self { renewed_id: Some(session.id.clone()), ..next }
    }

    /// The account use cases.
    pub fn accounts(&self) -> &Accounts {
        &self.site.accounts
    }

    /// Whether a visitor can sign up here, so that pages offer it.
    pub fn offers_sign_up(&self) -> bool {
        self.site.accounts.settings().accounts.signup != SignupMode::Closed
    }

    /// The visitor's language.
    pub fn language(&self) -> Language {
        self.request_context.language
    }

    /// The texts of the kit in the visitor's language.
    pub fn texts(&self) -> &'static Texts {
        Texts::of(self.request_context.language)
    }

    /// The other end of the request.
    pub fn client(&self) -> Client {
        let user_agent = self.user_agent.as_ref().and_then(|value| value.to_str().ok());
        Client::new(self.request_context.client, user_agent.unwrap_or_default())
            .logged_as(self.request_context.logged_client.map(|client| client.to_string()))
            .in_request(self.request_id())
            .reading(self.request_context.language)
    }

    /// The id to quote when something went wrong.
    pub fn request_id(&self) -> &str {
        self.request_context.id.as_str()
    }

    /// Whether htmx asks for a part.
    pub fn is_partial(&self) -> bool {
        self.request_context.transport == Transport::Partial
    }

    /// The pages that the account features hand to the site.
    pub fn account_pages(&self) -> &AccountPages {
        &self.site.parts.account_pages
    }

    /// Where a user goes who asked for no other page.
    pub fn landing(&self) -> LocalPath {
        LocalPath::of(self.site.parts.account_pages.landing)
    }
}

impl<'a> FromRequest<'a> for &'a PageContext {
    #[expect(clippy::expect_used, reason = "no route is reached but through the pages layer")]
    async fn from_request(request: &'a Request, _body: &mut RequestBody) -> poem::Result<Self> {
        Ok(request.data::<Arc<PageContext>>().expect("the pages layer opens a visit").as_ref())
    }
}
