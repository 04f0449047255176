//! Swaps a fragment into the document as htmx 4.0.1 does. The main swap comes first, then the
//! out-of-band parts (`hx-swap-oob`, `<hx-partial>`), whose targets were on the page before. A
//! `<title>` in the fragment is applied.
//!
//! Stricter than htmx in three points, each of which would be a bug of the site: an out-of-band
//! part without a target, a target that does not exist, and a whole page in place of a fragment are
//! errors. Does not support `hx-select` and extensions.

use ego_tree::NodeId;
use scraper::{ElementRef, Html, Node};

use super::{Dom, collapse};

/// A swap, as described by the source element and the response headers.
#[derive(Clone, Debug)]
pub struct Swap<'a> {
    /// The element that sent the request.
    pub source: NodeId,
    /// `hx-target` or `HX-Retarget`.
    pub target: &'a str,
    /// `hx-swap` or `HX-Reswap`.
    pub style: &'a str,
    /// The body of the answer.
    pub body: &'a str,
}

struct Task {
    target: NodeId,
    style: String,
    content: Vec<NodeId>,
}

struct Spec {
    style: String,
    target: Option<String>,
    strip: Option<bool>,
    swap_empty: Option<bool>,
}

impl Dom {
    /// Applies an answer to an htmx request.
    pub fn swap(&mut self, swap: &Swap<'_>) -> Result<(), String> {
        let fragment = self.import(swap.body)?;
        let title = self.take_title(fragment);
        let mut tasks = self.out_of_band_tasks(fragment, swap.source)?;
        tasks.extend(self.partial_tasks(fragment, swap.source)?);
        let spec = Spec::parse(swap.style);
        let is_empty = self.is_empty(fragment);
        let is_none = spec.style == "none";
        if spec.style == "delete" || !is_empty || spec.swap_empty.unwrap_or(tasks.is_empty()) {
            let target = spec.target.as_deref().unwrap_or(swap.target);
            if !is_none {
                let target = self.resolve(swap.source, target)?;
                let content = self.children(fragment);
                tasks.insert(0, Task { target, style: spec.style, content });
            }
        }
        for task in &tasks {
            self.insert(task)?;
        }
        if let (false, Some(title)) = (is_none, title) {
            self.set_title(&title);
        }
        self.move_focus(tasks.first());
        Ok(())
    }

    /// Parses `text` inside a `template`, as htmx does, and adds it to the tree outside the page.
    fn import(&mut self, text: &str) -> Result<NodeId, String> {
        let start = text.trim_start().get(..9).unwrap_or_default().to_ascii_lowercase();
        if start.starts_with("<!doctype") || start.starts_with("<html") {
            return Err("a whole page was sent where a fragment belongs".to_owned());
        }
        let text = text
            .replace("<hx-partial", "<template hx type=\"partial\"")
            .replace("</hx-partial>", "</template>");
        let parsed = Html::parse_document(&format!("<template>{text}</template>"));
        let root = self.html.tree.extend_tree(parsed.tree).id();
        let tree = &self.html.tree;
        let content = tree
            .get(root)
            .and_then(|root| root.descendants().find(|node| node.value().is_fragment()));
        content.map(|content| content.id()).ok_or_else(|| "the fragment was not parsed".to_owned())
    }

    fn take_title(&mut self, fragment: NodeId) -> Option<String> {
        let title = self.matches(fragment, "title").into_iter().find(|id| {
            let parents = self.html.tree.get(*id).into_iter().flat_map(|node| node.ancestors());
            !parents.filter_map(ElementRef::wrap).any(|parent| parent.value().name() == "svg")
        })?;
        let text = collapse(self.element(title)?.text());
        self.detach(title);
        (!text.is_empty()).then_some(text)
    }

    fn out_of_band_tasks(&mut self, fragment: NodeId, source: NodeId) -> Result<Vec<Task>, String> {
        let mut tasks = Vec::new();
        for id in self.matches(fragment, "[hx-swap-oob]") {
            let Some(element) = self.element(id) else { continue };
            let value = element.attr("hx-swap-oob").unwrap_or_default().to_owned();
            let own = element.attr("id").map(|id| format!("#{id}"));
            let first = value.split_whitespace().next().unwrap_or_default();
            let (style, named) = match first.rsplit_once(':') {
                Some((style, selector)) => (style.to_owned(), Some(selector.to_owned())),
                None => (value, None),
            };
            let style = if style.is_empty() || style == "true" { "outerHTML" } else { &style };
            let spec = Spec::parse(style);
            let target = spec.target.clone().or(named).or(own);
            let target = target.ok_or("an out-of-band part has no id")?;
            let target = self.resolve(source, &target)?;
            self.detach(id);
            self.remove_attribute(id, "hx-swap-oob");
            let strip = spec.strip.unwrap_or(!spec.style.starts_with("outer"));
            let content = if strip { self.children(id) } else { vec![id] };
            tasks.push(Task { target, style: spec.style, content });
        }
        Ok(tasks)
    }

