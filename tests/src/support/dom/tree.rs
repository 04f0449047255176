//! The changes to the tree of a document that swaps need.

use ego_tree::NodeId;
use scraper::{ElementRef, Node, Selector};

use super::{Dom, Typed, select_in};

impl Dom {
    pub(crate) fn element(&self, id: NodeId) -> Option<ElementRef<'_>> {
        self.html.tree.get(id).and_then(ElementRef::wrap)
    }

    /// Returns `root` and the elements below it that match `css`.
    pub(crate) fn matches(&self, root: NodeId, css: &str) -> Vec<NodeId> {
        let Some(root) = self.html.tree.get(root) else { return Vec::new() };
        let itself = ElementRef::wrap(root)
            .filter(|element| Selector::parse(css).is_ok_and(|selector| selector.matches(element)));
        itself.into_iter().chain(select_in(root, css)).map(|element| element.id()).collect()
    }

    pub(super) fn children(&self, id: NodeId) -> Vec<NodeId> {
        let node = self.html.tree.get(id);
        node.into_iter().flat_map(|node| node.children()).map(|child| child.id()).collect()
    }

    pub(super) fn is_empty(&self, fragment: NodeId) -> bool {
        self.html.tree.get(fragment).is_none_or(|fragment| {
            fragment.children().all(|child| match child.value() {
                Node::Text(text) => text.trim().is_empty(),
                Node::Element(_) => false,
                _ => true,
            })
        })
    }

    /// Removes the children of an element.
    pub(crate) fn clear(&mut self, id: NodeId) {
        for child in self.children(id) {
            self.detach(child);
        }
    }

    pub(super) fn detach(&mut self, id: NodeId) {
        if let Some(mut node) = self.html.tree.get_mut(id) {
            node.detach();
        }
    }

    pub(super) fn append(&mut self, parent: NodeId, content: &[NodeId]) {
        if let Some(mut parent) = self.html.tree.get_mut(parent) {
            for id in content {
                parent.append_id(*id);
            }
        }
    }

    pub(super) fn insert_before(&mut self, sibling: NodeId, content: &[NodeId]) {
        if let Some(mut sibling) = self.html.tree.get_mut(sibling) {
            for id in content {
                sibling.insert_id_before(*id);
            }
        }
    }

    pub(super) fn insert_after(&mut self, sibling: NodeId, content: &[NodeId]) {
        if let Some(mut sibling) = self.html.tree.get_mut(sibling) {
            for id in content.iter().rev() {
                sibling.insert_id_after(*id);
            }
        }
    }

    pub(super) fn remove_attribute(&mut self, id: NodeId, name: &str) {
        if let Some(mut node) = self.html.tree.get_mut(id)
            && let Node::Element(element) = node.value()
        {
            element.attrs.retain(|(attribute, _)| &*attribute.local != name);
        }
    }

    pub(super) fn typed(&self, id: NodeId) -> Option<&Typed> {
        self.typed.get(&id)
    }

    pub(super) fn set_typed(&mut self, id: NodeId, typed: Typed) {
        self.typed.insert(id, typed);
    }
}
