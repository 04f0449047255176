//! Finding one's way in a long list: a search by words and a pager. Both are plain
//! GET, so that every view of the list has an address.

use maud::{Markup, Render, html};

use super::{Icon, Texts};

/// A search box above a list.
#[derive(Clone, Debug)]
pub struct Search<'a> {
    /// The word on its button.
    pub texts: &'static Texts,
    /// The address of the list.
    pub action: &'a str,
    /// The label of the search.
    pub label: &'a str,
    /// The words searched for, in the parameter `q`.
    pub query: &'a str,
}

impl Render for Search<'_> {
    fn render(&self) -> Markup {
        html! {
            search {
                form.search method="get" action=(self.action) {
                    label for="q" { (self.label) }
                    input id="q" name="q" type="search" value=(self.query) autocomplete="off"
                        inputmode="search" enterkeyhint="search" spellcheck="false";
                    button type="submit" { (self.texts.frame.search) }
                }
            }
        }
    }
}

/// The way on in a list that is paged by key, and back to its beginning.
#[derive(Clone, Debug)]
pub struct Pager<'a> {
    /// The words on its links.
    pub texts: &'static Texts,
    /// The address of the list.
    pub action: &'a str,
    /// The words searched for.
    pub query: &'a str,
    /// Whether this is where the list begins.
    pub is_first: bool,
    /// Where the next page begins, if there is one.
    pub next: Option<&'a str>,
}

impl Pager<'_> {
    fn address(&self, page: Option<&str>) -> String {
        let query = Some(("q", self.query)).filter(|(_, query)| !query.is_empty());
        let parameters: Vec<_> = query.into_iter().chain(page.map(|page| ("page", page))).collect();
        let encoded = serde_urlencoded::to_string(parameters).unwrap_or_default();
        format!("{}?{encoded}", self.action)
    }
}

impl Render for Pager<'_> {
    fn render(&self) -> Markup {
        if self.is_first && self.next.is_none() {
            return html! {};
        }
        let texts = &self.texts.frame;
        html! {
            nav.pager aria-label=(texts.pager) {
                @if !self.is_first {
                    a.button.quiet rel="first" href=(self.address(None)) { (texts.first) }
                }
                @if let Some(next) = self.next {
                    a.button.quiet rel="next" href=(self.address(Some(next))) { (texts.next) }
                }
            }
        }
    }
}

/// The text of an empty list.
#[derive(Clone, Debug)]
pub struct Empty<'a> {
    /// The heading.
    pub title: &'a str,
    /// The next step.
    pub text: &'a str,
}

impl Render for Empty<'_> {
    fn render(&self) -> Markup {
        html! {
            div.empty {
                (Icon::Tray)
                h2 { (self.title) }
                p { (self.text) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::Language;

    use super::*;

    #[test]
    fn a_pager_keeps_the_search_in_its_addresses() {
        let pager = Pager {
            texts: Texts::of(Language::English),
            action: "/admin/users",
            query: "a & b",
            is_first: false,
            next: Some("k"),
        };

        let html = pager.render().into_string();

        assert!(html.contains(r#"rel="first" href="/admin/users?q=a+%26+b""#));
        assert!(html.contains(r#"rel="next" href="/admin/users?q=a+%26+b&amp;page=k""#));
    }

    #[test]
    fn one_page_needs_no_pager() {
        let pager = Pager {
            texts: Texts::of(Language::English),
            action: "/admin/users",
            query: "",
            is_first: true,
            next: None,
        };

        assert_eq!(pager.render().into_string(), "");
    }
}
