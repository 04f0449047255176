//! The end of the wait of a factor reset, wherever a page names it in a sentence: an element that
//! the script puts into the visitor's zone, with the time in UTC for visitors without script.

use tests::{Backend, Page, TestApp, Transport};

use super::{give_password, logged_in_by_code, protected, reset::ask_for_link};
use crate::cast::MIA;

/// The text and the time for machines of the moments in the sentences below `place`.
fn moments(page: &Page, place: &str) -> Vec<(String, String)> {
    let found = page.dom().select(&format!("{place} time[data-exact]"));
    let texts = found.iter().map(|time| (time.text().collect(), time.attr("datetime")));
    texts.map(|(text, at): (String, _)| (text, at.unwrap_or_default().to_owned())).collect()
}

/// Fails unless there is one moment, in the words of the language.
fn assert_told(page: &Page, place: &str, language: &str) {
    let told = moments(page, place);
    let [(text, at)] = told.as_slice() else {
        panic!("{place}: {told:?}: {}", page.visible_text())
    };
    let end = if language == "de" { " Uhr (UTC)" } else { " UTC" };
    assert!(text.ends_with(end), "{place}: {text}");
    assert!(at.ends_with('Z') && at.contains('T'), "{place}: {at}");
}

async fn start(backend: Backend, transport: Transport) -> (TestApp, tests::Browser) {
    let (app, protection) = protected(backend).await;
    let owner = logged_in_by_code(&app, transport, &protection).await;
    (app, owner)
}

#[tokio::test]
async fn the_end_of_a_wait_is_an_element_in_every_sentence() {
    for (transport, language) in Transport::ALL.into_iter().flat_map(|it| [(it, "en"), (it, "de")])
    {
        let (app, owner) = start(Backend::Sqlite, transport).await;
        let mut owner = owner.reading(language);
        let mut browser = app.browser(transport).reading(language);

        let link = ask_for_link(&app, &mut browser, MIA).await;
        assert_told(browser.visit("/login/second/lost").await, "main", language);
        assert_told(browser.visit(&link).await, "main", language);
        let page = browser.form("factor-reset-form").submit().await;
        assert_eq!(page.path(), "/login", "{}", page.visible_text());
        assert_told(page, "#flash", language);

        assert_told(give_password(&mut browser, MIA).await, "main", language);
        assert_told(owner.visit("/profile").await, "aside", language);
    }
}
