//! Text as people type, copy and write it: what is forgiven, kept and counted.

use tests::TestApp;

use super::sign_up;
use crate::flows::{MIA, PASSWORD, can_log_in};

/// TXT-01: characters that are copied along with an address or a name are no part of it.
#[tokio::test]
async fn invisible_characters_around_an_address_or_a_name_are_forgiven() {
    let app = TestApp::start().await;
    let typed = [
        ("\u{a0}a@example.test\u{feff}", "\u{3000}Mia\u{200b}"),
        ("\u{200b}b@example.test\r\n", "Mia\u{2800}"),
        (" c@example.test\u{200e}", "\u{ad}Mia "),
    ];
    for (email, name) in typed {
        assert_eq!(sign_up(&app, email, name, PASSWORD).await.status(), 303, "{email:?}");
        assert!(can_log_in(&app, email, PASSWORD).await, "{email:?}");
    }

    let stored = app.database.texts("SELECT email || name FROM users ORDER BY 1").await;
    assert_eq!(stored, ["a@example.testMia", "b@example.testMia", "c@example.testMia"]);
}

/// TXT-02: invisible characters that shape the letters of a name belong to it.
#[tokio::test]
async fn a_name_that_people_have_is_stored_as_they_write_it() {
    let app = TestApp::start().await;
    for (at, name) in [
        "葛\u{e0100}城 山田",
        "🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f} Mia",
        "👩🏽\u{200d}🚀 Ada",
        "علی\u{200c}رضا",
        "Nguyễn Thị Hậu",
        "J.R.R. Tolkien",
        "St.Patrick",
        "Dr. No",
    ]
    .into_iter()
    .enumerate()
    {
        let email = format!("user{at}@example.test");
        assert_eq!(sign_up(&app, &email, name, PASSWORD).await.status(), 303, "{name}");
        let stored = format!("SELECT name FROM users WHERE email = '{email}'");
        assert_eq!(app.database.texts(&stored).await, [name]);
    }
}

/// REG-05, TXT-03: one character that stands for eighteen is one.
#[tokio::test]
async fn a_password_of_few_characters_that_stand_for_many_is_too_short() {
    let app = TestApp::start().await;

    let answer = sign_up(&app, MIA, "Mia", "\u{fdfa}").await;

    assert_eq!(answer.status(), 422);
    assert!(answer.body.contains("at least 15 characters"), "{}", answer.body);
}
