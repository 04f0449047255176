//! Where a person is logged in, and logging out from afar.

use auth::session::{EndOtherSessionsError, EndSessionError, EndedSession, ListedSession};
use domain::Principal;
use hypermedia::{
    answer::{Answer, View},
    error::Error,
    extract::{Authenticated, LocalPath},
    flash::Flash,
    page_context::PageContext,
    ui::{ActionForm, Indexing, Moment, Table, Weight, ids},
};
use maud::{Markup, Render, html};
use poem::{handler, web::Path};

use super::{Section, browsers};
use crate::texts::Texts;

#[handler]
pub(crate) async fn index(
    context: &PageContext,
    principal: &Authenticated,
) -> Result<Answer, Error> {
    Ok(Answer::page(page(context, principal, None).await?))
}

#[handler]
pub(crate) async fn destroy(
    context: &PageContext,
    principal: &Authenticated,
    Path(name): Path<String>,
) -> Result<Answer, Error> {
    let texts = Texts::of(context.language());
    match context.accounts().sessions().end_session(principal, &name, &context.client()).await {
        Ok(EndedSession::Other) => Ok(Answer::redirect(LocalPath::of(Section::Sessions.path()))
            .with_flash(Flash::new(Texts::of(context.language()).flashes.session_ended))),
        Ok(EndedSession::Own) => Ok(Answer::redirect(LocalPath::of("/"))
            .end_session()
            .with_flash(Flash::new(Texts::of(context.language()).flashes.logged_out))),
        Err(EndSessionError::NoSuchSession) => Ok(Answer::not_found(
            page(context, principal, Some(texts.settings.no_such_session)).await?,
        )),
        Err(EndSessionError::SessionEnded) => Ok(Answer::log_in()),
        Err(EndSessionError::Fault(fault)) => Err(fault.into()),
    }
}

#[handler]
pub(crate) async fn destroy_others(
    context: &PageContext,
    principal: &Authenticated,
) -> Result<Answer, Error> {
    match context.accounts().sessions().end_other_sessions(principal, &context.client()).await {
        Ok(()) => Ok(Answer::redirect(LocalPath::of(Section::Sessions.path()))
            .with_flash(Flash::new(Texts::of(context.language()).flashes.other_sessions_ended))),
        Err(EndOtherSessionsError::SessionEnded) => Ok(Answer::log_in()),
        Err(EndOtherSessionsError::Fault(fault)) => Err(fault.into()),
    }
}

async fn page(
    context: &PageContext,
    principal: &Principal,
    error: Option<&str>,
) -> Result<View, Error> {
    let texts = Texts::of(context.language());
    let mut sessions = context.accounts().sessions().list_sessions(principal).await?;
    sessions.sort_by_key(|session| !session.is_current);
    let rows = sessions.iter().map(|session| row(context, session)).collect();
    let browsers = browsers::section(context, principal).await?;
    let table =
        Table { caption: texts.settings.sessions, columns: &texts.settings.session_columns, rows };
    let main = html! {
        section.wide {
            h1 { (texts.settings.sessions) }
            p.lead { (texts.settings.sessions_lead) }
            @if let Some(error) = error { p.notice.trouble role="alert" { (error) } }
            div.panel { (table) }
            @if sessions.len() > 1 { (end_others_form(context)) }
            (browsers)
        }
    };
    Ok(View {
        title: texts.settings.sessions,
        indexing: Indexing::Unlisted,
        form: None,
        main: Section::Sessions.page(context, &main),
    })
}

fn row(context: &PageContext, session: &ListedSession) -> Vec<Markup> {
    let texts = Texts::of(context.language());
    let device = (texts.settings.device)(session.device);
    let end = if session.is_current {
        html! { span.tag { (texts.settings.this_session) } }
    } else {
        end_form(context, session, &device)
    };
    vec![
        html! { (device) },
        html! { (session.ip_address) },
        Moment { texts, at: session.logged_in_at }.render(),
        Moment { texts, at: session.last_seen_at }.render(),
        end,
    ]
}

fn end_form(context: &PageContext, session: &ListedSession, device: &str) -> Markup {
    let texts = Texts::of(context.language());
    // Two browsers of one kind differ by where and when they were last used.
    let last_seen = Moment { texts, at: session.last_seen_at }.text();
    let spoken =
        format!("{}: {device}, {}, {last_seen}", texts.settings.end_session, session.ip_address);
    ActionForm {
        spoken: Some(&spoken),
        weight: Weight::Quiet,
        ..ActionForm::new(
            &format!("end-session-form-{}", session.name),
            &format!("/settings/sessions/{}/end", session.name),
            context.csrf.token(),
            texts.settings.end_session,
        )
    }
    .render()
}

fn end_others_form(context: &PageContext) -> Markup {
    let texts = Texts::of(context.language());
    ActionForm::new(
        ids::END_OTHER_SESSIONS_FORM,
        "/settings/sessions/end-others",
        context.csrf.token(),
        texts.settings.end_other_sessions,
    )
    .render()
}
