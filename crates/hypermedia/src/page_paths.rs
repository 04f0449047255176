//! The addresses of the pages of this site. They tell a page to go on to from any other
//! address, which is refused (open redirect).

use crate::extract::LocalPath;

/// Segments of the longest path below a page.
const DEPTH: usize = 4;

/// The paths of the pages, as patterns with `{name}` for a parameter.
#[derive(Clone, Debug)]
pub struct PagePaths(Vec<&'static str>);

impl PagePaths {
    /// The paths that a visitor can be sent to.
    pub const fn new(patterns: Vec<&'static str>) -> Self {
        Self(patterns)
    }

    /// Reads the address of one of the pages; anything else is `None`.
    pub fn find(&self, address: &str) -> Option<LocalPath> {
        let path = LocalPath::parse(address)?;
        self.0.iter().any(|pattern| matches(pattern, path.path())).then_some(path)
    }

    /// The page at the address, else the one above it: what a form leads to may stand
    /// where no page is. Anything else is the home page.
    pub fn nearest(&self, address: &str) -> LocalPath {
        let found = self.find(address);
        let local = LocalPath::parse(address);
        let mut path = local.as_ref().map_or("", LocalPath::path);
        let mut above = || {
            path = path.rsplit_once('/')?.0;
            Some(self.find(path))
        };
        let found = found.or_else(|| (0..DEPTH).map_while(|_| above()).flatten().next());
        found.unwrap_or_else(|| LocalPath::of("/"))
    }
}

/// Whether `path` is one of those that the pattern stands for.
pub(crate) fn matches(pattern: &str, path: &str) -> bool {
    let mut wanted = pattern.split('/');
    let mut given = path.split('/');
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(name), Some(value)) if name.starts_with('{') && !value.is_empty() => {}
            (Some(name), Some(value)) if name == value => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_stands_for_one_segment() {
        assert!(matches("/", "/"));
        assert!(matches("/a/{id}/b", "/a/7/b"));
        for wrong in ["/a//b", "/a/7/8/b", "/a/7", "/a/7/b/", "/A/7/b"] {
            assert!(!matches("/a/{id}/b", wrong), "{wrong}");
        }
    }

    #[test]
    fn an_action_lies_nearest_to_the_page_above_it() {
        let pages = PagePaths::new(vec!["/", "/a", "/a/b/{id}"]);
        for (address, page) in [
            ("/a?q=1", "/a?q=1"),
            ("/a/b/7", "/a/b/7"),
            ("/a/b/7/end?q=1", "/a/b/7"),
            ("/a/b", "/a"),
            ("/b", "/"),
            ("/a/1/2/3/4/5/6/7", "/"),
            ("", "/"),
            ("//e.x/a", "/"),
            ("https://e.x/a", "/"),
        ] {
            assert_eq!(pages.nearest(address).as_str(), page, "{address}");
        }
    }
}
