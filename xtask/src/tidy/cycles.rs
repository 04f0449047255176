//! Finds dependency cycles between the modules of a crate. A module is a file. It depends on every
//! module of its crate that it names in a `use` declaration or in a path. Neither the declaration
//! of a child nor a re-export is a dependency: a re-exported name resolves to the module that
//! defines it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Source, Violation, paths, rules};

/// The path of a module from the crate root; empty for the root itself.
type Module = Vec<String>;

/// The modules of one crate.
struct Tree<'a> {
    sources: BTreeMap<Module, &'a Source>,
    /// The re-exported names of each module, with the modules that define them.
    reexports: BTreeMap<Module, BTreeMap<String, Module>>,
}

/// Returns the dependency cycles of the crate whose sources are under `folder`, such as
/// `crates/store/src/`. Of cycles that share a module, only the first is reported.
pub(super) fn check(sources: &[Source], folder: &str) -> Vec<Violation> {
    let tree = Tree::new(sources, folder);
    let edges: BTreeMap<&Module, BTreeSet<Module>> =
        tree.sources.keys().map(|module| (module, tree.dependencies(module))).collect();
    let mut reported: BTreeSet<&Module> = BTreeSet::new();
    let mut violations = Vec::new();
    for module in tree.sources.keys() {
        let Some(cycle) = shortest_cycle(module, &edges) else { continue };
        if cycle.iter().any(|member| reported.contains(*member)) {
            continue;
        }
        let names: Vec<String> = cycle.iter().map(|member| name(member)).collect();
        reported.extend(cycle);
        if let Some(source) = tree.sources.get(module) {
            let what = format!(
                "is in a dependency cycle: {}; move the shared code to another module",
                names.join(" → ")
            );
            violations.push(Violation::new(&source.path, 1, what));
        }
    }
    violations
}

fn name(module: &Module) -> String {
    if module.is_empty() { "crate".to_owned() } else { module.join("::") }
}

/// Returns the modules on the shortest cycle through `start`.
fn shortest_cycle<'a>(
    start: &'a Module,
    edges: &'a BTreeMap<&'a Module, BTreeSet<Module>>,
) -> Option<Vec<&'a Module>> {
    let mut ways: Vec<Vec<&Module>> = vec![vec![start]];
    let mut seen = BTreeSet::new();
    while !ways.is_empty() {
        let mut longer = Vec::new();
        for way in ways {
            let Some(next) = way.last().and_then(|last| edges.get(*last)) else { continue };
            if next.contains(start) {
                return Some(way);
            }
            let new = next.iter().filter(|module| seen.insert(*module));
            longer.extend(new.map(|module| [way.as_slice(), &[module]].concat()));
        }
        ways = longer;
    }
    None
}

impl<'a> Tree<'a> {
    fn new(sources: &'a [Source], folder: &str) -> Self {
        let own = sources.iter().filter_map(|source| Some((module(&source.path, folder)?, source)));
        let mut tree = Self { sources: own.collect(), reexports: BTreeMap::new() };
        let modules: Vec<Module> = tree.sources.keys().cloned().collect();
        // A re-export of a re-export resolves only after the inner one. Three passes resolve chains
        // of up to three.
        for _ in 0..3 {
            for module in &modules {
                let names = tree.reexported(module);
                tree.reexports.insert(module.clone(), names);
            }
        }
        tree
    }

    fn reexported(&self, module: &Module) -> BTreeMap<String, Module> {
        let paths = self.named(module).into_iter().filter(|path| path.is_reexport);
        let named = paths.filter_map(|path| {
            let name = path.segments.last()?.clone();
            Some((name, self.resolve(module, &path.segments)?))
        });
        named.collect()
    }

    fn dependencies(&self, module: &Module) -> BTreeSet<Module> {
        let paths = self.named(module).into_iter().filter(|path| !path.is_reexport);
        let named = paths.filter_map(|path| self.resolve(module, &path.segments));
        named.filter(|other| other != module).collect()
    }

