//! Every form that takes an address from an anonymous visitor, and what can be asked next: nothing
//! tells whether the address has an account.

use std::collections::BTreeSet;

use reqwest::Method;
use scraper::ElementRef;
use tests::{
    Answer, Backend, Browser, TestApp, Transport,
    support::dom::{Dom, select_in},
};
use web::{Policy, RouteInfo};
use xtask::mail_catcher::{Fault, Stage};

use super::{
    seen::Seen,
    standing::{Age, Standing, scene},
};
use crate::{
    factors,
    flows::ask_for_reset,
    people::{self, LEA, MIA, PASSWORD, ZOE, mails_sent},
};

/// What a stranger tries to log in with.
pub(super) const STRANGERS: &str = "three swans in a van";

/// A stranger who uses a form, and what the stranger sees.
pub(super) struct Walk<'a> {
    pub(super) app: &'a TestApp,
    browser: Browser,
    pub(super) email: String,
    pub(super) seen: Vec<Seen>,
    pub(super) hashed: Vec<u64>,
}

impl<'a> Walk<'a> {
    pub(super) async fn begin(app: &'a TestApp, transport: Transport, email: String) -> Self {
        let mut browser = app.browser(transport);
        browser.visit("/login").await;
        Self { app, browser, email, seen: Vec::new(), hashed: Vec::new() }
    }

    pub(super) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) {
        let token = self.browser.csrf_token();
        let fields = [fields, &[("csrf_token", token.as_str())]].concat();
        // Else it would be chance whether a page says that the mail is out.
        self.app.mailbox.catcher().set_fault(Fault::HoldAt(Stage::Connect));
        let before = self.app.accounts().operations().hash_count();
        let answer = self.send("POST", path, &fields).await;
        self.hashed.push(self.app.accounts().operations().hash_count() - before);
        self.note(&answer);
    }

    /// What the page says once every mail is out.
    pub(super) async fn get(&mut self, path: &str) {
        self.app.mailbox.catcher().set_fault(Fault::None);
        mails_sent(self.app).await;
        let answer = self.send("GET", path, &[]).await;
        self.note(&answer);
    }

    /// Sends what a browser would, and keeps the cookies.
    async fn send(&mut self, method: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = self.browser.raw(method, path).same_origin();
        let request = if fields.is_empty() { request } else { request.form(fields) };
        let request = match self.browser.transport() {
            Transport::Plain => request,
            Transport::HtmxPartial => request.htmx_partial(),
            Transport::HtmxFull => request.htmx_partial().header("hx-request-type", "full"),
        };
        let answer = request.send().await;
        self.browser.keep_cookies(&answer);
        answer
    }

    fn note(&mut self, answer: &Answer) {
        let token = self.browser.csrf_token();
        self.seen.push(Seen::of(answer, &[&self.email, &token]));
    }
}

/// The one place where a new form is given its steps, and the runs of Argon2 that its
/// own posts take.
async fn walk(route: &str, walk: &mut Walk<'_>) -> Vec<u64> {
    let email = &walk.email.clone();
    let log_in = [("email", &**email), ("password", STRANGERS)];
    match route {
        "/login" => {
            walk.post(route, &log_in).await;
            vec![1]
        }
        "/forgot-password" | "/login/forgot-password" => {
            walk.post(route, &[("email", email)]).await;
            walk.get("/forgot-password/sent").await;
            walk.post("/forgot-password/resend", &[]).await;
            walk.app.clock.advance(auth::RESEND_PAUSE);
            walk.post("/forgot-password/resend", &[]).await;
            walk.get("/forgot-password/sent").await;
            walk.get("/login").await;
            vec![0, 0, 0]
        }
        "/signup/check" => {
            let sign_up = [("email", &**email), ("name", "Eve"), ("password", STRANGERS)];
            for field in ["email", "password"] {
                walk.post(route, &[&sign_up[..], &[("field", field)]].concat()).await;
            }
            vec![0, 0]
        }
        "/signup" => {
            walk.post(route, &[("email", email)]).await;
            wait_for_the_mail(walk).await;
            vec![0, 0, 0, 1, 0, 1]
        }
        "/mailbox/email" => {
            let mistyped = format!("x{email}");
            walk.post("/signup", &[("email", &*mistyped)]).await;
            walk.seen.clear();
            walk.post(route, &[("email", email)]).await;
            wait_for_the_mail(walk).await;
            vec![0, 0, 0, 0, 1, 0, 1]
        }
        other => panic!("write down the steps of {other}"),
    }
}

