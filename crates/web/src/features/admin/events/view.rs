//! The audit trail: the filters, and a row per event.

use auth::{AccountName, AuditEntry, AuditPage};
use domain::{EventActor, Permission, SecurityEvent};
use hypermedia::{
    answer::View,
    page_context::PageContext,
    ui::{Choice, Empty, FieldName, Indexing, Moment, Table},
};
use maud::{Markup, Render, html};

use super::{IndexQuery, PATH, label, what};
use crate::{
    features::admin::{Section, may, pager, select, user_path},
    texts::Texts,
};

/// The page; without events if a filter names no account.
pub(super) fn page(context: &PageContext, fields: &IndexQuery, found: Option<&AuditPage>) -> View {
    let texts = Texts::of(context.language());
    let entries = found.map(|found| found.entries.as_slice()).unwrap_or_default();
    let next = found.and_then(|found| found.next);
    let rows = entries.iter().map(|entry| row(context, entry)).collect();
    let columns = &texts.admin.event_columns;
    let table = Table { caption: texts.admin.events, columns, rows };
    let first = Some(fields.place(None)).filter(|_| !fields.page.is_empty());
    let body = html! {
        h1 { (texts.admin.events) }
        (filter_form(context, fields))
        @if !entries.is_empty() {
            div.panel.compact { (table) }
        } @else if next.is_some() {
            p.hint { (texts.admin.no_events_yet) }
        } @else {
            (Empty { title: texts.admin.no_events, text: texts.admin.no_events_text })
        }
        (pager(texts, first, next.map(|next| fields.place(Some(next)))))
    };
    View {
        title: texts.admin.events,
        indexing: Indexing::Unlisted,
        form: None,
        main: Section::Events.page(context, &body),
    }
}

fn filter_form(context: &PageContext, fields: &IndexQuery) -> Markup {
    let texts = Texts::of(context.language());
    let words = &texts.admin;
    let own = context.site.parts.events.iter();
    let own = own.map(|known| (known.name, (known.label)(context.language())));
    let known = SecurityEvent::ALL.iter().map(|event| (event.as_str(), label(context, event)));
    let kinds = known.chain(own).map(|(value, label)| Choice { value, label });
    let kinds: Vec<_> = kinds.collect();
    let actors =
        EventActor::ALL.map(|actor| Choice { value: actor.as_str(), label: (words.actor)(actor) });
    html! {
        search {
            form.filter method="get" action=(PATH) {
                (select(FieldName::new("kind"), words.kind, words.any, &kinds, &fields.kind))
                (select(FieldName::new("actor"), words.by_whom, words.any, &actors, &fields.actor))
                (input("user", words.account, "text", &fields.user))
                (input("by", words.acted_by, "text", &fields.by))
                (input("from", words.from, "date", &fields.from))
                (input("until", words.until, "date", &fields.until))
                button type="submit" { (words.apply) }
            }
        }
    }
}

fn input(name: &str, label: &str, kind: &str, value: &str) -> Markup {
    html! {
        label {
            span { (label) }
            input name=(name) type=(kind) value=(value) autocomplete="off" spellcheck="false";
        }
    }
}

fn row(context: &PageContext, entry: &AuditEntry) -> Vec<Markup> {
    let texts = Texts::of(context.language());
    let deleted = || html! { (texts.admin.deleted_account) };
    let user = entry.user.as_ref().map_or_else(deleted, |user| account(context, user));
    let who = html! {
        ((texts.admin.actor)(entry.actor))
        @if let Some(admin) = &entry.acted_by { ": " (account(context, admin)) }
    };
    vec![
        what(context, &entry.event, entry.role.as_ref(), (entry.refusals, entry.note.as_deref())),
        Moment { texts, at: entry.created_at }.render(),
        user,
        who,
        html! { (entry.ip_address) },
    ]
}

fn account(context: &PageContext, account: &AccountName) -> Markup {
    html! {
        @if may(context, Permission::READ_USERS) {
            a href=(user_path(account.id)) { (account.email) }
        } @else {
            (account.email)
        }
    }
}