    fn named(&self, module: &Module) -> Vec<paths::NamedPath> {
        let Some(source) = self.sources.get(module) else { return Vec::new() };
        let children: Vec<&str> = self.children(module).collect();
        let length = rules::length_without_tests(source);
        let code: Vec<&str> = source.text.lines().take(length).collect();
        let mut named = paths::named(&code.join("\n"), &children);
        for path in &mut named {
            if path.segments.first().is_some_and(|first| children.contains(&first.as_str())) {
                path.segments.insert(0, "self".to_owned());
            }
        }
        named
    }

    fn children(&self, module: &Module) -> impl Iterator<Item = &str> {
        let depth = module.len();
        let below = self.sources.keys().filter(move |other| other.len() == depth + 1);
        let below = below.filter(move |other| other.starts_with(module));
        below.filter_map(|child| child.last()).map(String::as_str)
    }

    /// Returns the module that the path refers to when it is used in `module`.
    fn resolve(&self, module: &Module, segments: &[String]) -> Option<Module> {
        let mut at = module.clone();
        for (index, segment) in segments.iter().enumerate() {
            match segment.as_str() {
                "crate" => at.clear(),
                "self" => {}
                "super" => drop(at.pop()?),
                name => {
                    let child = [at.as_slice(), &[name.to_owned()]].concat();
                    if self.sources.contains_key(&child) {
                        at = child;
                    } else if let Some(home) = self.reexports.get(&at).and_then(|it| it.get(name)) {
                        let rest = segments.get(index + 1..).unwrap_or_default();
                        return self.resolve(home, rest);
                    } else {
                        return Some(at);
                    }
                }
            }
        }
        Some(at)
    }
}

/// Returns the module of a file under `folder`, or `None` for binaries and for files of unit tests.
fn module(path: &str, folder: &str) -> Option<Module> {
    let path = path.strip_prefix(folder)?.strip_suffix(".rs")?;
    let path = path.strip_suffix("/mod").unwrap_or(path);
    if path == "main" || path.ends_with("tests") || path.contains("tests/") {
        return None;
    }
    Some(if path == "lib" { Vec::new() } else { path.split('/').map(str::to_owned).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cycles(files: &[(&str, &str)]) -> Vec<String> {
        let source = |(path, text): &(&str, &str)| Source {
            path: format!("c/src/{path}"),
            text: (*text).to_owned(),
        };
        let sources: Vec<Source> = files.iter().map(source).collect();
        check(&sources, "c/src/").into_iter().map(|violation| violation.what).collect()
    }

    #[test]
    fn modules_that_name_each_other_are_a_cycle() {
        let found = cycles(&[
            ("lib.rs", "mod a; mod b; mod c;"),
            ("a.rs", "use crate::b::B;"),
            ("b.rs", "fn b() { crate::c::c(); }"),
            ("c.rs", "use crate::{a::A, d};"),
        ]);

        assert_eq!(
            found,
            ["is in a dependency cycle: a → b → c; move the shared code to another module"]
        );
    }

    #[test]
    fn declarations_and_re_exports_are_no_dependencies_but_are_resolved() {
        let files = [
            ("lib.rs", "mod a; mod b; pub use a::A; pub use b::B;"),
            ("a/mod.rs", "mod child; pub(crate) use child::C;\nstruct A;"),
            ("a/child.rs", "use crate::B;"),
            ("b.rs", "use std::fmt;"),
        ];
        assert_eq!(cycles(&files), [""; 0]);

        let back = [files[0], files[1], files[2], ("b.rs", "use crate::a::C;")];
        assert_eq!(
            cycles(&back),
            ["is in a dependency cycle: a::child → b; move the shared code to another module"]
        );
    }

    #[test]
    fn a_child_that_names_the_parent_that_uses_it_is_a_cycle() {
        let files =
            [("a/mod.rs", "mod child;\nuse self::child::C;"), ("a/child.rs", "use super::A;")];
        assert_eq!(cycles(&files).len(), 1);

        let tested =
            [files[0], ("a/child.rs", "#[cfg(test)]\nmod tests {\n    use super::super::A;")];
        assert_eq!(cycles(&tested).len(), 0);
    }
}