/// All that the browser can try that waits for a mail to the address: the page, the code, another
/// mail at once, a log-in, another mail later, and a log-in when it is too late.
async fn wait_for_the_mail(walk: &mut Walk<'_>) {
    let email = walk.email.clone();
    walk.get("/mailbox").await;
    walk.get("/mailbox/state").await;
    walk.post("/mailbox/code", &[("code", "ZZZZ-ZZZZ")]).await;
    walk.post("/mailbox/resend", &[]).await;
    walk.post("/login", &[("email", &email), ("password", STRANGERS)]).await;
    walk.get("/login").await;
    walk.get("/mailbox").await;
    walk.app.clock.advance(auth::RESEND_PAUSE);
    walk.post("/mailbox/resend", &[]).await;
    walk.get("/mailbox").await;
    walk.app.clock.advance(auth::PROOF_LIFETIME);
    walk.post("/login", &[("email", &email), ("password", STRANGERS)]).await;
    walk.get("/mailbox").await;
}

/// ENU-01, ENU-02, ENU-03, ENU-08, LOG-02, REG-02, Better Auth #10605.
#[tokio::test]
async fn no_form_tells_what_has_become_of_an_address() {
    let routes = Box::pin(routes_with_an_address()).await;
    let purpose = |route: &str, transport| {
        let number = Transport::ALL.iter().position(|one| *one == transport);
        format!("{}{}", route.replace('/', ""), number.expect("it is one of all"))
    };
    let purposes: Vec<_> = routes
        .iter()
        .flat_map(|route| Transport::ALL.map(|transport| purpose(route, transport)))
        .collect();
    let other = Backend::available().pop().expect("SQLite is always there");
    for (backend, age) in [(Backend::Sqlite, Age::Fresh), (other, Age::Old)] {
        let app = scene(backend, age, &purposes).await;
        for transport in Transport::ALL {
            for route in &routes {
                let mut walks = Vec::new();
                for standing in Standing::ALL {
                    let email = standing.email(&purpose(route, transport));
                    let mails = app.count("outbox").await;
                    let mut one = Walk::begin(&app, transport, email).await;
                    let runs = walk(route, &mut one).await;
                    let what = format!("{backend:?} {age:?} {transport:?} {route} {standing:?}");
                    assert_eq!(one.hashed, runs, "{what}");
                    walks.push((what, one.seen, app.count("outbox").await - mails));
                }
                assert_alike(&walks);
            }
        }
    }
}

/// That at each step there is one answer, and in the end as many mails.
#[track_caller]
fn assert_alike(walks: &[(String, Vec<Seen>, usize)]) {
    let [(first, expected, mails), others @ ..] = walks else { return };
    for (what, seen, sent) in others {
        for (step, (one, other)) in expected.iter().zip(seen).enumerate() {
            assert_eq!(one, other, "step {step} of {first} and of {what}");
        }
        assert_eq!((expected.len(), mails), (seen.len(), sent), "{what}");
    }
}

/// The answers do not tell a former password from a wrong one either: no one learns that a disabled
/// or deleted account existed.
#[tokio::test]
async fn the_right_password_of_an_account_that_is_shut_is_a_wrong_one() {
    for backend in Backend::available() {
        let app = scene(backend, Age::Old, &["own".to_owned()]).await;
        for transport in Transport::ALL {
            for standing in [Standing::Disabled, Standing::Deleted] {
                let email = standing.email("own");
                let mut walk = Walk::begin(&app, transport, email.clone()).await;
                for password in [STRANGERS, PASSWORD] {
                    walk.post("/login", &[("email", &email), ("password", password)]).await;
                }

                let what = format!("{backend:?} {transport:?} {standing:?}");
                assert_eq!(walk.seen[0], walk.seen[1], "{what}");
                assert_eq!((walk.seen[0].status, walk.hashed), (422, vec![1, 1]), "{what}");
            }
        }
    }
}

