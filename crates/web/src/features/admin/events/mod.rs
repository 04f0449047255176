//! The audit trail: the events of all accounts, filtered by kind, actor, account and time.

mod view;

use auth::{AuditQuery, EventCursor, Refusals};
use domain::{EmailAddress, Role, SecurityEvent, Timestamp, UserId};
use hypermedia::{
    answer::Answer,
    error::Error,
    extract::{cursor, parse},
    page_context::PageContext,
    ui::Moment,
};
use maud::{Markup, html};
use poem::{handler, web::Query};
use serde::Deserialize;
use time::{Date, Duration};

use super::{address, role_label};
use crate::texts::Texts;

/// The address of the list.
pub(crate) const PATH: &str = "/admin/events";

/// The query of the list; malformed values are ignored.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct IndexQuery {
    /// The kind of the event, by its name.
    kind: String,
    /// The kind of the actor.
    actor: String,
    /// The account, by address or id.
    user: String,
    /// The admin who acted, by address or id.
    by: String,
    /// The first day, in UTC.
    from: String,
    /// The last day, in UTC.
    until: String,
    page: String,
}

/// An account that a filter names.
enum Named {
    Anyone,
    Account(UserId),
    Unknown,
}

#[handler]
pub(crate) async fn index(
    context: &PageContext,
    query: poem::Result<Query<IndexQuery>>,
) -> Result<Answer, Error> {
    let fields = query.map(|Query(query)| query.without_controls()).unwrap_or_default();
    let (user, by) = (find(context, &fields.user).await?, find(context, &fields.by).await?);
    let query = match (&user, &by) {
        (Named::Unknown, _) | (_, Named::Unknown) => None,
        _ => Some(fields.query(context, user.id(), by.id())),
    };
    let found = match query {
        Some(query) => Some(context.accounts().administration().audit_trail(&query).await?),
        None => None,
    };
    Ok(Answer::page(view::page(context, &fields, found.as_ref())))
}

impl Named {
    const fn id(&self) -> Option<UserId> {
        match self {
            Self::Account(id) => Some(*id),
            Self::Anyone | Self::Unknown => None,
        }
    }
}

async fn find(context: &PageContext, text: &str) -> Result<Named, Error> {
    if text.trim().is_empty() {
        return Ok(Named::Anyone);
    }
    if let Ok(id) = text.trim().parse() {
        return Ok(Named::Account(id));
    }
    let Ok(email) = EmailAddress::parse(text) else { return Ok(Named::Unknown) };
    let found = context.accounts().administration().find_user(&email).await?;
    Ok(found.map_or(Named::Unknown, |user| Named::Account(user.id)))
}

impl IndexQuery {
    /// PostgreSQL takes no NUL, and HTML shows none.
    fn without_controls(self) -> Self {
        let plain = |text: String| text.replace(char::is_control, "");
        Self {
            kind: plain(self.kind),
            actor: plain(self.actor),
            user: plain(self.user),
            by: plain(self.by),
            from: plain(self.from),
            until: plain(self.until),
            page: self.page,
        }
    }

    fn query(&self, context: &PageContext, user: Option<UserId>, by: Option<UserId>) -> AuditQuery {
        let texts = Texts::of(context.language());
        let day = |text: &str| parse::date(texts, text).ok();
        let end = day(&self.until).and_then(|day| day.checked_add(Duration::days(1)));
        AuditQuery {
            user,
            acted_by: by,
            event: self.kind.parse().ok(),
            actor: self.actor.parse().ok(),
            from: day(&self.from).map(midnight),
            until: end.map(midnight),
            after: cursor::decode(&self.page)
                .map(|(created_at, id)| EventCursor { created_at, id }),
        }
    }

    /// The address of the part of the list that begins after `after`.
    fn place(&self, after: Option<EventCursor>) -> String {
        let page = after.map(|after| cursor::encode(after.created_at, &after.id));
        address(
            PATH,
            &[
                ("kind", &self.kind),
                ("actor", &self.actor),
                ("user", &self.user),
                ("by", &self.by),
                ("from", &self.from),
                ("until", &self.until),
                ("page", page.as_deref().unwrap_or_default()),
            ],
        )
    }
}

fn midnight(day: Date) -> Timestamp {
    Timestamp::from_millis(day.midnight().assume_utc().unix_timestamp() * 1_000)
}

/// The text of an event, of the product too.
pub(super) fn label<'a>(context: &PageContext, event: &'a SecurityEvent) -> &'a str {
    let mut own = context.site.parts.events.iter();
    let own = own.find(|known| known.name == event.as_str());
    match own.map(|known| (known.label)(context.language())) {
        Some(label) => label,
        None => (Texts::of(context.language()).settings.event)(event),
    }
}

/// The event, and the role that it gave; for refused passwords also the reason and the count, and
/// the reason of an admin.
pub(super) fn what(
    context: &PageContext,
    event: &SecurityEvent,
    role: Option<&Role>,
    (refusals, note): (Option<Refusals>, Option<&str>),
) -> Markup {
    let texts = Texts::of(context.language());
    let words = &texts.settings;
    html! {
        (label(context, event))
        @if let Some(role) = role { ": " (role_label(context, role)) }
        @if let Some(refusals) = refusals {
            ": " ((words.refusal_reason)(refusals.reason))
            @if refusals.count > 1 {
                " (" ((words.times)(refusals.count)) " " (Moment { texts, at: refusals.last_at }) ")"
            }
        }
        @if let Some(note) = note { q.note { (note) } }
    }
}
