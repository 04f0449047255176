//! The page of one user: facts, actions, sessions, mails and the last events.

use auth::{AccountReport, MailPlace, NewSecurityEvent, OpenSession, UserMail};
use domain::{AuditNote, LogInKeys, Permission, Principal, Role, Timestamp, User, UserAgent};
use hypermedia::{
    answer::View,
    extract::FormState,
    page_context::PageContext,
    ui::{Choice, ChoiceField, ConfirmedAction, Indexing, Message, Moment, Table, TextField},
};
use maud::{Markup, Render, html};

use super::{Action, REASON};
use crate::{
    features::admin::{
        Section, address, events, may, role_label, user_path,
        users::{moment, tags},
    },
    fields, paths,
    texts::Texts,
};

/// Longest address, in characters.
const MAX_EMAIL: usize = 254;

/// The page; an action that was refused is open and says why.
pub(super) fn page(
    context: &PageContext,
    principal: &Principal,
    report: &AccountReport,
    refused: Option<(Action, &FormState)>,
) -> View {
    let texts = Texts::of(context.language());
    let user = &report.user;
    let body = html! {
        header.person {
            h1 { (user.name) }
            p.lead { (user.email) (tags(texts, user)) }
        }
        section.panel.facts aria-labelledby="facts" {
            h2 #facts { (texts.admin.facts) }
            (facts(context, report))
        }
        @if may(context, Permission::MANAGE_USERS) {
            (actions(context, principal, user, refused))
        }
        (sessions(context, report))
        (mails(texts, &report.mails))
        (latest_events(context, report))
    };
    let form = refused.map(|(action, state)| question(context, user, action, Some(state)).form());
    View {
        title: texts.admin.user,
        indexing: Indexing::Unlisted,
        form,
        main: Section::Users.page(context, &body),
    }
}

fn facts(context: &PageContext, report: &AccountReport) -> Markup {
    let texts = Texts::of(context.language());
    let (user, words) = (&report.user, &texts.admin);
    let password = match report.keys {
        LogInKeys { has_password: true, .. } => words.password_set,
        LogInKeys { has_passkey: true, .. } => words.password_removed,
        LogInKeys { .. } => words.password_void,
    };
    let moments = [
        (words.second_factor_since, user.second_factor_since),
        (words.factors_removed_on, user.factor_reset_at),
        (words.disabled_since, user.disabled_at),
        (words.deleted_on, user.delete_after),
    ];
    let is_used_up =
        |limit: &auth::AccountLimit| limit.name == "login_per_account" && limit.state.left == 0;
    html! {
        dl {
            div { dt { (texts.pages.role) } dd { (role_label(context, &user.role)) } }
            div { dt { (words.created) } dd { (Moment { texts, at: user.created_at }) } }
            div { dt { (words.last_seen) } dd { (moment(texts, user.last_seen_at)) } }
            div { dt { (words.confirmed) } dd { (moment(texts, user.confirmed_at)) } }
            div { dt { (words.password) } dd { (password) } }
            @for (label, at) in moments {
                @if let Some(at) = at { div { dt { (label) } dd { (Moment { texts, at }) } } }
            }
        }
        @if report.limits.iter().any(is_used_up) { p.hint { (words.throttled) } }
    }
}

fn actions(
    context: &PageContext,
    principal: &Principal,
    user: &User,
    refused: Option<(Action, &FormState)>,
) -> Markup {
    let texts = Texts::of(context.language());
    let state_of = |action| refused.filter(|(it, _)| *it == action).map(|(_, state)| state);
    let is_shown = |action: &Action| action.is_of_use(user) || state_of(*action).is_some();
    html! {
        section.actions-list aria-labelledby="actions" {
            h2 #actions { (texts.admin.actions) }
            @if user.id == principal.user_id {
                p {
                    (texts.admin.own_account) " "
                    a href=(paths::SETTINGS) { (texts.admin.to_settings) }
                }
                @if let Some((action, state)) = refused {
                    (question(context, user, action, Some(state)))
                }
            } @else {
                @for action in Action::ALL.into_iter().filter(is_shown) {
                    (question(context, user, action, state_of(action)))
                }
            }
        }
    }
}

/// Everything that a question shows but does not own.
struct Parts {
    id: String,
    action: String,
    roles: Vec<(String, String)>,
}

/// A question with what it is made of.
struct Question<'a> {
    context: &'a PageContext,
    user: &'a User,
    action: Action,
    state: Option<&'a FormState>,
    parts: Parts,
}

fn question<'a>(
    context: &'a PageContext,
    user: &'a User,
    action: Action,
    state: Option<&'a FormState>,
) -> Question<'a> {
    let roles = context.accounts().settings().roles;
    let former = Some(user.role.clone()).filter(|role| roles.find(role.as_str()).is_err());
    let named = |role: Role| (role.to_string(), role_label(context, &role));
    let parts = Parts {
        id: format!("{}-{}", action.form(), user.id),
        action: action.path().replace("{id}", &user.id.to_string()),
        roles: former.into_iter().chain(roles.all()).map(named).collect(),
    };
    Question { context, user, action, state, parts }
}