/// Every route that an anonymous visitor may post to and that has a form with a field for an
/// address, from the forms of the pages.
async fn routes_with_an_address() -> BTreeSet<&'static str> {
    let is_open = |route: &&RouteInfo| matches!(route.policy, Policy::Anyone | Policy::Anonymous);
    let table = tests::account_routes();
    let mut open: Vec<_> = table.iter().filter(is_open).collect();
    open.retain(|route| route.path != "/dev/mail");
    let app = TestApp::start().await;
    for email in [MIA, ZOE, LEA, "ida@example.test", "eva@example.test"] {
        people::sign_up(&app, email).await;
    }
    let proof = people::proof(&app, ZOE).await;
    let browser = app.browser(Transport::Plain);
    let mut forgetful = app.browser(Transport::Plain);
    ask_for_reset(&mut forgetful, ZOE).await;
    let others = forgetful.cookies().header("/").unwrap_or_default();
    let email = "amy@example.test";
    people::sign_up(&app, email).await;
    factors::protect(&app, email).await;
    let pending = factors::pending_cookie(&app, email).await;
    let own = format!("{}={}; {}={pending}", people::PROOF, proof.cookie, factors::PENDING);
    let waiting = format!("{own}; {others}");
    let (mut found, mut with_address) = (BTreeSet::new(), BTreeSet::new());
    for route in open.iter().filter(|route| route.method == Method::GET) {
        let path = match route.path {
            "/reset-password/{token}" => people::reset_path(&app, MIA).await,
            "/not-me/{token}" => people::compromise_report_path(&app, "ida@example.test").await,
            "/confirm-address/{token}" => proof.path.clone(),
            "/undo-email/{token}" => people::real_path(&app, route.path, "eva@example.test").await,
            other => people::real_path(&app, other, LEA).await,
        };
        let page = browser.raw("GET", &path).with_cookies(Some(waiting.clone())).send().await;
        assert!(page.status() < 400, "{path}: {}", page.body);
        for (action, takes_address) in forms(&Dom::parse(&page.body)) {
            let mut posts = open.iter().filter(|route| route.method == Method::POST);
            let to = posts.find(|route| fits(route.path, &action));
            let to = to.unwrap_or_else(|| panic!("{} has a form for {action}", route.path));
            found.insert(to.path);
            with_address.extend(takes_address.then_some(to.path));
        }
    }
    let posts = open.iter().filter(|route| route.method == Method::POST);
    let posts: BTreeSet<_> = posts.map(|route| route.path).collect();
    assert_eq!(found, posts, "every form is on a page that was looked at");
    with_address
}

/// Where the forms of the page lead, those that htmx sends for a field too, and whether
/// they take an address.
fn forms(page: &Dom) -> Vec<(String, bool)> {
    let takes_address = |sender: ElementRef<'_>| {
        let parents = sender.ancestors().filter_map(ElementRef::wrap);
        let form = std::iter::once(sender).chain(parents).find(|it| it.value().name() == "form");
        let fields = form.map(|form| select_in(*form, "[type=email], [name=email]"));
        fields.is_some_and(|fields| !fields.is_empty())
    };
    let senders = page.select("form[method=post], [hx-post], [formaction]");
    let actions = senders.into_iter().flat_map(|sender| {
        let actions = ["action", "hx-post", "formaction"].into_iter();
        let actions = actions.filter_map(move |name| sender.attr(name));
        actions.map(move |action| (action.to_owned(), takes_address(sender)))
    });
    actions.collect()
}

/// Whether the path is one of the pattern.
fn fits(pattern: &str, path: &str) -> bool {
    let parts = |text: &str| text.split('/').map(ToOwned::to_owned).collect::<Vec<_>>();
    let (pattern, path) = (parts(pattern), parts(path));
    let fits = |(part, given): (&String, &String)| part.starts_with('{') || part == given;
    pattern.len() == path.len() && pattern.iter().zip(&path).all(fits)
}
