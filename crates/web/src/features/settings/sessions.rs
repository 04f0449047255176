//! Where a person is logged in, and logging out from afar.

use auth::session::{EndOtherSessionsError, EndSessionError, EndedSession, ListedSession};
use domain::Principal;
use maud::{Markup, Render, html};
use poem::{handler, web::Path};

use super::Section;
use crate::{
    answer::{Answer, View},
    error::Error,
    extract::{Authenticated, LocalPath},
    flash::Flash,
    ui::{ActionForm, Discretion, Moment, Table, Weight, ids, texts},
    visit::Visit,
};

#[handler]
pub(crate) async fn index(visit: &Visit, principal: &Authenticated) -> Result<Answer, Error> {
    Ok(Answer::page(page(visit, principal, None).await?))
}

#[handler]
pub(crate) async fn destroy(
    visit: &Visit,
    principal: &Authenticated,
    Path(name): Path<String>,
) -> Result<Answer, Error> {
    match visit.accounts().end_session(principal, &name, &visit.client()).await {
        Ok(EndedSession::Other) => Ok(Answer::redirect(LocalPath::of(Section::Sessions.path()))
            .with_flash(Flash::SessionEnded)),
        Ok(EndedSession::Own) => {
            Ok(Answer::redirect(LocalPath::of("/")).end_session().with_flash(Flash::LoggedOut))
        }
        Err(EndSessionError::NoSuchSession) => {
            Ok(Answer::not_found(page(visit, principal, Some(texts::NO_SUCH_SESSION)).await?))
        }
        Err(EndSessionError::SessionEnded) => Ok(Answer::log_in()),
        Err(EndSessionError::Fault(fault)) => Err(fault.into()),
    }
}

#[handler]
pub(crate) async fn destroy_others(
    visit: &Visit,
    principal: &Authenticated,
) -> Result<Answer, Error> {
    match visit.accounts().end_other_sessions(principal, &visit.client()).await {
        Ok(()) => Ok(Answer::redirect(LocalPath::of(Section::Sessions.path()))
            .with_flash(Flash::OtherSessionsEnded)),
        Err(EndOtherSessionsError::SessionEnded) => Ok(Answer::log_in()),
        Err(EndOtherSessionsError::Fault(fault)) => Err(fault.into()),
    }
}

async fn page(visit: &Visit, principal: &Principal, error: Option<&str>) -> Result<View, Error> {
    let sessions = visit.accounts().list_sessions(principal).await?;
    let rows = sessions.iter().map(|session| row(visit, session)).collect();
    let table = Table { caption: texts::SESSIONS, columns: &texts::SESSION_COLUMNS, rows };
    let content = html! {
        section.wide {
            h1 { (texts::SESSIONS) }
            p.lead { (texts::SESSIONS_LEAD) }
            @if let Some(error) = error { p.notice.trouble role="alert" { (error) } }
            div.panel { (table) }
            @if sessions.len() > 1 { (end_others_form(visit)) }
        }
    };
    Ok(View {
        title: texts::SESSIONS,
        discretion: Discretion::Unlisted,
        form: None,
        main: Section::Sessions.page(&content),
    })
}

fn row(visit: &Visit, session: &ListedSession) -> Vec<Markup> {
    let device = texts::device(session.device);
    let end = if session.is_current {
        html! { span.tag { (texts::THIS_SESSION) } }
    } else {
        end_form(visit, session, &device)
    };
    vec![
        html! { (device) },
        html! { (session.ip_address) },
        Moment(session.logged_in_at).render(),
        Moment(session.last_seen_at).render(),
        end,
    ]
}

fn end_form(visit: &Visit, session: &ListedSession, device: &str) -> Markup {
    ActionForm {
        id: &format!("end-session-form-{}", session.name),
        action: &format!("/settings/sessions/{}/end", session.name),
        csrf_token: visit.csrf.token(),
        hidden: Vec::new(),
        error: None,
        label: texts::END_SESSION,
        spoken: Some(&texts::end_session_of(device)),
        weight: Weight::Quiet,
    }
    .render()
}

fn end_others_form(visit: &Visit) -> Markup {
    ActionForm {
        id: ids::END_OTHER_SESSIONS_FORM,
        action: "/settings/sessions/end-others",
        csrf_token: visit.csrf.token(),
        hidden: Vec::new(),
        error: None,
        label: texts::END_OTHER_SESSIONS,
        spoken: None,
        weight: Weight::Strong,
    }
    .render()
}
