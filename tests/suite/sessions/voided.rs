//! What is left of everything that opens or changes an account, after each thing that
//! changes who may be in it.

use auth::{ChangePassword, Client, Order, ResetPassword};
use domain::{EmailAddress, FactorKind, Password, Principal, Token};
use tests::{TestApp, Transport};

use crate::{
    factors,
    flows::{MIA, NEW_PASSWORD, PASSWORD, logged_in, make_user},
    people::{self, newest_link},
};

const OLD: &str = "old@example.test";
const NEW: &str = "new@example.test";

/// What opens or changes an account, and where it is.
const KINDS: &[(&str, &str)] = &[
    ("session", "SELECT hex(id_hash) FROM sessions"),
    ("reset link", "SELECT hex(token_hash) FROM tokens"),
    ("notice link", "SELECT hex(token_hash) FROM notice_links"),
    (
        "new address",
        "SELECT hex(token_hash) FROM address_proofs WHERE purpose = 'email_change' \
            AND user_id > '' AND used_at IS NULL",
    ),
    (
        "sign-up proof",
        "SELECT hex(token_hash) FROM address_proofs WHERE purpose = 'sign_up' AND user_id > '' \
            AND used_at IS NULL",
    ),
    ("way back", "SELECT hex(undo_hash) FROM email_changes"),
    ("pending log-in", "SELECT hex(id_hash) FROM pending_log_ins"),
    ("remembered browser", "SELECT hex(id_hash) FROM remembered_browsers"),
    ("held form", "SELECT hex(token_hash) FROM held_forms"),
];

/// What changes who may be in an account.
#[derive(Clone, Copy, Debug)]
enum Change {
    Reset,
    CompromiseReport,
    Undo,
    Password,
    Email,
    Deletion,
    Disable,
    FactorAdded,
    FactorRemoved,
}

/// What is mailed to the owner, and who acts.
struct Scene {
    app: TestApp,
    principal: Principal,
    undo: Token,
    notice: Token,
    confirm: Token,
    reset: Token,
}

impl Change {
    const ALL: [Self; 9] = [
        Self::Reset,
        Self::CompromiseReport,
        Self::Undo,
        Self::Password,
        Self::Email,
        Self::Deletion,
        Self::Disable,
        Self::FactorAdded,
        Self::FactorRemoved,
    ];

    const fn leaves(self) -> &'static [&'static str] {
        match self {
            Self::Reset | Self::CompromiseReport | Self::Disable => &["way back", "held form"],
            Self::Undo => &["held form"],
            // The session goes on under another id.
            Self::Password => &["notice link", "sign-up proof", "way back", "held form"],
            Self::Email => &["session", "notice link", "sign-up proof", "way back", "held form"],
            Self::Deletion => &["notice link", "way back", "held form"],
            // The session goes on under another id.
            Self::FactorAdded => {
                &["reset link", "notice link", "sign-up proof", "way back", "held form"]
            }
            Self::FactorRemoved => {
                &["session", "notice link", "sign-up proof", "way back", "held form"]
            }
        }
    }

    async fn come(self, scene: &Scene) {
        let Scene { app, principal, undo, notice, confirm, reset } = scene;
        let (accounts, client) = (app.accounts(), Client::new([192, 0, 2, 1].into(), "tests"));
        let new = Password::parse(NEW_PASSWORD).unwrap();
        match self {
            Self::Reset => {
                let reset = ResetPassword { token: reset.clone(), password: new };
                accounts.credentials().reset_password(reset, &client).await.unwrap();
            }
            Self::CompromiseReport => {
                accounts.credentials().report_compromise(notice, &client).await.unwrap();
            }
            Self::Undo => drop(accounts.account().undo_email_change(undo, &client).await.unwrap()),
            Self::Password => {
                let change = ChangePassword { current: Password::parse(PASSWORD).unwrap(), new };
                accounts
                    .credentials()
                    .change_password(principal, change, None, &client)
                    .await
                    .unwrap();
            }
            Self::Email => {
                accounts
                    .account()
                    .confirm_email_change(confirm, Some(principal), &client)
                    .await
                    .unwrap();
            }
            Self::Deletion => {
                accounts.account().request_deletion(principal, &client).await.unwrap();
            }
            Self::Disable => {
                let email = EmailAddress::parse(MIA).unwrap();
                accounts.administration().order(&email, Order::Disable).await.unwrap();
            }
            Self::FactorAdded => drop(factors::add_app(app, principal, "Phone").await),
            Self::FactorRemoved => {
                let id = (FactorKind::AuthenticationApp, factors::plant_app(app, MIA).await);
                accounts.account().remove_factor(principal, id, &client).await.unwrap();
            }
        }
    }
}

