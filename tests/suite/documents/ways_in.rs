//! The page of the ways in says what the table of the code says.

use auth::WAYS_IN;

use super::read;

/// DOC-01, MFA-03: every way in, in the order of the table, and no other.
#[test]
fn the_page_of_the_ways_in_is_the_table_of_the_code() {
    let page = read("docs/ways-in.md");
    let table = page.split("\n\n").find(|part| part.starts_with("| way |")).expect("a table");
    let printed: Vec<_> = table.lines().skip(2).map(ToOwned::to_owned).collect();

    let expected: Vec<_> = WAYS_IN
        .iter()
        .map(|facts| {
            let begins = facts
                .way
                .gives()
                .map_or_else(|| "no session".to_owned(), |assurance| format!("`{assurance}`"));
            let cells = [facts.name, facts.needs, &begins, facts.limit, facts.lifetime, facts.next];
            format!("| {} |", cells.join(" | "))
        })
        .collect();

    assert_eq!(printed, expected, "{}", expected.join("\n"));
    for (place, facts) in WAYS_IN.iter().enumerate() {
        assert!(WAYS_IN.iter().skip(place + 1).all(|other| other.way != facts.way), "{facts:?}");
    }
}
