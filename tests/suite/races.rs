//! Simultaneous requests for the same thing: one succeeds, and none gets an error page. On each
//! available database, with all threads.

use auth::{AdminSecret, SeedAdmin};
use domain::{DisplayName, EmailAddress, Password};
use tests::{
    Answer, Backend, Browser, TestApp, Transport,
    support::{browser::RawRequest, database::Database},
};

use crate::{
    cast::MIA,
    fault_steps::{
        NEW_PASSWORD, Operator, PASSWORD, at_once, count_of, form, form_again, postgres_database,
        send_at_once, signing_up, sqlite_url,
    },
    flows::sign_up,
    people::{log_in, mails_sent, newest_link, user_page},
};

const SEED: &[&str] = &["seed-admin", "--email", "ada@example.test", "--password-stdin"];

fn browser(app: &TestApp) -> Browser {
    app.browser(Transport::Plain)
}

async fn app_with_mia(backend: Backend) -> (TestApp, Browser) {
    let app = TestApp::on(backend, |_| {}).await;
    let mut browser = browser(&app);
    sign_up(&mut browser, MIA).await;
    (app, browser)
}

/// Path and query of a reset link that was just mailed.
async fn reset_link(app: &TestApp, browser: &mut Browser) -> String {
    form(browser, "/forgot-password", &[("email", MIA)]).await.send().await;
    newest_link(app, MIA, "/reset-password/").await
}

fn session_of(answer: &Answer) -> Option<String> {
    let cookies = answer.cookies();
    let session = cookies.iter().find(|cookie| cookie.name == "__Host-latchkey-session")?;
    Some(format!("{}={}", session.name, session.value))
}

/// Whether the session of these cookies is alive.
async fn is_alive(browser: &Browser, cookies: &str) -> bool {
    let profile = browser.raw("GET", "/profile").with_cookies(Some(cookies.to_owned()));
    match profile.send().await {
        answer if answer.status() == 200 => true,
        answer if answer.status() == 303 => false,
        other => panic!("{} {}", other.status, other.body),
    }
}

/// REG-03, RAC-01.
#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_sign_ups_with_one_address_one_makes_the_account() {
    for backend in Backend::available() {
        let app = TestApp::on(backend, |_| {}).await;
        let mut browser = browser(&app);
        browser.visit("/signup").await;
        let spellings = [MIA, "Mia@Example.Test", " mia@example.test "];
        let forms = (0..20)
            .map(|n| form_again(&browser, "/signup", &signing_up(spellings[n % spellings.len()])));

        let answers = send_at_once(forms).await;

        assert_eq!((count_of(&answers, 303), count_of(&answers, 422)), (1, 19), "{backend:?}");
        assert_eq!(app.count("users").await, 1, "{backend:?}");
    }
}

/// RST-04, RAC-01.
#[tokio::test(flavor = "multi_thread")]
async fn of_twelve_uses_of_a_reset_link_one_sets_the_password() {
    for backend in Backend::available() {
        let (app, mut browser) = app_with_mia(backend).await;
        let link = reset_link(&app, &mut browser).await;
        browser.visit(&link).await;
        let passwords: Vec<_> = (0..12).map(|n| format!("{NEW_PASSWORD} {n}")).collect();
        let forms = passwords.iter().map(|new| form_again(&browser, &link, &[("password", new)]));

        let answers = send_at_once(forms).await;

        assert_eq!((count_of(&answers, 303), count_of(&answers, 410)), (1, 11), "{backend:?}");
        let log_ins = passwords.iter().map(|password| {
            form_again(&browser, "/login", &[("email", MIA), ("password", password)])
        });
        let answers = send_at_once(log_ins).await;
        assert_eq!((count_of(&answers, 303), count_of(&answers, 422)), (1, 11), "{backend:?}");
    }
}

/// RAC-02, RST-09.
#[tokio::test(flavor = "multi_thread")]
async fn a_log_in_beside_a_password_reset_leaves_no_session_of_the_old_password() {
    for backend in Backend::available() {
        let (app, mut browser) = app_with_mia(backend).await;
        let mut old = PASSWORD.to_owned();
        let mut winners = 0;
        for round in 0..50 {
            let link = reset_link(&app, &mut browser).await;
            let new = format!("{NEW_PASSWORD} {round}");
            browser.visit(&link).await;
            let log_in = form_again(&browser, "/login", &[("email", MIA), ("password", &old)]);
            let reset = form_again(&browser, &link, &[("password", &new)]);

            let (log_in, reset) = if round % 2 == 0 {
                tokio::join!(log_in.send(), reset.send())
            } else {
                let (reset, log_in) = tokio::join!(reset.send(), log_in.send());
                (log_in, reset)
            };

            assert_eq!(reset.status(), 303, "{backend:?} {round}: {}", reset.body);
            assert!(matches!(log_in.status(), 303 | 422), "{backend:?} {round}: {}", log_in.body);
            if let Some(session) = session_of(&log_in) {
                winners += 1;
                assert!(!is_alive(&browser, &session).await, "{backend:?} {round}");
            }
            assert_eq!(app.count("sessions").await, 0, "{backend:?} {round}");
            mails_sent(&app).await;
            old = new;
        }
        assert!(winners > 0, "{backend:?}: no log-in was ever first, so nothing was tried");
    }
}

