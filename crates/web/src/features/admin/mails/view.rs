//! The list of mails, and the form for a test mail.

use auth::{ListedMail, MailCursor, MailFilter, MailId, MailPlace, MailTrouble, is_repeatable};
use domain::{Permission, Principal};
use hypermedia::{
    answer::View,
    error::Error,
    page_context::PageContext,
    ui::{ActionForm, Empty, Indexing, Table, Weight},
};
use maud::{Markup, Render, html};

use super::{SEND_PATH, TEST_PATH, place};
use crate::{
    features::admin::{Section, filters, may, pager, user::mail_state, user_path},
    texts::Texts,
};

/// The part of the list that is shown.
pub(super) struct List {
    pub(super) filter: MailFilter,
    pub(super) after: Option<MailCursor>,
    /// The mail that could not be sent again.
    pub(super) refused: Option<MailId>,
}

pub(super) async fn page(
    context: &PageContext,
    principal: &Principal,
    list: &List,
) -> Result<View, Error> {
    let texts = Texts::of(context.language());
    let administration = context.accounts().administration();
    let found = administration.list_mails(list.filter, list.after).await?;
    let counts = administration.count_mails().await?;
    let links: Vec<_> = MailFilter::ALL
        .into_iter()
        .zip(counts)
        .map(|(filter, count)| {
            let label = (texts.admin.mail_filter)(filter);
            (label, place(filter, None), filter == list.filter, count)
        })
        .collect();
    let rows = found.mails.iter().map(|mail| row(context, mail)).collect();
    let columns = &texts.admin.queue_columns;
    let table = Table { caption: texts.admin.mails, columns, rows };
    let first = list.after.map(|_| place(list.filter, None));
    let next = found.next.map(|next| place(list.filter, Some(next)));
    let body = html! {
        h1 { (texts.admin.mails) }
        @if list.refused.is_some() {
            p.notice.trouble role="alert" { (texts.admin.not_repeatable) }
        }
        (filters(texts, &links))
        @if found.mails.is_empty() {
            (Empty { title: texts.admin.queue_empty, text: texts.admin.queue_empty_text })
        } @else {
            div.panel.compact { (table) }
        }
        (pager(texts, first, next))
        p.hint { ((texts.admin.test_lead)(principal.email.as_str())) }
        (button(context, "test-mail-form", TEST_PATH, texts.admin.send_test, None))
    };
    Ok(View {
        title: texts.admin.mails,
        indexing: Indexing::Unlisted,
        form: None,
        main: Section::Mails.page(context, &body),
    })
}

fn row(context: &PageContext, listed: &ListedMail) -> Vec<Markup> {
    let texts = Texts::of(context.language());
    let mail = &listed.mail;
    let to = html! {
        @match listed.user_id.filter(|_| may(context, Permission::READ_USERS)) {
            Some(id) => a href=(user_path(id)) { (mail.to) },
            None => (mail.to),
        }
    };
    let state = html! {
        (mail_state(texts, mail)) br;
        (texts.admin.tries) " " (mail.attempts)
    };
    let cause = html! {
        @if let Some(error) = &mail.error {
            ((texts.admin.mail_trouble)(MailTrouble::of(error))) " " code { (error) }
        }
    };
    let can_be_sent = matches!(mail.place, MailPlace::Waiting(_)) || is_repeatable(listed);
    let send = if can_be_sent {
        let path = SEND_PATH.replace("{mail}", &listed.id.to_string());
        let form = format!("send-mail-form-{}", listed.id);
        let spoken = format!("{}: {}, {}", texts.admin.send_again, mail.subject, mail.to);
        button(context, &form, &path, texts.admin.send_again, Some(&spoken))
    } else {
        html! { small { (texts.admin.not_repeatable) } }
    };
    vec![html! { (mail.subject) }, to, state, cause, send]
}

fn button(
    context: &PageContext,
    id: &str,
    action: &str,
    label: &str,
    spoken: Option<&str>,
) -> Markup {
    ActionForm {
        spoken,
        weight: Weight::Quiet,
        ..ActionForm::new(id, action, context.csrf.token(), label)
    }
    .render()
}