fn token(path: &str) -> Token {
    path.rsplit('/').next().unwrap().parse().unwrap()
}

/// An account of which there is one of each kind, and some sessions and notices.
async fn scene() -> Scene {
    let app = TestApp::start().await;
    make_user(&app, OLD).await;
    let undo = token(&people::undo_path(&app, OLD, MIA).await);
    logged_in(&app, Transport::Plain, MIA).await;
    let principal = people::principal(&app, MIA).await;
    let notice = token(&newest_link(&app, MIA, "/not-me/").await);
    let confirm = token(&people::confirm_path(&app, MIA, NEW).await);
    people::real_path(&app, "/sudo/{token}", MIA).await;
    app.database.execute("UPDATE users SET confirmed_at = NULL").await;
    app.accounts().registration().send_proof(&principal).await.unwrap();
    let reset = token(&people::reset_path(&app, MIA).await);
    for (table, columns, values) in [
        ("pending_log_ins", "remember, tries_left, created_at", "false, 5, 1"),
        ("remembered_browsers", "ip_address, user_agent, created_at, last_used_at", "'', '', 1, 1"),
    ] {
        let sql = format!(
            "INSERT INTO {table} (id_hash, user_id, expires_at, {columns}) \
             SELECT randomblob(32), id, 4102444800000, {values} FROM users WHERE email = '{MIA}'"
        );
        app.database.execute(&sql).await;
    }
    Scene { app, principal, undo, notice, confirm, reset }
}

async fn things(app: &TestApp) -> Vec<(&'static str, Vec<String>)> {
    let mut things = Vec::new();
    for &(kind, sql) in KINDS {
        things.push((kind, app.database.texts(sql).await));
    }
    things
}

/// LOG-06, RST-06, SES-13, LOG-13, MFA-11: a new kind of link is not forgotten.
#[tokio::test]
async fn each_change_of_who_may_be_in_an_account_voids_what_it_has_to_and_no_more() {
    for change in Change::ALL {
        let scene = Box::pin(scene()).await;
        let before = things(&scene.app).await;
        assert!(before.iter().all(|(_, of_kind)| !of_kind.is_empty()), "{before:?}");

        change.come(&scene).await;

        let after = things(&scene.app).await;
        let stays = |of_kind: &[String]| {
            after.iter().any(|(_, now)| of_kind.iter().any(|it| now.contains(it)))
        };
        let left = before.iter().filter(|(_, of_kind)| stays(of_kind)).map(|(kind, _)| *kind);
        assert_eq!(left.collect::<Vec<_>>(), change.leaves(), "{change:?}");
    }
    let tables = "SELECT t.name FROM sqlite_schema t, pragma_table_info(t.name) c \
                  WHERE t.type = 'table' AND c.name = 'user_id' ORDER BY 1";
    let known =
        |table: &String| KINDS.iter().any(|(_, sql)| sql.contains(&format!("FROM {table}")));
    let mut others = TestApp::start().await.database.texts(tables).await;
    others.retain(|table| !known(table));
    // An invitation with a user has made that account, and opens nothing any more.
    let alone = [
        "authentication_apps",
        "invitations",
        "outbox",
        "passkeys",
        "recovery_codes",
        "security_events",
    ];
    assert_eq!(others, alone, "they open nothing alone");
}
