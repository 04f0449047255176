//! Acme Notes as its visitors see it: in three transports, on SQLite and on PostgreSQL where that
//! is found, as owner, stranger, editor and anonymous visitor.

#![expect(clippy::unwrap_used, reason = "an expectation that does not hold is a failed test")]

use auth::Order;
use domain::{EmailAddress, Role};
use tests::{Backend, Browser, TestApp, Transport};

const OWNER: &str = "ada@acme.example";
const STRANGER: &str = "mallory@acme.example";

/// Runs the test in every transport on every database.
async fn everywhere(test: impl AsyncFn(&TestApp, Transport)) {
    for backend in Backend::available() {
        for transport in Transport::ALL {
            let app = TestApp::of(notes::app(), backend, |_| {}).await;
            test(&app, transport).await;
            app.stop().await;
        }
    }
}

async fn editor(app: &TestApp, transport: Transport, email: &str) -> Browser {
    let browser = app.logged_in(transport, email).await;
    let email = EmailAddress::parse(email).unwrap();
    let administration = app.accounts().administration();
    for order in [Order::Confirm, Order::SetRole(Role::named("editor"))] {
        administration.order(&email, order).await.unwrap();
    }
    browser
}

/// Writes a note; returns the path of its form.
async fn write(browser: &mut Browser, title: &str, body: &str) -> String {
    browser.visit("/notes/new").await;
    let form = browser.form("note-form").fill("title", title).fill("body", body);
    let page = form.submit().await;
    assert_eq!(page.flash(), "Note saved.");
    page.link(title).unwrap()
}

