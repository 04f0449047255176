//! What all requests share: the use cases, the pages that the account features hand to the kit, and
//! what the product adds.

use auth::{
    Accounts, ConfirmPasswordError,
    keys::{KeyPurpose, MacKey},
};
use domain::{Brand, Language, Principal};
use maud::Markup;
use poem::Request;
use url::Url;

use super::{FormPage, FormRoutes, PageContext};
use crate::{
    answer::{Answer, View},
    cookies::CookieNames,
    csrf::Csrf,
    extract::{LocalPath, Submission},
    navigation::NavigationEntry,
    page_paths::PagePaths,
    settings::{Settings, SettingsError},
    ui::Message,
};

/// The pages and answers that the account features hand to the guard and to the page shell.
#[derive(Clone, Copy, Debug)]
pub struct AccountPages {
    /// Where a user goes who asked for no other page.
    pub landing: &'static str,
    /// The log-in page; takes the page to go on to in the field `next`.
    pub log_in: &'static str,
    /// The page that asks for the password; a saved submission's token may follow.
    pub confirm_password: &'static str,
    /// The only page of an account that waits to be deleted.
    pub pending_deletion: &'static str,
    /// The page on which a user who has to have a second factor sets it up.
    pub second_factor: &'static str,
    /// The beginnings of the routes that such a user may use until then, besides those for any user.
    pub second_factor_routes: &'static [&'static str],
    /// The path that a script of an open page requests; no activity of the user.
    pub session_poll: &'static str,
    /// The dialog that asks for the password; its form is sent to the path.
    pub password_dialog: fn(&PageContext, &LocalPath) -> Markup,
    /// The answer to a password that was refused while a saved submission waited.
    pub password_refused: fn(&PageContext, ConfirmPasswordError) -> Answer,
    /// The page that offers to send a submission again, for a form without a page.
    pub send_again: fn(&PageContext, &Submission, &Message) -> View,
    /// The answer to a user on a route for anonymous visitors; `None` where the route has no
    /// form.
    pub already_logged_in: fn(&PageContext, &Principal, Option<FormPage>, &Request) -> Answer,
    /// The answer to a form of another user.
    pub other_user: fn(&PageContext, &Principal) -> Answer,
    /// The banner above the content of every page, if there is one.
    pub banner: fn(&PageContext) -> Option<Markup>,
    /// The end of the navigation bar: the way in or, for a user, to the account and out.
    pub account_menu: fn(&PageContext) -> Markup,
}

/// The text of an event that a product records in timelines.
#[derive(Clone, Copy, Debug)]
pub struct EventLabel {
    /// The name of the event, with a dot, such as `notes.published`.
    pub name: &'static str,
    /// What people read.
    pub label: fn(Language) -> &'static str,
}

/// What the pages and the product hand to the site.
#[derive(Clone, Debug)]
pub struct SiteParts {
    /// The pages of the account features.
    pub account_pages: AccountPages,
    /// The links of the navigation bar.
    pub navigation: Vec<NavigationEntry>,
    /// The events of the product.
    pub events: &'static [EventLabel],
}

/// The state that all requests share.
pub struct Site {
    /// The account use cases.
    pub accounts: Accounts,
    /// The pages of the account features, the navigation and the events of the product.
    pub parts: SiteParts,
    /// The pages that a visitor can be sent to.
    pub page_paths: PagePaths,
    /// The forms, by their paths.
    pub form_routes: FormRoutes,
    /// Where visitors reach the site.
    pub public_url: Url,
    /// The domain that the mails come from.
    pub mail_domain: String,
    /// The brand of the product.
    pub brand: &'static Brand,
    /// How its cookies are named.
    pub cookie_names: CookieNames,
    csrf_key: MacKey,
    flash_key: MacKey,
    reset_request_key: MacKey,
}

impl Site {
    /// The site with these settings; an error where the secret key cannot be read.
    pub fn new(
        accounts: Accounts,
        settings: &Settings,
        parts: SiteParts,
        routes: (PagePaths, FormRoutes),
    ) -> Result<Self, SettingsError> {
        let secret = settings.secret_key()?;
        Ok(Self {
            accounts,
            parts,
            page_paths: routes.0,
            form_routes: routes.1,
            public_url: settings.server.public_url.clone(),
            mail_domain: settings.mail.from.domain().to_owned(),
            brand: settings.brand,
            cookie_names: settings.cookie_names(),
            csrf_key: secret.derive(KeyPurpose::Csrf),
            flash_key: secret.derive(KeyPurpose::Flash),
            reset_request_key: secret.derive(KeyPurpose::ResetRequest),
        })
    }

    pub(crate) fn flash_key(&self) -> &MacKey {
        &self.flash_key
    }

    pub(crate) fn reset_request_key(&self) -> &MacKey {
        &self.reset_request_key
    }

    /// The tokens for the forms of a visitor.
    pub fn csrf(&self, principal: Option<&Principal>, cookie: Option<&str>) -> Csrf {
        let key = self.csrf_key.clone();
        match principal {
            Some(principal) => Csrf::of_session(key, principal),
            None => Csrf::of_cookie(key, cookie, self.cookie_names),
        }
    }
}
