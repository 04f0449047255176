//! The account activity, the newest first.

use auth::{EventCursor, EventPage, NewSecurityEvent};
use domain::{EventActor, Timestamp, UserAgent};
use hypermedia::{
    answer::{Answer, View},
    error::Error,
    extract::{Authenticated, cursor},
    page_context::PageContext,
    ui::{Indexing, Moment, Pager, Table},
};
use maud::{Markup, Render, html};
use poem::{handler, web::Query};
use serde::Deserialize;

use super::Section;
use crate::{features::admin::role_label, texts::Texts};

/// The query of the timeline; malformed values are ignored.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct IndexQuery {
    page: String,
}

#[handler]
pub(crate) async fn index(
    context: &PageContext,
    principal: &Authenticated,
    query: poem::Result<Query<IndexQuery>>,
) -> Result<Answer, Error> {
    let IndexQuery { page } = query.map(|Query(query)| query).unwrap_or_default();
    let after = cursor::decode(&page).map(|(created_at, id)| EventCursor { created_at, id });
    let found = context.accounts().account().timeline(principal, after).await?;
    Ok(Answer::page(view(context, after.is_none(), &found)))
}

fn view(context: &PageContext, is_first: bool, found: &EventPage) -> View {
    let texts = Texts::of(context.language());
    let rows = found.events.iter().map(|(moment, event)| row(context, *moment, event)).collect();
    let table =
        Table { caption: texts.settings.timeline, columns: &texts.settings.event_columns, rows };
    let next = found.next.map(|next| cursor::encode(next.created_at, &next.id));
    let activity = html! {
        section.wide {
            h1 { (texts.settings.timeline) }
            p.lead {
                (texts.settings.timeline_lead) " "
                a href=(Section::Password.path()) { (texts.settings.change_password) }
            }
            div.panel { (table) }
            (Pager {
                texts,
                action: Section::Security.path(),
                query: "",
                is_first,
                next: next.as_deref(),
            })
        }
    };
    View {
        title: texts.settings.timeline,
        indexing: Indexing::Unlisted,
        form: None,
        main: Section::Security.page(context, &activity),
    }
}

fn row(context: &PageContext, moment: Timestamp, event: &NewSecurityEvent) -> Vec<Markup> {
    let texts = Texts::of(context.language());
    vec![
        what(context, event),
        Moment { texts, at: moment }.render(),
        html! { (place(texts, event)) },
        html! { ((texts.settings.actor)(event.actor)) },
    ]
}

/// The event; for a factor also its name, for refused passwords also the reason and the count.
fn what(context: &PageContext, event: &NewSecurityEvent) -> Markup {
    let texts = Texts::of(context.language());
    let words = &texts.settings;
    let mut own = context.site.parts.events.iter();
    let own = own.find(|known| known.name == event.event.as_str());
    let label = own.map(|known| (known.label)(context.language()));
    html! {
        (label.unwrap_or_else(|| (words.event)(&event.event)))
        @if let Some(role) = &event.role { ": " (role_label(context, role)) }
        @if event.actor == EventActor::Owner && let Some(name) = &event.note { ": " (name) }
        @if let Some(refusals) = event.refusals {
            ": " ((words.refusal_reason)(refusals.reason))
            @if refusals.count > 1 {
                " (" ((words.times)(refusals.count)) " " (Moment { texts, at: refusals.last_at }) ")"
            }
        }
    }
}

/// The place; for events of admins none is shown.
fn place(texts: &Texts, event: &NewSecurityEvent) -> String {
    match event.actor {
        _ if event.refusals.is_some() && event.ip_address.is_empty() => {
            texts.settings.many_networks.to_owned()
        }
        _ if event.refusals.is_some() => event.ip_address.clone(),
        EventActor::Owner | EventActor::Anyone => {
            let device = (texts.settings.device)(UserAgent::parse(&event.user_agent));
            format!("{device}, {}", event.ip_address)
        }
        EventActor::Admin | EventActor::Operator => texts.settings.no_place.to_owned(),
    }
}
