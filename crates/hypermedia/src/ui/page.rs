//! The document around every page, and the same page as the answer to an htmx
//! request. One value renders both, so that neither can lack what the other has.

use std::borrow::Cow;

use maud::{DOCTYPE, Markup, Render, html};

use super::{Flash, LanguageForm, Message, Nav, Texts, ids, notice};
use crate::{assets, look::Look};

/// The configuration of htmx. `history:reload` keeps no page in the browser: Back asks the server,
/// which refuses after a log-out. The style sheet marks busy elements, so htmx adds no style. The
/// time limit is longer than the server's own.
const HTMX_CONFIG: &str = "history:reload, includeIndicatorCSS:false, defaultTimeout:20000";

/// A page. Rendered, it is the whole document; [`Fragment`] is the rest.
#[derive(Clone, Debug)]
pub struct Page<'a> {
    /// The words around the content.
    pub texts: &'static Texts,
    /// The title of the page, without the name of the product.
    pub title: Cow<'a, str>,
    /// Whether search engines may list the page, and whether its address is secret.
    pub indexing: Indexing,
    /// The navbar.
    pub nav: Nav<'a>,
    /// The sentence about what was just done.
    pub flash: Option<Message>,
    /// A notice above the content.
    pub banner: Option<Markup>,
    /// The content, with the only `h1`.
    pub main: Cow<'a, Markup>,
    /// The way to the other languages, where the visitor is known.
    pub language_form: Option<LanguageForm<'a>>,
}

/// Whether search engines may list a page, and whether its address is secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Indexing {
    /// Search engines may list it.
    Public,
    /// No search engine lists it.
    Unlisted,
    /// As [`Indexing::Unlisted`], and its address, which holds a token, is never
    /// sent as a referrer (OWASP ASVS 5.0, 3.4.5).
    Secret,
}

impl<'a> Page<'a> {
    /// An unlisted page without a flash, in the words of its navbar.
    pub fn new(title: &'a str, nav: Nav<'a>, main: Cow<'a, Markup>) -> Self {
        Self {
            texts: nav.texts,
            title: Cow::Borrowed(title),
            indexing: Indexing::Unlisted,
            nav,
            flash: None,
            banner: None,
            main,
            language_form: None,
        }
    }

    fn look(&self) -> &'a Look {
        self.nav.look
    }

    fn title_element(&self) -> Markup {
        title(&self.title, self.look())
    }

    /// What search engines and phones show of the site.
    fn metadata(&self) -> Markup {
        let brand = self.look().brand;
        let description = (brand.footer)(self.texts.language);
        html! {
            @if self.indexing == Indexing::Public && !description.is_empty() {
                meta name="description" content=(description);
            }
            meta name="theme-color" media="(prefers-color-scheme: light)"
                content=(brand.light.accent);
            meta name="theme-color" media="(prefers-color-scheme: dark)" content=(brand.dark.wash);
            link rel="icon" type="image/svg+xml" href=(self.look().icon_url());
            @if let Some(icon) = &self.look().touch_icon {
                link rel="apple-touch-icon" href=(icon.url);
            }
        }
    }
}

impl Render for Page<'_> {
    fn render(&self) -> Markup {
        html! {
            (DOCTYPE)
            html lang=(self.texts.language.tag()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="htmx-config" content=(HTMX_CONFIG);
                    link rel="stylesheet" href=(assets::APP_CSS.url());
                    link rel="stylesheet" href=(self.look().style_sheet.url);
                    (self.metadata())
                    script defer src=(assets::APP_JS.url()) {}
                    script defer src=(assets::FIELDS_JS.url()) {}
                    script defer src=(assets::PAGE_JS.url()) {}
                    script defer src=(assets::PASSKEYS_JS.url()) {}
                    script defer src=(assets::SESSION_JS.url()) {}
                    script defer src=(assets::HTMX_JS.url()) {}
                    @if self.look().reloads {
                        script defer src=(assets::DEV_JS.url()) {}
                    }
                    @if self.indexing != Indexing::Public {
                        meta name="robots" content="noindex";
                    }
                    @if self.indexing == Indexing::Secret {
                        meta name="referrer" content="no-referrer";
                    }
                    (self.title_element())
                }
                body {
                    a.skip href={ "#" (ids::MAIN) } { (self.texts.frame.skip) }
                    header { (self.nav) }
                    (Flash(self.flash.as_ref()))
                    (notice::alerts(self.texts))
                    main id=(ids::MAIN) tabindex="-1" {
                        @if let Some(banner) = &self.banner { (banner) }
                        (*self.main)
                    }
                    div id=(ids::DIALOG) {}
                    footer {
                        p { ((self.look().brand.footer)(self.texts.language)) }
                        @for link in self.look().brand.links {
                            a href=(link.url) { ((link.label)(self.texts.language)) }
                        }
                        @if let Some(form) = &self.language_form { (form) }
                    }
                }
            }
        }
    }
}

