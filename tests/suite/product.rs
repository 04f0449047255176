//! What a product adds to the account pages, and what is refused before it serves.

use domain::{Brand, Permission, RoleDefinition};
use hypermedia::{
    navigation::NavigationEntry, page_context::EventLabel, policy::Policy, routes::Routes,
};
use poem::endpoint::make_sync;
use sea_orm_migration::{prelude::*, schema::uuid};
use store::{Change, Changes};
use tests::{Backend, TestApp, Transport};
use web::App;

use crate::people::{ADA, MIA, logged_in, seed_admin};

#[derive(DeriveMigrationName)]
struct WithoutCascade;

impl Change for WithoutCascade {
    fn locks(&self) -> &'static [&'static str] {
        &["users"]
    }
}

#[async_trait::async_trait]
impl MigrationTrait for WithoutCascade {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut owner = ForeignKey::create();
        owner.name("pets_user_id_fkey").from("pets", "user_id").to("users", "id");
        let mut table = Table::create();
        table.table("pets").col(uuid("id").primary_key()).col(uuid("user_id"));
        manager.create_table(table.foreign_key(&mut owner).take()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("pets").take()).await
    }
}

fn pets() -> Changes {
    vec![Box::new(WithoutCascade)]
}

fn route_of(path: &'static str, routes: Routes) -> Routes {
    routes.group(Policy::Anyone, |group| group.get(path, make_sync(|_| poem::Response::default())))
}

const NO_SLUG: Brand = Brand { slug: "", ..Brand::EXAMPLE };
const EDIT: Permission = Permission::named("pages.edit");
const EDITOR: RoleDefinition =
    RoleDefinition { name: "editor", label: |_| "Editor", permissions: &[EDIT] };

fn refusal(app: &App) -> String {
    app.check().expect_err("the product is refused").to_string()
}

/// A product that cannot serve as it is says why before it starts.
#[test]
fn what_the_compiler_cannot_check_is_refused_with_the_reason() {
    let app = || App::new(&Brand::EXAMPLE);
    app().roles(&[EDITOR]).migrations(pets).check().unwrap();
    for (app, reason) in [
        (App::new(&NO_SLUG), "the slug of the brand"),
        (app().roles(&[EDITOR, EDITOR]), "\"editor\" is there twice"),
        (app().routes(|routes| route_of("/login", routes)), "GET /login is routed twice"),
        (app().routes(|routes| route_of("/livez", routes)), "/livez is a path of the server"),
        (app().routes(|routes| route_of("/assets/own.css", routes)), "/assets/own.css is a path"),
        (app().routes(|routes| route_of("/dev/version", routes)), "/dev/version is a path"),
        (app().landing("/pets"), "landing() leads to /pets, which has no page"),
        (app().landing("/"), "landing() leads to /, which has no page"),
        (
            app().navigation(&[NavigationEntry {
                label: |_| "Pets",
                path: "/pets",
                policy: Policy::User,
            }]),
            "the navigation leads to /pets, which has no page",
        ),
        (app().migrations(pets).migrations(pets), "is there twice"),
        (app().events(&[EventLabel { name: "fed", label: |_| "Fed" }]), "\"fed\" needs a dot"),
    ] {
        let refusal = refusal(&app);
        assert!(refusal.contains(reason), "{refusal:?} is not about {reason:?}");
    }
}

/// The way home that the pages of the kit offer leads somewhere.
#[tokio::test]
async fn a_product_without_a_home_page_leads_to_the_log_in_or_the_landing_page() {
    for transport in Transport::ALL {
        let product = App::new(&Brand::EXAMPLE);
        let app = TestApp::of(product, Backend::Sqlite, |_| {}).await;
        let mut visitor = app.browser(transport);
        assert_eq!(visitor.visit("/nowhere").await.status(), 404);
        let page = visitor.click("Go to the home page").await;
        assert_eq!((page.status(), page.path().as_str()), (200, "/login"), "{transport:?}");

        let mut user = app.logged_in(transport, ADA).await;
        assert_eq!(user.visit("/nowhere").await.status(), 404);
        let page = user.click("Go to the home page").await;
        assert_eq!((page.status(), page.path().as_str()), (200, "/profile"), "{transport:?}");

        let page = user.form("logout-form").submit().await;
        assert_eq!((page.status(), page.path().as_str()), (200, "/login"), "{transport:?}");
        assert_eq!(page.flash(), "You are logged out.", "{transport:?}");
    }
}

/// RAC-08: the test kit names a table that would keep a deleted user's rows.
#[tokio::test]
async fn a_table_without_cascade_is_named_by_the_test_kit() {
    for backend in Backend::available() {
        let app = TestApp::of(app::app().migrations(pets), backend, |_| {}).await;
        assert_eq!(app.database.references_that_keep_users().await, ["pets.user_id"]);
        let own = TestApp::on(backend, |_| {}).await;
        assert_eq!(own.database.references_that_keep_users().await, [""; 0]);
    }
}

/// ADM-02: a role that the product does not have any more grants nothing, and its user still logs in.
#[tokio::test]
async fn a_role_that_is_gone_grants_nothing() {
    let app = TestApp::start().await;
    for email in [ADA, MIA] {
        seed_admin(&app, email).await;
    }
    let gone = format!("UPDATE users SET role = 'wizard' WHERE email = '{MIA}'");
    assert_eq!(app.database.execute(&gone).await, 1);

    for (email, status) in [(ADA, 200), (MIA, 403)] {
        let mut browser = logged_in(&app, Transport::Plain, email).await;
        assert_eq!(browser.visit("/admin/users").await.status(), status, "{email}");
        assert_eq!(browser.visit("/profile").await.status(), 200, "{email}");
    }
}
