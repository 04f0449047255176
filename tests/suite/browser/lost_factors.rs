//! Lost second factors in a real browser: from the second step to the wait, and the ways to stop it,
//! in both languages.

use tests::{Mailbox, Window};

use super::{
    MIA, PASSWORD, ROOT, Visitor, add_account, database,
    factors::{next_code, scan, sound_and_narrow},
    promote,
};

/// MFA-08, OUT-11.
#[tokio::test]
async fn axe_finds_nothing_from_lost_factors_to_their_removal() {
    for language in ["en", "de"] {
        let mailbox = Mailbox::start().await;
        let mail = format!("smtp://{}", mailbox.address());
        let server = super::site_with(&[("LATCHKEY__MAIL__URL", &mail), super::NO_CACHE]).await;
        add_account(&server, ROOT, "Root").await;
        promote(&server, ROOT).await;
        database(&server).await.execute("UPDATE users SET confirmed_at = created_at").await;
        let Some(owner) = Visitor::at(&server, Window::default()).await else { return };
        owner.speak(language).await;
        owner.log_in(MIA).await;
        turn_on(&owner).await;
        let Some(visitor) = Visitor::at(&server, Window::default()).await else { return };
        visitor.speak(language).await;

        give_password(&visitor).await;
        visitor.click("main a[href='/login/second/lost']").await;
        visitor.wait_for_path("/login/second/lost").await;
        sound_and_narrow(&visitor, &format!("/login/second/lost, {language}")).await;
        visitor.submit("factor-reset-request-form").await;
        visitor.wait_for("!document.querySelector('#factor-reset-request-form')").await;
        sound_and_narrow(&visitor, &format!("/login/second/lost, sent, {language}")).await;
        let link = mailbox.wait_for_link(MIA, "/factor-reset/").await.link("/factor-reset/");
        visitor.open(&link).await;
        sound_and_narrow(&visitor, &format!("/factor-reset, {language}")).await;
        visitor.submit("factor-reset-form").await;
        visitor.wait_for_path("/login").await;
        sound_and_narrow(&visitor, &format!("/login with the moment, {language}")).await;
        visitor.open(&link).await;
        sound_and_narrow(&visitor, &format!("/factor-reset, used, {language}")).await;
        give_password(&visitor).await;
        sound_and_narrow(&visitor, &format!("/login/second in the wait, {language}")).await;

        owner.open("/settings/sessions").await;
        sound_and_narrow(&owner, &format!("the banner, {language}")).await;
        let link = mailbox.wait_for_link(MIA, "/keep-factors/").await.link("/keep-factors/");
        visitor.open(&link).await;
        sound_and_narrow(&visitor, &format!("/keep-factors, {language}")).await;
        owner.submit("stop-factor-reset-form").await;
        owner.wait_for("document.querySelector('#flash').innerText").await;
        sound_and_narrow(&owner, &format!("after the banner, {language}")).await;
        visitor.submit("keep-factors-form").await;
        visitor.wait_for("!document.querySelector('#keep-factors-form')").await;
        sound_and_narrow(&visitor, &format!("/keep-factors, used, {language}")).await;
        ask_an_admin(&visitor, language).await;
        visitor.leave().await;
        owner.leave().await;
    }
}

/// The action of an admin, without the reason that it needs and with it.
async fn ask_an_admin(visitor: &Visitor, language: &str) {
    visitor.log_in(ROOT).await;
    visitor.open("/admin/users?q=mia").await;
    visitor.open_user().await;
    visitor.click("details:has([id^=reset-factors-form]) summary").await;
    visitor.click("[id^=reset-factors-form] [type=submit]").await;
    visitor.wait_for("document.activeElement.matches('[id^=reset-factors-form] input')").await;
    sound_and_narrow(visitor, &format!("a reset without a reason, {language}")).await;
    visitor.press("seen in person").await;
    visitor.click("[id^=reset-factors-form] [type=submit]").await;
    visitor.wait_for("!document.querySelector('[id^=reset-factors-form]')").await;
    sound_and_narrow(visitor, &format!("the user after a reset, {language}")).await;
}

/// Sets an app up, and saves the recovery codes.
async fn turn_on(owner: &Visitor) {
    owner.open("/settings/factors/apps/new").await;
    let phone = scan(owner).await;
    owner.fill("code", &next_code(&phone)).await;
    owner.submit("new-app-form").await;
    owner.wait_for_path("/settings/factors/recovery-codes").await;
    owner.click("#saved").await;
    owner.submit("save-codes-form").await;
    owner.wait_for_path("/settings/factors").await;
}

async fn give_password(visitor: &Visitor) {
    visitor.open("/login").await;
    visitor.fill("email", MIA).await;
    visitor.fill("password", PASSWORD).await;
    visitor.submit("login-form").await;
    visitor.wait_for_path("/login/second").await;
}
