//! One request, as far as pages care: who is there, by which transport, and what
//! they have to be told. Opened before the routes, handed to every handler.

use std::sync::{Arc, OnceLock};

use auth::{
    Accounts, Client, Fault, Freshness,
    keys::{KeyPurpose, MacKey},
    session::{ActivityKind, FoundSession, RenewedSession, SessionId},
};
use domain::{Permission, Principal};
use poem::{
    FromRequest, Request, RequestBody,
    http::{HeaderValue, header},
};
use url::Url;

use crate::{
    cookies::{Cookie, Cookies},
    csrf::Csrf,
    extract::Authenticated,
    features::session,
    flash::Flash,
    middleware::RequestContext,
    routes::Pages,
    settings::{Settings, SettingsError},
    transport::Transport,
    ui::{LanguageForm, Nav, NavUser, Texts, Unconfirmed},
};

/// What all visits share.
pub(crate) struct Site {
    pub(crate) accounts: Accounts,
    pub(crate) pages: Pages,
    pub(crate) public_url: Url,
    pub(crate) mail_domain: String,
    pub(crate) is_secure: bool,
    csrf_key: MacKey,
    flash_key: MacKey,
}

/// One request by one visitor.
pub(crate) struct PageContext {
    pub(crate) site: Arc<Site>,
    pub(crate) request_context: Arc<RequestContext>,
    pub(crate) principal: Option<Arc<Principal>>,
    /// Whom the guard has let in.
    pub(crate) authenticated: OnceLock<Authenticated>,
    /// The id that the session cookie has to hold from now on.
    pub(crate) renewed_id: Option<SessionId>,
    pub(crate) csrf: Csrf,
    csrf_cookie: Option<String>,
    user_agent: Option<HeaderValue>,
    pub(crate) device: Option<String>,
    /// What the browser is known by that asked to prove an address.
    pub(crate) proof: Option<String>,
    pub(crate) flash: Option<Flash>,
    pub(crate) path: String,
}

impl Site {
    pub(crate) fn new(
        accounts: Accounts,
        settings: &Settings,
        pages: Pages,
    ) -> Result<Self, SettingsError> {
        let secret = settings.secret_key()?;
        Ok(Self {
            accounts,
            pages,
            public_url: settings.server.public_url.clone(),
            mail_domain: settings.mail.from.domain().to_owned(),
            is_secure: settings.server.public_url.scheme() == "https",
            csrf_key: secret.derive(KeyPurpose::Csrf),
            flash_key: secret.derive(KeyPurpose::Flash),
        })
    }

    pub(crate) fn flash_key(&self) -> &MacKey {
        &self.flash_key
    }

    /// What protects the forms of a visitor.
    pub(crate) fn csrf(&self, principal: Option<&Principal>, cookie: Option<&str>) -> Csrf {
        let key = self.csrf_key.clone();
        match principal {
            Some(principal) => Csrf::of_session(key, principal),
            None => Csrf::of_cookie(key, cookie, self.is_secure),
        }
    }
}

impl PageContext {
    /// A visit whose session is not looked for.
    pub(crate) fn anonymous(request: &Request, site: &Arc<Site>) -> Self {
        Self::new(request, site, Cookies::of(request.headers(), site.is_secure), None)
    }