/// A page as the answer to an htmx request that changes the page: the content for
/// `#main`, the title, and out of band the navbar, the flash and the way to the other
/// languages, which leads back to this page; an open question is taken away.
#[derive(Clone, Debug)]
pub struct Fragment<'a>(pub &'a Page<'a>);

impl Render for Fragment<'_> {
    fn render(&self) -> Markup {
        let Self(page) = self;
        html! {
            (page.title_element())
            @if let Some(banner) = &page.banner { (banner) }
            (*page.main)
            (page.nav.out_of_band())
            (Flash(page.flash.as_ref()).out_of_band())
            div id=(ids::DIALOG) hx-swap-oob="innerHTML" {}
            @if let Some(form) = &page.language_form { (form.out_of_band()) }
        }
    }
}

/// The title of a document, with the name of the product at its end.
pub(crate) fn title(title: &str, look: &Look) -> Markup {
    html! { title { (title) " · " (look.brand.name) } }
}

#[cfg(test)]
mod tests {
    use domain::{Brand, Language};

    use super::*;
    use crate::{settings::Environment, ui::NavLink};

    fn nav(look: &Look) -> Nav<'_> {
        Nav {
            look,
            texts: Texts::of(Language::English),
            current_path: "/notes",
            links: vec![NavLink::new("Notes", "/notes")],
            account: html! { a href="/profile" { "Ada" } },
        }
    }

    #[test]
    fn a_fragment_holds_what_the_full_page_shows() {
        let look = Look::default();
        let flash = Message::from("Welcome back.");
        let page = Page {
            flash: Some(flash),
            ..Page::new("Profile", nav(&look), Cow::Owned(html! { h1 { "Hello, Ada" } }))
        };

        let full = page.render().into_string();
        let fragment = Fragment(&page).render().into_string();

        for shared in ["<title>Profile · Example</title>", "<h1>Hello, Ada</h1>", "Welcome back."]
        {
            assert!(full.contains(shared) && fragment.contains(shared), "{shared}");
        }
        assert!(
            fragment.contains(r#"id="nav""#) && fragment.contains(r#"<a href="/profile">Ada</a>"#)
        );
        assert!(!fragment.contains("<html") && !full.contains("hx-swap-oob"));
    }

    #[test]
    fn the_link_of_the_page_itself_is_marked() {
        let look = Look::default();
        let html = Page::new("Notes", nav(&look), Cow::default()).render().into_string();

        assert!(html.contains(r#"<a href="/notes" aria-current="page">Notes</a>"#));
        assert!(html.contains(r#"<a href="/profile">"#));
    }

    #[test]
    fn only_in_development_does_a_page_load_itself_again() {
        for (environment, expected) in [
            (Environment::Development, true),
            (Environment::Test, false),
            (Environment::Production, false),
        ] {
            let look = Look::new(<&Brand>::default(), environment);
            let html = Page::new("Notes", nav(&look), Cow::default()).render().into_string();

            assert_eq!(html.contains(assets::DEV_JS.url()), expected, "{environment:?}");
        }
    }

    /// RST-10.
    #[test]
    fn a_secret_page_names_itself_to_nobody() {
        let look = Look::default();
        let secret =
            Page { indexing: Indexing::Secret, ..Page::new("Reset", nav(&look), Cow::default()) };

        let html = secret.render().into_string();

        assert!(html.contains(r#"<meta name="robots" content="noindex">"#));
        assert!(html.contains(r#"<meta name="referrer" content="no-referrer">"#));
    }

    /// OUT-03: the security policy would refuse it, so nothing may rely on it.
    #[test]
    fn nothing_is_inline() {
        let look = Look::default();
        let html = Page::new("Profile", nav(&look), Cow::default()).render().into_string();

        for inline in ["<style", "style=", "hx-on", "js:", "onclick"] {
            assert!(!html.contains(inline), "{inline}");
        }
    }
}