impl Question<'_> {
    fn parts(&self) -> ConfirmedAction<'_> {
        let texts = Texts::of(self.context.language());
        let words = self.action.texts(texts);
        ConfirmedAction {
            id: &self.parts.id,
            action: &self.parts.action,
            csrf_token: self.context.csrf.token(),
            title: words.title,
            effect: words.effect,
            choice: (self.action == Action::Role).then(|| self.role(texts)),
            fields: self
                .action
                .fields()
                .iter()
                .filter_map(|name| self.field(texts, *name))
                .collect(),
            error: self.state.and_then(|state| state.error.as_ref()).map(Message::text),
            label: words.label,
            is_final: self.action == Action::Delete,
        }
    }

    /// The role, always as the database has it.
    fn role(&self, texts: &'static Texts) -> ChoiceField<'_> {
        let options = self.parts.roles.iter();
        ChoiceField {
            name: fields::ROLE,
            label: texts.pages.role,
            options: options.map(|(value, label)| Choice { value, label }).collect(),
            chosen: self.user.role.as_str(),
        }
    }

    fn field(
        &self,
        texts: &'static Texts,
        name: hypermedia::ui::FieldName,
    ) -> Option<TextField<'_>> {
        let value = self.state.map_or("", |state| state.value(name));
        let words = &texts.admin;
        let (label, hint, max_length) = match name {
            REASON => (words.reason, self.action.reason_hint(texts), AuditNote::MAX_CHARS),
            fields::EMAIL => (words.repeat_email, words.repeat_email_hint, MAX_EMAIL),
            _ => return None,
        };
        let is_wrong = self.state.is_some_and(|state| state.error_of(name).is_some());
        Some(TextField { name, label, hint, value, max_length, is_wrong })
    }

    fn form(&self) -> Markup {
        self.parts().form()
    }
}

impl Render for Question<'_> {
    fn render(&self) -> Markup {
        self.parts().render()
    }
}

fn sessions(context: &PageContext, report: &AccountReport) -> Markup {
    let texts = Texts::of(context.language());
    let now = context.accounts().clock().now();
    let open: Vec<_> = report.sessions.iter().filter(|session| session.expires_at > now).collect();
    let rows = open.iter().map(|session| session_row(texts, session)).collect();
    let columns = &texts.admin.session_columns;
    let table = Table { caption: texts.admin.sessions, columns, rows };
    part("sessions", texts.admin.sessions, texts.admin.no_sessions, &table)
}

fn session_row(texts: &'static Texts, session: &OpenSession) -> Vec<Markup> {
    vec![
        html! { ((texts.settings.device)(UserAgent::parse(&session.user_agent))) },
        html! { (session.ip_address) },
        Moment { texts, at: session.created_at }.render(),
        Moment { texts, at: session.last_seen_at }.render(),
    ]
}

fn mails(texts: &'static Texts, mails: &[UserMail]) -> Markup {
    let rows = mails.iter().map(|mail| mail_row(texts, mail)).collect();
    let columns = &texts.admin.mail_columns;
    let table = Table { caption: texts.admin.mails, columns, rows };
    part("mails", texts.admin.mails, texts.admin.no_mails, &table)
}

fn mail_row(texts: &'static Texts, mail: &UserMail) -> Vec<Markup> {
    vec![
        html! { (mail.subject) },
        html! { (mail.to) },
        Moment { texts, at: mail.created_at }.render(),
        mail_state(texts, mail),
    ]
}

/// Where a mail is, since when or until when.
pub(in crate::features::admin) fn mail_state(texts: &'static Texts, mail: &UserMail) -> Markup {
    let (label, at) = match mail.place {
        MailPlace::Waiting(at) => (texts.admin.mail_waits, at),
        MailPlace::Sent(at) => (texts.admin.mail_sent, at),
        MailPlace::Failed(at) => (texts.admin.mail_failed, at),
    };
    html! { (label) " " (Moment { texts, at }) }
}

fn latest_events(context: &PageContext, report: &AccountReport) -> Markup {
    let texts = Texts::of(context.language());
    let row = |(at, event): &(Timestamp, NewSecurityEvent)| event_row(context, *at, event);
    let rows = report.events.events.iter().map(row).collect();
    let [what, when, _, who, place] = texts.admin.event_columns;
    let table = Table { caption: texts.admin.events, columns: &[what, when, who, place], rows };
    let all = address(events::PATH, &[("user", report.user.email.as_str())]);
    html! {
        (part("events", texts.admin.events, texts.admin.no_events, &table))
        @if may(context, Permission::READ_EVENTS) {
            p { a href=(all) { (texts.admin.all_events) } }
        }
    }
}

fn event_row(context: &PageContext, at: Timestamp, event: &NewSecurityEvent) -> Vec<Markup> {
    let texts = Texts::of(context.language());
    let note = event.note.as_deref();
    let who = html! {
        @let actor = (texts.admin.actor)(event.actor);
        @if let Some(id) = event.actor_id { a href=(user_path(id)) { (actor) } }
        @else { (actor) }
    };
    vec![
        events::what(context, &event.event, event.role.as_ref(), (event.refusals, note)),
        Moment { texts, at }.render(),
        who,
        html! { (event.ip_address) },
    ]
}

/// A part of the page: a heading and a table, or that it is empty.
fn part(id: &str, title: &str, empty: &str, table: &Table<'_>) -> Markup {
    html! {
        section aria-labelledby=(id) {
            h2 id=(id) { (title) }
            @if table.rows.is_empty() { p.hint { (empty) } }
            @else { div.panel.compact { (table) } }
        }
    }
}