#[tokio::test]
async fn the_owner_writes_changes_and_deletes_a_note() {
    everywhere(async |app, transport| {
        let mut owner = app.logged_in(transport, OWNER).await;
        assert_eq!(owner.path(), "/notes", "the landing page");
        let path = write(&mut owner, "Milk", "two litres\n\nor three").await;

        owner.visit(&path).await;
        assert_eq!(
            owner.page().field("note-form", "body").unwrap().value,
            "two litres\n\nor three"
        );
        let page = owner.form("note-form").fill("title", "Oat milk").submit().await;
        assert!(page.link("Oat milk").is_some() && page.link("Milk").is_none());

        let id = path.rsplit('/').next().unwrap();
        let page = owner.form(&format!("delete-form-{id}")).submit().await;
        assert_eq!(page.flash(), "Note deleted.");
        assert_eq!(app.count("notes").await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_note_with_errors_comes_back_as_it_was_typed() {
    everywhere(async |app, transport| {
        let mut owner = app.logged_in(transport, OWNER).await;
        owner.visit("/notes/new").await;
        let long = "x".repeat(121);
        let form = owner.form("note-form").fill("title", &long).fill("body", "\n a\n<b>");

        let page = form.submit().await;

        assert_eq!(page.status(), 422);
        assert!(page.field_error("title").is_some() && page.field_error("body").is_none());
        assert_eq!(page.field("note-form", "body").unwrap().value, "\n a\n<b>");
        assert_eq!(app.count("notes").await, 0);
    })
    .await;
}

#[tokio::test]
async fn nobody_else_sees_a_note() {
    everywhere(async |app, transport| {
        let mut owner = app.logged_in(transport, OWNER).await;
        let path = write(&mut owner, "Secret", "mine").await;
        let mut stranger = editor(app, transport, STRANGER).await;

        assert_eq!(stranger.visit(&path).await.status(), 404);
        assert!(!stranger.visit("/notes").await.visible_text().contains("Secret"));
        for action in ["", "/delete", "/publish"] {
            let token = stranger.csrf_token();
            let fields = [("csrf_token", token.as_str()), ("title", "Mine"), ("body", "now")];
            let request = stranger.raw("POST", &format!("{path}{action}"));
            let answer = request.same_origin().form(&fields).send().await;
            assert_eq!(answer.status(), 404, "{action}");
        }
        let mut anonymous = app.browser(transport);
        anonymous.visit(&path).await;
        assert!(anonymous.path().starts_with("/login?next="), "{}", anonymous.path());
        assert_eq!(app.database.texts("SELECT title FROM notes").await, ["Secret"]);
    })
    .await;
}

#[tokio::test]
async fn editors_publish_and_everyone_reads() {
    everywhere(async |app, transport| {
        let mut user = app.logged_in(transport, STRANGER).await;
        let path = write(&mut user, "Draft", "not yet").await;
        let token = user.csrf_token();
        let request = user.raw("POST", &format!("{path}/publish")).same_origin();
        let refused = request.form(&[("csrf_token", &token)]).send().await;
        assert_eq!(refused.status(), 403);

        let mut editor = editor(app, transport, OWNER).await;
        let path = write(&mut editor, "News", "first line\nsecond line").await;
        let id = path.rsplit('/').next().unwrap();
        let page = editor.form(&format!("publish-form-{id}")).submit().await;
        assert_eq!(page.flash(), "Note published.");

        let mut anonymous = app.browser(transport);
        let text = anonymous.visit("/published").await.visible_text();
        assert!(text.contains("News") && text.contains("second line"), "{text}");
        assert!(!text.contains("Draft"), "{text}");
        let mail = app.mailbox.wait_for_link(OWNER, "/published").await;
        assert_eq!(mail.subject, "Your note is published on Acme Notes");
        let timeline = editor.visit("/settings/security").await.visible_text();
        assert!(timeline.contains("Note published"), "{timeline}");
    })
    .await;
}

#[tokio::test]
async fn a_long_list_has_pages() {
    everywhere(async |app, transport| {
        let mut owner = app.logged_in(transport, OWNER).await;
        for number in 0..21 {
            app.clock.advance(std::time::Duration::from_secs(1));
            write(&mut owner, &format!("Note {number:02}"), "text").await;
        }
        let page = owner.visit("/notes").await;
        assert!(page.link("Note 20").is_some() && page.link("Note 00").is_none());

        let page = owner.click("Older").await;

        assert!(page.link("Note 00").is_some() && page.link("Note 01").is_none());
    })
    .await;
}

#[tokio::test]
async fn the_notes_are_exported_with_the_account_and_deleted_with_it() {
    for backend in Backend::available() {
        let app = TestApp::of(notes::app(), backend, |_| {}).await;
        let mut owner = app.logged_in(Transport::Plain, OWNER).await;
        write(&mut owner, "Milk", "two litres").await;
        owner.visit("/settings/data").await;
        let token = owner.csrf_token();
        let request = owner.raw("POST", "/settings/data/export").same_origin();
        let export = request.form(&[("csrf_token", &token)]).send().await;
        assert!(export.header("content-disposition").unwrap().contains("acme-notes-data.json"));
        let (_, notes) = export.body.split_once("\"notes\"").expect("the notes are in the file");
        assert!(notes.contains("\"title\": \"Milk\""), "{notes}");
        assert!(notes.contains("\"created_at\": \"20"), "{notes}");

        let email = EmailAddress::parse(OWNER).unwrap();
        app.accounts().administration().order(&email, Order::Delete).await.unwrap();

        assert_eq!((app.count("notes").await, app.count("users").await), (0, 0));
        assert_eq!(app.database.references_that_keep_users().await, [""; 0]);
        app.stop().await;
    }
}

#[tokio::test]
async fn the_brand_is_on_every_page_and_in_the_cookies() {
    let app = TestApp::of(notes::app(), Backend::Sqlite, |_| {}).await;
    let mut owner = app.logged_in(Transport::Plain, OWNER).await;

    assert!(owner.cookies().get("__Host-acme-notes-session").is_some());
    let profile = owner.visit("/profile").await;
    assert_eq!(profile.h1(), "Ada’s notebook");
    assert!(profile.body().contains("<title>Profile · Acme Notes</title>"));
    for path in ["/", "/login", "/settings", "/no-such-page"] {
        let body = owner.visit(path).await.body().to_lowercase();
        assert!(body.contains("acme notes") && !body.contains("latchkey"), "{path}: {body}");
        assert!(!body.contains("deutsch"), "English only");
    }
}