    /// A visit in the session of its cookie, if that is alive. Pages of one's own
    /// may rely on what was read a moment ago; what changes something may not.
    pub(crate) async fn open(request: &Request, site: &Arc<Site>) -> Result<Self, Fault> {
        let cookies = Cookies::of(request.headers(), site.is_secure);
        let is_safe = request.method().is_safe();
        let freshness = if is_safe { Freshness::Cached } else { Freshness::Fresh };
        let is_poll = request.uri().path() == session::PATH;
        let activity = if is_poll { ActivityKind::Page } else { ActivityKind::Visitor };
        let found = match cookies.get(Cookie::Session) {
            Some(id) => site.accounts.find_session(id, freshness, activity).await?,
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
        let (principal, renewed_id) =
            found.map_or((None, None), |found| (Some(found.principal), found.renewed_id));
        let csrf = site.csrf(principal.as_deref(), csrf_cookie);
        Self {
            request_context: Arc::clone(RequestContext::of(request)),
            csrf: if request.method().is_safe() { csrf } else { csrf.after_form() },
            principal,
            authenticated: OnceLock::new(),
            renewed_id,
            csrf_cookie: csrf_cookie.map(str::to_owned),
            user_agent: headers.get(header::USER_AGENT).cloned(),
            device: cookies.get(Cookie::Device).map(str::to_owned),
            proof: cookies.get(Cookie::Proof).map(str::to_owned),
            flash: flash.and_then(|value| Flash::decode(value, &site.flash_key)),
            path: request.uri().path().to_owned(),
            site: Arc::clone(site),
        }
    }

    /// The visit to `path` that follows this one without a new request.
    pub(crate) fn follow(&self, path: &str, principal: Option<Arc<Principal>>) -> Self {
        let csrf = self.site.csrf(principal.as_deref(), self.csrf_cookie.as_deref());
        Self {
            site: Arc::clone(&self.site),
            request_context: Arc::clone(&self.request_context),
            principal,
            authenticated: OnceLock::new(),
            renewed_id: None,
            csrf,
            csrf_cookie: self.csrf_cookie.clone(),
            user_agent: self.user_agent.clone(),
            device: self.device.clone(),
            proof: self.proof.clone(),
            flash: None,
            path: path.to_owned(),
        }
    }

    /// The same visit, at `path`, in the session that the password was just given in.
    pub(crate) fn renew(&self, path: &str, session: &RenewedSession) -> Self {
        let next = self.follow(path, Some(Arc::new(session.principal.clone())));
        Self { renewed_id: Some(session.id.clone()), ..next }
    }

    pub(crate) fn accounts(&self) -> &Accounts {
        &self.site.accounts
    }

    /// The words of the visitor's language.
    pub(crate) fn texts(&self) -> &'static Texts {
        Texts::of(self.request_context.language)
    }

    /// The other end of the request.
    pub(crate) fn client(&self) -> Client {
        let user_agent = self.user_agent.as_ref().and_then(|value| value.to_str().ok());
        Client::new(self.request_context.client, user_agent.unwrap_or_default())
            .in_request(self.request_id())
            .reading(self.request_context.language)
    }

    /// The id to quote when something went wrong.
    pub(crate) fn request_id(&self) -> &str {
        self.request_context.id.as_str()
    }

    pub(crate) fn is_partial(&self) -> bool {
        self.request_context.transport == Transport::Partial
    }

    /// What to tell a visitor who has not confirmed the address, but on the pages that
    /// are about just that.
    pub(crate) fn unconfirmed(&self) -> Option<Unconfirmed<'_>> {
        let is_due = self.principal.as_ref().is_some_and(|principal| !principal.is_confirmed);
        let is_about = ["/mailbox", "/confirm-address/"].iter().any(|p| self.path.starts_with(p));
        (is_due && !is_about).then(|| Unconfirmed {
            texts: self.texts(),
            csrf_token: self.csrf.token(),
            may_have_code: self.proof.is_some(),
        })
    }

    /// The navbar of this visitor.
    pub(crate) fn nav(&self) -> Nav<'_> {
        let user = self.principal.as_deref().map(|principal| NavUser {
            name: principal.name.as_str(),
            is_admin: principal.delete_after.is_none() && principal.may(Permission::ManageUsers),
            csrf_token: self.csrf.token(),
        });
        Nav { texts: self.texts(), current_path: &self.path, user }
    }

    /// The way to another language, back to this page if it is one to come back to.
    pub(crate) fn language_form(&self, is_lasting: bool) -> LanguageForm<'_> {
        LanguageForm {
            language: self.request_context.language,
            csrf_token: self.csrf.token(),
            path: is_lasting.then_some(&self.path),
        }
    }
}

impl<'a> FromRequest<'a> for &'a PageContext {
    #[expect(clippy::expect_used, reason = "no route is reached but through the pages layer")]
    async fn from_request(request: &'a Request, _body: &mut RequestBody) -> poem::Result<Self> {
        Ok(request.data::<Arc<PageContext>>().expect("the pages layer opens a visit").as_ref())
    }
}