/// SES-06; of SES-07 and RAC-03 the part that reads: the note of the last use is written
/// every 15 seconds, which is not waited for here.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_goes_on_during_a_log_out_revives_the_session() {
    for backend in Backend::available() {
        let (app, mut browser) = app_with_mia(backend).await;
        for round in 0..20 {
            log_in(&mut browser, MIA).await;
            let session = browser.cookies().session().expect("a session").value.clone();
            let session = format!("__Host-latchkey-session={session}");
            let profile = || browser.raw("GET", "/profile");
            let log_out = form_again(&browser, "/logout", &[]);
            let others = [profile(), profile(), log_out, profile(), profile()];

            let answers = send_at_once(others).await;

            assert!(answers.iter().all(|answer| answer.status.as_u16() < 400), "{backend:?}");
            assert!(!is_alive(&browser, &session).await, "{backend:?} {round}");
            assert_eq!(app.count("sessions").await, 0, "{backend:?} {round}");
            browser.cookies_mut().clear();
        }
    }
}

async fn seed(app: &TestApp, email: &str) {
    let seed = SeedAdmin {
        email: EmailAddress::parse(email).unwrap(),
        name: DisplayName::parse("Ada").unwrap(),
        secret: AdminSecret::Password(Password::parse(PASSWORD).unwrap()),
        promote: false,
    };
    app.accounts().administration().seed_admin(seed).await.unwrap();
}

/// ADM-03, RAC-04.
#[tokio::test(flavor = "multi_thread")]
async fn two_admins_who_demote_each_other_leave_one_admin() {
    for backend in Backend::available() {
        let app = TestApp::on(backend, |settings| {
            settings.session.cache_ttl = std::time::Duration::ZERO;
        })
        .await;
        for round in 0..10 {
            app.database.execute("UPDATE users SET role = 'user'").await;
            let emails = [format!("ada{round}@example.test"), format!("bob{round}@example.test")];
            let mut admins = Vec::new();
            for email in &emails {
                seed(&app, email).await;
                let mut browser = browser(&app);
                log_in(&mut browser, email).await;
                admins.push(browser);
            }
            let forms = [
                demotion(&app, &mut admins[0], &emails[1]).await,
                demotion(&app, &mut admins[1], &emails[0]).await,
            ];

            let answers = send_at_once(forms).await;

            let statuses: Vec<_> = answers.iter().map(Answer::status).collect();
            let is_told = |status: &u16| matches!(status, 303 | 403 | 422);
            assert!(statuses.iter().all(is_told), "{backend:?} {round}: {statuses:?}");
            let left = app.database.texts("SELECT email FROM users WHERE role = 'admin'").await;
            assert_eq!(left.len(), 1, "{backend:?} {round}: {left:?}");
        }
    }
}

/// The form with which an admin makes a user of the admin `email`.
async fn demotion(app: &TestApp, admin: &mut Browser, email: &str) -> RawRequest {
    let page = admin.visit(&user_page(app, email).await).await;
    let form = page.dom().find("form[id^=role-form]").and_then(|form| form.attr("action"));
    let action = form.expect("the page has the form").to_owned();
    form_again(admin, &action, &[("role", "user")])
}

/// SES-15.
#[tokio::test(flavor = "multi_thread")]
async fn a_user_has_twenty_sessions_at_most_also_after_log_ins_at_once() {
    for backend in Backend::available() {
        let (app, mut browser) = app_with_mia(backend).await;
        browser.visit("/login").await;
        let fields = [("email", MIA), ("password", PASSWORD)];

        let answers = send_at_once((0..30).map(|_| form_again(&browser, "/login", &fields))).await;

        assert_eq!(count_of(&answers, 303), 30, "{backend:?}");
        assert_eq!(app.count("sessions").await, 20, "{backend:?}");
        let mut alive = 0;
        for answer in &answers {
            alive += usize::from(is_alive(&browser, &session_of(answer).unwrap()).await);
        }
        assert_eq!(alive, 20, "{backend:?}");
    }
}

/// An empty database of each kind that is there, for processes.
async fn databases(folder: &tempfile::TempDir) -> Vec<String> {
    let postgres = postgres_database().await.map(|(url, _)| url);
    std::iter::once(sqlite_url(folder.path())).chain(postgres).collect()
}

/// RAC-07.
#[tokio::test]
async fn of_four_migrators_at_once_one_migrates_and_the_others_wait() {
    let folder = tempfile::tempdir().unwrap();
    for database in databases(&folder).await {
        let path = folder.path().to_owned();
        let migrators = (0..4).map(|_| Operator::on(&path, &database));

        let done = at_once(migrators.map(async |xtask| xtask.run(&["migrate"]).await)).await;

        let printed: Vec<_> = done.into_iter().map(crate::fault_steps::Done::succeeded).collect();
        let idle = printed.iter().filter(|text| text.trim() == "nothing to do").count();
        assert_eq!(idle, 3, "{printed:?}");
        let check = Operator::on(&path, &database).run(&["migrate", "status", "--check"]).await;
        assert!(!check.succeeded().contains("pending"));
    }
}

/// REG-16, RAC-04.
#[tokio::test]
async fn an_admin_who_is_seeded_four_times_at_once_is_one_admin() {
    let folder = tempfile::tempdir().unwrap();
    for database in databases(&folder).await {
        let path = folder.path().to_owned();
        Operator::on(&path, &database).run(&["migrate"]).await.succeeded();
        let operators = (0..4).map(|_| Operator::on(&path, &database));

        let done = at_once(operators.map(async |xtask| xtask.run_with(SEED, PASSWORD).await)).await;

        let printed: Vec<_> = done.into_iter().map(crate::fault_steps::Done::succeeded).collect();
        let idle = printed.iter().filter(|text| text.contains("already")).count();
        assert_eq!(idle, 3, "{printed:?}");
        assert_eq!(Database::connect(&database).await.count("users").await, 1);
    }
}
