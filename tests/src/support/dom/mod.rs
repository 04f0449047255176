//! The document that a browser shows: parsed as a browser parses it, changed by htmx answers
//! (`swap`), and filled in by a visitor (`form`).
//!
//! Typed text is kept beside the tree, never in it, so that a test that searches the page for a
//! password finds it only where the server put it.

mod form;
mod swap;
mod tree;

use std::collections::HashMap;

use ego_tree::{NodeId, NodeRef};
use scraper::{ElementRef, Html, Node, Selector};

pub use form::Submission;
pub use swap::Swap;

/// A document.
#[derive(Clone, Debug)]
pub struct Dom {
    html: Html,
    typed: HashMap<NodeId, Typed>,
    focus: Option<NodeId>,
}

/// The input of a visitor in a control.
#[derive(Clone, Debug)]
enum Typed {
    Text(String),
    Checked(bool),
}

impl Dom {
    /// Parses a whole document. The first element with `autofocus` gets the focus.
    pub fn parse(text: &str) -> Self {
        let mut dom = Self { html: Html::parse_document(text), typed: HashMap::new(), focus: None };
        dom.focus = dom.find("[autofocus]").map(|element| element.id());
        dom
    }

    /// Returns the errors that the parser tolerated.
    pub fn parse_errors(&self) -> Vec<String> {
        self.html.errors.iter().map(ToString::to_string).collect()
    }

    /// Returns the elements that match `css`, in document order, without the content of `template`
    /// elements.
    pub fn select(&self, css: &str) -> Vec<ElementRef<'_>> {
        select_in(self.html.tree.root(), css)
    }

    /// Returns the first element that matches `css`.
    pub fn find(&self, css: &str) -> Option<ElementRef<'_>> {
        self.select(css).into_iter().next()
    }

    /// Returns the element with this id.
    pub fn by_id(&self, id: &str) -> Option<ElementRef<'_>> {
        self.select("[id]").into_iter().find(|element| element.attr("id") == Some(id))
    }

    /// Returns the element that has the focus.
    pub fn focused(&self) -> Option<ElementRef<'_>> {
        self.html.tree.get(self.focus?).and_then(ElementRef::wrap)
    }

    /// Returns the text of `title`.
    pub fn title(&self) -> String {
        self.find("head > title").map(|title| collapse(title.text())).unwrap_or_default()
    }

    /// Returns the visible text of the body.
    pub fn visible_text(&self) -> String {
        self.find("body").map(visible_text).unwrap_or_default()
    }

    /// Returns the document as HTML.
    pub fn to_html(&self) -> String {
        self.html.html()
    }
}

/// Returns the text of `element` that a reader sees: without templates, scripts and hidden parts,
/// and with white space collapsed.
pub fn visible_text(element: ElementRef<'_>) -> String {
    let mut text = String::new();
    collect_text(*element, &mut text);
    collapse(std::iter::once(text.as_str()))
}

/// Returns the elements below `root` that match `css`.
///
/// # Panics
///
/// Panics if `css` is not a selector.
pub fn select_in<'a>(root: NodeRef<'a, Node>, css: &str) -> Vec<ElementRef<'a>> {
    let selector = Selector::parse(css).unwrap_or_else(|error| panic!("{css}: {error}"));
    let mut found = Vec::new();
    collect_matches(root, &selector, &mut found);
    found
}

fn collect_matches<'a>(
    node: NodeRef<'a, Node>,
    selector: &Selector,
    found: &mut Vec<ElementRef<'a>>,
) {
    for child in node.children().filter(|child| !child.value().is_fragment()) {
        if let Some(element) = ElementRef::wrap(child)
            && selector.matches(&element)
        {
            found.push(element);
        }
        collect_matches(child, selector, found);
    }
}

fn collect_text(node: NodeRef<'_, Node>, text: &mut String) {
    for child in node.children() {
        match child.value() {
            Node::Text(part) => text.push_str(part),
            Node::Element(element) => {
                let silent = matches!(element.name(), "script" | "style" | "template" | "title");
                if !silent && element.attr("hidden").is_none() {
                    let inline = matches!(
                        element.name(),
                        "a" | "b" | "code" | "em" | "i" | "kbd" | "small" | "span" | "strong"
                    );
                    text.push_str(if inline { "" } else { " " });
                    collect_text(child, text);
                    text.push_str(if inline { "" } else { " " });
                }
            }
            _ => {}
        }
    }
}

fn collapse<'a>(parts: impl Iterator<Item = &'a str>) -> String {
    parts.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_a_template_or_hidden_is_not_seen() {
        let dom = Dom::parse(
            "<!DOCTYPE html><title>T</title><p id=a>one</p><p hidden>two</p>\
             <template><p>three</p></template><script>four</script><p>fi<b>v</b>e</p>",
        );

        assert_eq!(dom.visible_text(), "one five");
        assert_eq!(dom.select("p").len(), 3);
        assert_eq!(dom.title(), "T");
    }
}