    fn partial_tasks(&mut self, fragment: NodeId, source: NodeId) -> Result<Vec<Task>, String> {
        let mut tasks = Vec::new();
        for id in self.matches(fragment, "template[hx]") {
            let Some(element) = self.element(id) else { continue };
            let target = element.attr("hx-target").map(ToOwned::to_owned);
            let target = target.or_else(|| element.attr("id").map(|id| format!("#{id}")));
            let spec = Spec::parse(element.attr("hx-swap").unwrap_or_default());
            let target = target.ok_or("a partial has no target")?;
            let target = self.resolve(source, &target)?;
            let content = self.children(id).into_iter().flat_map(|id| self.children(id)).collect();
            self.detach(id);
            tasks.push(Task { target, style: spec.style, content });
        }
        Ok(tasks)
    }

    fn resolve(&self, source: NodeId, selector: &str) -> Result<NodeId, String> {
        let found = match selector.split_once(' ') {
            _ if selector == "this" => Some(source),
            Some(("closest", css)) => self.closest(source, css),
            Some(("find", css)) => self.matches(source, css).into_iter().next(),
            _ => self.find(selector).map(|element| element.id()),
        };
        found.ok_or_else(|| format!("nothing on the page matches the target {selector:?}"))
    }

    fn closest(&self, source: NodeId, css: &str) -> Option<NodeId> {
        let all: Vec<NodeId> = self.select(css).iter().map(|element| element.id()).collect();
        let node = self.html.tree.get(source)?;
        std::iter::once(node)
            .chain(node.ancestors())
            .map(|node| node.id())
            .find(|id| all.contains(id))
    }

    fn insert(&mut self, task: &Task) -> Result<(), String> {
        let target = task.target;
        match task.style.as_str() {
            "innerHTML" | "innerMorph" => {
                let old = self.children(target);
                self.keep_typed(task, &old);
                for id in old {
                    self.detach(id);
                }
                self.append(target, &task.content);
            }
            "textContent" => {
                let text = task.content.iter().filter_map(|id| self.element(*id));
                let text = text.flat_map(|element| element.text()).collect::<String>();
                self.clear(target);
                if let Some(mut target) = self.html.tree.get_mut(target) {
                    target.append(Node::Text(scraper::node::Text { text: text.into() }));
                }
            }
            "outerHTML" | "outerMorph" => {
                self.keep_typed(task, &[target]);
                self.insert_before(target, &task.content);
                self.detach(target);
            }
            "beforebegin" => self.insert_before(target, &task.content),
            "afterbegin" => match self.children(target).first() {
                Some(first) => self.insert_before(*first, &task.content),
                None => self.append(target, &task.content),
            },
            "beforeend" => self.append(target, &task.content),
            "afterend" => self.insert_after(target, &task.content),
            "delete" => self.detach(target),
            other => return Err(format!("{other:?} is no way to swap")),
        }
        Ok(())
    }

    /// Keeps the typed text of the controls that a morph keeps.
    fn keep_typed(&mut self, task: &Task, old: &[NodeId]) {
        if !task.style.ends_with("Morph") {
            return;
        }
        let of = |dom: &Self, roots: &[NodeId]| -> Vec<(String, NodeId)> {
            let below = roots.iter().flat_map(|root| dom.matches(*root, "[id]"));
            let named = |id: NodeId| Some((dom.element(id)?.attr("id")?.to_owned(), id));
            below.filter_map(named).collect()
        };
        let new = of(self, &task.content);
        for (name, old) in of(self, old) {
            let stays = new.iter().find(|(other, _)| *other == name);
            if let (Some((_, id)), Some(typed)) = (stays, self.typed.remove(&old)) {
                self.typed.insert(*id, typed);
            }
        }
    }

    /// Moves the focus: htmx focuses `autofocus` in new content, and `app.js` prefers the first
    /// control in error, which in a radio group is the first one, and focuses the content of a new
    /// page.
    fn move_focus(&mut self, main: Option<&Task>) {
        let Some(main) = main else { return };
        let is_page =
            self.element(main.target).and_then(|target| target.attr("id")) == Some("main");
        let wrong = "[aria-invalid=true]:not(fieldset), [aria-invalid=true] input";
        let wanted = [wrong, "[autofocus]"].iter().find_map(|css| {
            main.content.iter().find_map(|root| self.matches(*root, css).first().copied())
        });
        self.focus = wanted.or(is_page.then_some(main.target)).or(self.focus);
    }

