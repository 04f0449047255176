//! What people type into addresses: no attribute leads where it says, and no header for
//! htmx holds it.

use tests::{Answer, TestApp, Transport, support::dom::Dom};

use crate::{
    flows::post,
    people::{self, ADA, PASSWORD},
};

const HOSTILE: &[&str] = &[
    "javascript:alert(1)",
    "//evil.test/x",
    "https://evil.test/x",
    "/\\evil.test",
    "{\"path\":\"//evil.test\",\"x\":1}",
];
/// What htmx takes for an address.
const ADDRESSES: &[&str] =
    &["href", "src", "action", "formaction", "hx-get", "hx-post", "hx-push-url", "hx-replace-url"];

/// OUT-04.
#[tokio::test]
async fn no_address_on_a_page_is_what_a_visitor_typed() {
    let app = TestApp::start().await;
    people::seed_admin(&app, ADA).await;
    let mut admin = people::logged_in(&app, Transport::Plain, ADA).await;
    let mut nobody = app.browser(Transport::Plain);
    nobody.visit("/login").await;
    for &text in HOSTILE {
        let query: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        app.database.execute(&format!("UPDATE users SET name = '{text}'")).await;
        for path in ["/profile", "/admin/users", &format!("/admin/users?q={query}&page={query}")] {
            assert_addresses_are_local(&admin.raw("GET", path).send().await, path);
        }
        for path in ["/login", "/signup", "/forgot-password", "/"] {
            let path = format!("{path}?next={query}&email={query}&q={query}");
            assert_addresses_are_local(&nobody.raw("GET", &path).send().await, &path);
        }
        let fields = [("email", text), ("name", text), ("password", text), ("next", text)];
        for path in ["/login", "/signup", "/forgot-password"] {
            assert_addresses_are_local(&post(&nobody, path, &fields).await, path);
        }
    }
    admin.visit("/profile").await;
}

/// OUT-04: nor does a mail lead anywhere but to the site, by what is shown or by what is
/// read, and the page of mails makes no other link of it.
#[tokio::test]
async fn no_link_in_a_mail_is_what_a_visitor_typed() {
    let app = TestApp::with(|settings| {
        settings.environment = web::Environment::Development;
    })
    .await;
    for (n, text) in HOSTILE.iter().copied().enumerate() {
        let email = format!("mia{n}@example.test");
        people::sign_up(&app, &email).await;
        let name = format!("UPDATE users SET name = '{text}' WHERE email = '{email}'");
        app.database.execute(&name).await;
        people::compromise_report_path(&app, &email).await;
        people::real_path(&app, "/undo-email/{token}", &email).await;
        people::mails_sent(&app).await;

        let mails = app.mailbox.all_to(&email).await;

        assert!(mails.len() > 2, "{text}: {}", mails.len());
        assert!(mails.iter().any(|mail| mail.text.contains(text)), "{text} is shown");
        let own = app.public_url().as_str();
        for mail in mails {
            let dom = Dom::parse(&mail.html);
            let links = dom.select("[href], [src]");
            assert!(!links.is_empty(), "{}", mail.html);
            for link in links {
                let to = link.attr("href").or(link.attr("src")).unwrap_or_default();
                assert!(to.starts_with(own), "{text}: {to}");
            }
        }
        let page = app.browser(Transport::Plain).raw("GET", "/dev/mail").send().await;
        assert!(Dom::parse(&page.body).find("article").is_some(), "{}", page.body);
        for link in Dom::parse(&page.body).select("article a") {
            let to = link.attr("href").unwrap_or_default();
            assert!(to.starts_with(own), "{text}: {to}");
        }
    }
}

/// OUT-10: also where nothing refuses it and the page echoes it.
#[tokio::test]
async fn headers_for_htmx_hold_constants_and_local_paths_alone() {
    let app = TestApp::start().await;
    people::seed_admin(&app, ADA).await;
    let mut nobody = app.browser(Transport::Plain);
    nobody.visit("/login").await;
    let token = nobody.csrf_token();
    let mut seen = 0;
    for &text in HOSTILE {
        for (path, password) in [
            ("/login", PASSWORD),
            ("/login", text),
            ("/signup", text),
            ("/forgot-password", text),
            ("/logout", text),
            ("/nowhere", text),
        ] {
            let fields = [
                ("csrf_token", token.as_str()),
                ("email", if password == PASSWORD { ADA } else { text }),
                ("name", text),
                ("password", password),
                ("next", text),
                ("field", text),
            ];
            let request = nobody.raw("POST", path).same_origin().htmx_partial().form(&fields);
            let answer = request.header("hx-target", text).header("hx-source", text).send().await;
            for (name, value) in &answer.headers {
                if name.as_str().starts_with("hx-") {
                    seen += 1;
                    let value = value.to_str().expect("text");
                    assert!(is_ours(name.as_str(), value), "{path}: {name}: {value}");
                }
            }
        }
    }
    assert!(seen > 5 * HOSTILE.len(), "{seen} headers");
}

fn is_ours(name: &str, value: &str) -> bool {
    match name {
        "hx-retarget" => matches!(value, "#main" | "#alerts"),
        "hx-reswap" => matches!(value, "outerHTML" | "innerHTML" | "innerHTML transition:true"),
        "hx-push-url" | "hx-redirect" => matches!(value, "/profile" | "/login"),
        _ => false,
    }
}

fn assert_addresses_are_local(answer: &Answer, what: &str) {
    let dom = Dom::parse(&answer.body);
    let mut seen = 0;
    for &name in ADDRESSES {
        for element in dom.select(&format!("[{name}]")) {
            let value = element.attr(name).unwrap_or_default();
            seen += 1;
            let is_local = value.starts_with(['/', '#']) && !value.starts_with("//");
            assert!(is_local && !value.contains('\\'), "{what}: {name}={value:?}");
        }
    }
    assert!(seen > 3, "{what}: {}", answer.body);
}
