//! What happened to a person's account, the newest first.

use auth::{EventCursor, EventPage, NewSecurityEvent};
use domain::{EventActor, Timestamp, UserAgent};
use maud::{Markup, Render, html};
use poem::{handler, web::Query};
use serde::Deserialize;

use super::Section;
use crate::{
    answer::{Answer, View},
    error::Error,
    extract::{Authenticated, cursor},
    ui::{Discretion, Moment, Pager, Table, texts},
    visit::Visit,
};

/// What the timeline is asked for; what cannot be read is passed over.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct IndexQuery {
    page: String,
}

#[handler]
pub(crate) async fn index(
    visit: &Visit,
    principal: &Authenticated,
    query: poem::Result<Query<IndexQuery>>,
) -> Result<Answer, Error> {
    let IndexQuery { page } = query.map(|Query(query)| query).unwrap_or_default();
    let after = cursor::decode(&page).map(|(created_at, id)| EventCursor { created_at, id });
    let found = visit.accounts().timeline(principal, after).await?;
    Ok(Answer::page(view(after.is_none(), &found)))
}

fn view(is_first: bool, found: &EventPage) -> View {
    let rows = found.events.iter().map(|(moment, event)| row(*moment, event)).collect();
    let table = Table { caption: texts::TIMELINE, columns: &texts::EVENT_COLUMNS, rows };
    let next = found.next.map(|next| cursor::encode(next.created_at, &next.id));
    let content = html! {
        section.wide {
            h1 { (texts::TIMELINE) }
            p.lead {
                (texts::TIMELINE_LEAD) " "
                a href=(Section::Password.path()) { (texts::CHANGE_PASSWORD) }
            }
            div.panel { (table) }
            (Pager {
                action: Section::Security.path(),
                query: "",
                is_first,
                next: next.as_deref(),
            })
        }
    };
    View {
        title: texts::TIMELINE,
        discretion: Discretion::Unlisted,
        form: None,
        main: Section::Security.page(&content),
    }
}

fn row(moment: Timestamp, event: &NewSecurityEvent) -> Vec<Markup> {
    vec![
        html! { (texts::event(event.event)) },
        Moment(moment).render(),
        html! { (place(event)) },
        html! { (texts::actor(event.actor)) },
    ]
}

/// Where it was done; of those who look after the accounts of others nobody's business.
fn place(event: &NewSecurityEvent) -> String {
    match event.actor {
        EventActor::Owner | EventActor::Anyone => {
            let device = texts::device(UserAgent::parse(&event.user_agent));
            texts::place(&device, &event.ip_address)
        }
        EventActor::Admin | EventActor::Operator => texts::NO_PLACE.to_owned(),
    }
}
