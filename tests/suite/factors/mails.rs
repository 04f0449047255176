//! What the owner of an account is told of its second factors.

use auth::mail::MailKind;
use tests::{Backend, Mail, TestApp, Transport};

use super::{add_app, client, give_code, give_password, principal_by, protect, protected, reset};
use crate::{flows::MIA, people};

/// Has the app write a mail of this kind to the user with the address.
pub(crate) async fn cause(app: &TestApp, email: &str, kind: MailKind) {
    if kind == MailKind::FactorAdded {
        people::confirm(app, email).await;
        add_app(app, &people::principal(app, email).await, "Tablet").await;
        return people::mails_sent(app).await;
    }
    let protection = protect(app, email).await;
    let account = app.accounts().account();
    let code = protection.phone.next_code();
    match kind {
        MailKind::SecondFactorOn => {}
        MailKind::RecoveryCodeUsed => {
            principal_by(app, email, &protection.codes[0]).await;
        }
        MailKind::WrongCodes => {
            let mut browser = app.browser(Transport::Plain);
            give_password(&mut browser, email).await;
            for _ in 0..2 {
                give_code(&mut browser, &protection.phone.wrong_code()).await;
            }
        }
        MailKind::RecoveryCodesRenewed => {
            let principal = principal_by(app, email, &code).await;
            let drawn = account.draw_recovery_codes(&principal).await.unwrap();
            account.save_recovery_codes(&principal, &drawn.sealed, &client()).await.unwrap();
        }
        MailKind::FactorRemoved | MailKind::SecondFactorOff => {
            let mut principal = principal_by(app, email, &code).await;
            if kind != MailKind::SecondFactorOff {
                (_, principal) = add_app(app, &principal, "Tablet").await;
            }
            let list = account.list_factors(&principal).await.unwrap();
            let app = (list.factors[0].kind, list.factors[0].id);
            account.remove_factor(&principal, app, &client()).await.unwrap();
        }
        MailKind::FactorResetLink
        | MailKind::FactorResetPending
        | MailKind::FactorResetStopped
        | MailKind::FactorsReset => reset::cause(app, email, kind).await,
        other => panic!("{other:?} is about no factor"),
    }
    people::mails_sent(app).await;
}

/// MFA-05, MFA-11: each change is mailed with the name of the factor and the way to take the account
/// back, is in the timeline, and ends what it has to.
#[tokio::test]
async fn each_change_of_the_factors_is_told_to_the_owner() {
    for (kind, event, subject, text) in [
        (MailKind::SecondFactorOn, "second_factor_on", "is on", "recovery codes"),
        (MailKind::FactorAdded, "authentication_app_added", "was added", "\"Tablet\""),
        (MailKind::FactorRemoved, "authentication_app_removed", "was removed", "\"Phone\""),
        (MailKind::SecondFactorOff, "second_factor_off", "is off", "\"Phone\""),
        (MailKind::RecoveryCodesRenewed, "recovery_codes_renewed", "New recovery", "old ones"),
        (MailKind::RecoveryCodeUsed, "recovery_code_used", "was used", "Codes left: 9"),
        (MailKind::WrongCodes, "second_factor_on", "Wrong second factor", "right password"),
    ] {
        let (app, _) = protected(Backend::Sqlite).await;
        people::sign_up(&app, people::ZOE).await;
        cause(&app, people::ZOE, kind).await;

        let mails = app.mailbox.all_to(people::ZOE).await;
        let mail = mails.iter().rfind(|mail| mail.subject.contains(subject));
        let mail = mail.unwrap_or_else(|| panic!("no mail about {kind:?}"));
        assert!(mail.text.contains(text), "{kind:?}: {}", mail.text);
        assert!(mail.find_link("/not-me/").is_some(), "{kind:?}: {}", mail.text);
        let sql = format!("SELECT event FROM security_events WHERE event = '{event}'");
        assert!(!app.database.texts(&sql).await.is_empty(), "{kind:?}");
        let others = app.mailbox.all_to(MIA).await;
        let is_own =
            |mail: &Mail| ["was added", "is on"].iter().any(|it| mail.subject.contains(it));
        assert!(others.iter().all(is_own), "{kind:?}");
    }
}
