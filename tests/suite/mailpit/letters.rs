//! Every kind of mail, in each language, as another program reads it.

use auth::mail::MailKind;
use domain::Language;
use serde_json::Value;
use tests::{Mail, TestApp, support::mailpit::Mailpit};

use super::{causes::Scene, confirmed_app};

/// What a mail has in its head.
const HEADERS: &[&str] = &[
    "auto-submitted",
    "content-language",
    "content-type",
    "date",
    "from",
    "message-id",
    "mime-version",
    "subject",
    "to",
];
/// What Mailpit adds.
const NOTED: &[&str] = &["received", "return-path"];
/// What a mail can do without in a program that does not know it: it is plainer then, and
/// says the same. Of the body nothing is asked but that what is in it is shown.
const SPARED: &[&str] = &[
    "css-at-media",
    "css-border-radius",
    "css-max-width",
    "css-text-decoration",
    "css-word-break",
    "html-body",
    "html-style",
];
/// How much of a mail may mean nothing to some programs, in percent; it is between 2.1
/// and 3.7.
const MAX_UNSUPPORTED: f64 = 4.0;

/// A mail, as Mailpit reads it and as we do.
struct Read {
    id: String,
    message: Value,
    ours: Mail,
}

impl Read {
    /// The text at this JSON pointer in what Mailpit reads.
    fn theirs(&self, pointer: &str) -> &str {
        let text = self.message.pointer(pointer).and_then(Value::as_str);
        text.unwrap_or_else(|| panic!("no text at {pointer}: {}", self.message))
    }

    /// How many there are at this pointer; none where there is nothing.
    fn count(&self, pointer: &str) -> usize {
        self.message.pointer(pointer).and_then(Value::as_array).map_or(0, Vec::len)
    }
}

/// Has the app write a mail of this kind to `email`, and finds it.
async fn written(app: &TestApp, email: &str, kind: MailKind, language: Language) -> Read {
    Scene { app, email: email.to_owned(), language }.cause(kind).await;
    let mailpit = app.mailbox.mailpit();
    let mut found = Vec::new();
    for id in mailpit.ids().await {
        let read = Read {
            message: mailpit.message(&id).await,
            ours: Mail::parse(&mailpit.raw(&id).await),
            id,
        };
        let is_it = read.theirs("/Subject") == app::BRAND.fill(kind.subject(language));
        if is_it && read.theirs("/To/0/Address") == email {
            found.push(read);
        }
    }
    assert_eq!(found.len(), 1, "{kind:?} in {language}");
    found.remove(0)
}

/// Has the app write a mail of each kind, and `check` look at it there and then.
async fn each_kind(check: impl AsyncFn(&TestApp, &Read, &str)) {
    for language in Language::ALL {
        let Some(app) = confirmed_app().await else { return };
        for (number, &kind) in MailKind::ALL.iter().enumerate() {
            let email = format!("mia{number}@example.test");
            let read = written(&app, &email, kind, language).await;
            assert_eq!(read.theirs("/To/0/Address"), email);
            check(&app, &read, &format!("{kind:?} in {language}")).await;
        }
    }
}

/// Mail programs differ about the ends of lines, and about the last of all.
fn lines(text: &str) -> Vec<&str> {
    text.trim_end().lines().collect()
}

fn reads_as_we_do(read: &Read, name: &str) {
    let ours = &read.ours;
    assert_eq!(read.theirs("/Subject"), ours.subject, "{name}");
    assert_eq!(read.theirs("/From/Address"), "no-reply@localhost", "{name}");
    assert_eq!(read.theirs("/From/Name"), "Latchkey", "{name}");
    assert_eq!(read.count("/To"), 1, "{name}");
    assert_eq!([read.theirs("/To/0/Address")], *ours.to, "{name}");
    assert_eq!(lines(read.theirs("/Text")), lines(&ours.text), "{name}");
    assert_eq!(lines(read.theirs("/HTML")), lines(&ours.html), "{name}");
    assert!(ours.text.len() > 100 && ours.html.contains("<h1"), "{name}: {}", ours.text);
    assert_eq!(ours.part_types, ["multipart/alternative", "text/plain", "text/html"], "{name}");
    for nothing in ["/Cc", "/Bcc", "/ReplyTo", "/Attachments", "/Inline"] {
        assert_eq!(read.count(nothing), 0, "{name} {nothing}");
    }
    assert_eq!(read.theirs("/ListUnsubscribe/Header"), "", "{name}: nobody subscribed");
}

/// Each header once, and no other.
async fn has_its_headers_alone(mailpit: &Mailpit, read: &Read, name: &str) {
    let headers = mailpit.headers(&read.id).await;
    let headers = headers.as_object().expect("headers have names");
    let mut names = Vec::new();
    for (header, values) in headers {
        let header = header.to_lowercase();
        if !NOTED.contains(&header.as_str()) {
            assert_eq!(values.as_array().map(Vec::len), Some(1), "{name} {header}");
            names.push(header);
        }
    }
    names.sort();
    assert_eq!(names, HEADERS, "{name}");
    let header = |name| read.ours.header(name);
    assert_eq!(header("auto-submitted"), Some("auto-generated"), "{name}");
    let language = header("content-language").unwrap_or_default();
    assert!(read.ours.html.contains(&format!("<html lang=\"{language}\">")), "{name}");
    assert!(name.ends_with(language), "{name} is in {language}");
    let id = header("message-id").and_then(|id| id.strip_prefix('<')?.strip_suffix('>'));
    assert_eq!(id, Some(read.theirs("/MessageID")), "{name}");
    assert!(id.is_some_and(|id| id.ends_with("@localhost")), "{name}: {id:?}");
}

/// RST-01: what people are mailed is what was written, whatever program they read it
/// with, and its links lead to where we are.
#[tokio::test]
async fn every_kind_of_mail_arrives_as_it_was_meant_in_each_language() {
    each_kind(async |app, read, name| {
        reads_as_we_do(read, name);
        has_its_headers_alone(app.mailbox.mailpit(), read, name).await;
        let mut opened = app.mailbox.mailpit().open_links(&read.id).await;
        opened.sort();
        let mut links = read.ours.links();
        links.sort();
        let expected: Vec<_> = links.into_iter().map(|link| (link, 200)).collect();
        assert_eq!(opened, expected, "{name}");
        let is_ours = |(link, _): &(String, u64)| link.starts_with(app.public_url().as_str());
        assert!(opened.iter().all(is_ours), "{name}: {opened:?}");
    })
    .await;
}

/// By what is known of some fifty mail programs: each shows it whole, if not alike.
#[tokio::test]
async fn no_mail_needs_what_mail_programs_do_not_know() {
    each_kind(async |app, read, name| {
        let found = app.mailbox.mailpit().check_html(&read.id).await;
        let share = |value: &Value, of: &str| value.pointer(of).and_then(Value::as_f64);
        let unsupported = share(&found, "/Total/Unsupported").expect("a share of the whole");
        assert!(unsupported <= MAX_UNSUPPORTED, "{name}: {unsupported} %");
        let warnings = found.pointer("/Warnings").and_then(Value::as_array);
        for warning in warnings.expect("Mailpit always finds something") {
            let is_known = share(warning, "/Score/Unsupported").is_some_and(|share| share <= 2.0);
            let slug = warning.pointer("/Slug").and_then(Value::as_str).unwrap_or_default();
            assert!(is_known || SPARED.contains(&slug), "{name}: {warning}");
        }
    })
    .await;
}