    fn set_title(&mut self, text: &str) {
        let Some(title) = self.find("head > title").map(|title| title.id()) else { return };
        self.clear(title);
        if let Some(mut title) = self.html.tree.get_mut(title) {
            title.append(Node::Text(scraper::node::Text { text: text.into() }));
        }
    }
}

impl Spec {
    fn parse(text: &str) -> Self {
        let mut spec =
            Self { style: "innerHTML".to_owned(), target: None, strip: None, swap_empty: None };
        for (index, word) in text.split_whitespace().enumerate() {
            match word.split_once(':') {
                None if index == 0 => word.clone_into(&mut spec.style),
                Some(("target", target)) => spec.target = Some(target.to_owned()),
                Some(("strip", value)) => spec.strip = Some(value == "true"),
                Some(("swapEmpty", value)) => spec.swap_empty = Some(value == "true"),
                _ => {}
            }
        }
        spec.style = match spec.style.as_str() {
            "before" => "beforebegin".to_owned(),
            "after" => "afterend".to_owned(),
            "prepend" => "afterbegin".to_owned(),
            "append" => "beforeend".to_owned(),
            _ => spec.style,
        };
        spec
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<!DOCTYPE html><html lang=en><title>Old</title><nav id=nav>old</nav>\
        <div id=flash>was</div><main id=main><form id=f hx-target=this><input id=a name=a></form>\
        </main>";

    fn swapped(target: &str, style: &str, body: &str) -> Dom {
        let mut dom = Dom::parse(PAGE);
        dom.fill("f", "a", "typed").unwrap();
        let source = dom.by_id("f").unwrap().id();
        dom.swap(&Swap { source, target, style, body }).unwrap();
        dom
    }

    #[test]
    fn a_form_in_error_takes_the_place_of_the_form_and_the_focus() {
        let body = "<form id=f><input id=a name=a aria-invalid=true></form>";

        let dom = swapped("this", "outerHTML", body);

        assert_eq!(dom.select("form").len(), 1);
        assert_eq!(dom.focused().unwrap().attr("id"), Some("a"));
        assert_eq!(dom.submission("f", None).unwrap().fields, [("a".to_owned(), String::new())]);
    }

    #[test]
    fn a_radio_group_in_error_takes_the_focus_to_its_first_button() {
        let body = "<form id=f><fieldset aria-invalid=true><input id=a name=a type=radio>\
            <input id=a-2 name=a type=radio></fieldset></form>";

        let dom = swapped("this", "outerHTML", body);

        assert_eq!(dom.focused().unwrap().attr("id"), Some("a"));
    }

    #[test]
    fn a_page_change_brings_title_navbar_and_flash() {
        let body = "<title>New</title><h1>Hi</h1><nav id=nav hx-swap-oob=true>new</nav>\
            <div id=flash hx-swap-oob=innerHTML><p>done</p></div>";

        let dom = swapped("#main", "innerHTML transition:true", body);

        assert_eq!(dom.title(), "New");
        assert_eq!(dom.visible_text(), "new done Hi");
        assert!(dom.find("#main > nav").is_none() && dom.find("[hx-swap-oob]").is_none());
        assert_eq!(dom.focused().unwrap().attr("id"), Some("main"));
    }

    #[test]
    fn a_partial_and_a_row_of_a_table_are_parsed_as_htmx_parses_them() {
        let body =
            "<hx-partial hx-target=\"#nav\" hx-swap=beforeend><tr><td>x</td></tr></hx-partial>";

        let dom = swapped("#main", "innerHTML", body);

        assert_eq!(dom.select("#nav > tr > td").len(), 1);
        assert!(dom.by_id("f").is_some(), "an answer of partials only leaves the target alone");
    }

    #[test]
    fn a_morph_keeps_what_is_typed() {
        let dom = swapped("this", "outerMorph", "<form id=f><input id=a name=a></form>");

        let sent = dom.submission("f", None).unwrap();
        assert_eq!(sent.fields, [("a".to_owned(), "typed".to_owned())]);
    }

    #[test]
    fn answers_that_htmx_would_lose_are_errors() {
        let mut dom = Dom::parse(PAGE);
        let source = dom.by_id("f").unwrap().id();
        let mut error = |target, body| {
            dom.swap(&Swap { source, target, style: "innerHTML", body }).unwrap_err()
        };

        assert!(error("#nowhere", "<p>").contains("#nowhere"));
        assert!(error("this", "<p id=lost hx-swap-oob=true>").contains("#lost"));
        assert!(error("this", "<!DOCTYPE html><p>").contains("whole page"));
    }
}
