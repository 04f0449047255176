//! The terms of a search, in each form that a row may have, and the parts of them that the index
//! of trigrams finds fast. Wildcards in a term have no effect.

use domain::{former_search_key, search_key};
use sea_orm::{
    Condition, ExprTrait,
    sea_query::{Expr, LikeExpr},
};

use crate::entities::user::Column;

/// The length of a trigram, in letters and digits.
const TRIGRAM: usize = 3;

/// The search term, in each form that a row may have.
pub(super) struct Terms(Vec<String>);

impl Terms {
    pub(super) fn of(search: &str) -> Self {
        let mut terms = vec![search_key(search), former_search_key(search)];
        terms.dedup();
        terms.retain(|term| !term.is_empty());
        Self(terms)
    }

    /// Returns whether there is no term, so that the search finds all users.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn any(&self, condition: impl FnMut(&String) -> String) -> String {
        let conditions: Vec<String> = self.0.iter().map(condition).collect();
        format!("({})", conditions.join(" OR "))
    }

    pub(super) fn condition(&self) -> Condition {
        self.0.iter().fold(Condition::any(), |any, term| {
            let like = LikeExpr::new(like(term)).escape('\\');
            any.add(Expr::col(Column::SearchText).like(like))
        })
    }

    pub(super) fn have_trigrams(&self) -> bool {
        self.0.iter().all(|term| !trigrams(term).is_empty())
    }

    pub(super) fn trigrams(&self) -> Vec<String> {
        let mut all: Vec<String> = self.0.iter().flat_map(|term| trigrams(term)).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// Returns all sequences of three letters or digits in the term.
pub(super) fn trigrams(term: &str) -> Vec<String> {
    let chars: Vec<char> = term.chars().collect();
    let within_word = |window: &&[char]| window.iter().all(|c| c.is_alphanumeric());
    chars.windows(TRIGRAM).filter(within_word).map(|window| window.iter().collect()).collect()
}

/// Returns the longest parts of the term that are within a word and have no common trigram.
pub(super) fn rare_parts(term: &str, common: &[String]) -> Vec<String> {
    let chars: Vec<char> = term.chars().collect();
    let is_rare = |window: &[char]| {
        let trigram: String = window.iter().collect();
        window.iter().all(|c| c.is_alphanumeric()) && !common.contains(&trigram)
    };
    let mut parts: Vec<String> = Vec::new();
    let mut goes_on = false;
    for window in chars.windows(TRIGRAM) {
        let is_part = is_rare(window);
        match parts.last_mut().filter(|_| goes_on) {
            Some(part) if is_part => part.extend(window.last()),
            _ if is_part => parts.push(window.iter().collect()),
            _ => {}
        }
        goes_on = is_part;
    }
    parts
}

/// Returns the pattern for `LIKE … ESCAPE '\\'` that matches texts with `text` in them.
pub(super) fn like(text: &str) -> String {
    let escaped = text.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    format!("%{escaped}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_term_without_common_trigrams_are_looked_up() {
        let common = ["use", "ser", "exa"].map(str::to_owned);
        for (term, parts) in [
            ("user 12345", &["12345"][..]),
            ("user12@", &["er12"]),
            ("example", &["xample"]),
            ("ada user lee", &["ada", "lee"]),
            ("user", &[]),
            ("u% a_", &[]),
        ] {
            assert_eq!(rare_parts(term, &common), parts, "{term}");
        }
    }
}
