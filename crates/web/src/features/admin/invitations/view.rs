//! The list of invitations, below the form that invites.

use auth::{InvitationCursor, InvitationEntry, InvitationId, InvitationStatus};
use domain::{EventActor, Permission};
use hypermedia::{
    answer::View,
    error::Error,
    extract::FormState,
    page_context::PageContext,
    ui::{ActionForm, Empty, Indexing, Moment, Table, Weight},
};
use maud::{Markup, Render, html};

use super::{RESEND_PATH, REVOKE_PATH, form, place};
use crate::{
    features::admin::{Section, may, pager, role_label, user_path},
    texts::Texts,
};

/// The list, with the form in this state.
pub(super) async fn page(
    context: &PageContext,
    after: Option<InvitationCursor>,
    state: &FormState,
) -> Result<View, Error> {
    let form = form::form(context, state);
    let main = main(context, after, &form, None).await?;
    Ok(view(context, main, form))
}

/// The list with the reason why this invitation was not sent again.
pub(super) async fn with_refused_mail(
    context: &PageContext,
    id: InvitationId,
    error: &str,
) -> Result<View, Error> {
    let form = form::form(context, &FormState::default());
    let main = main(context, None, &form, Some(error)).await?;
    Ok(view(context, main, resend_form(context, id, None, Some(error))))
}

fn view(context: &PageContext, main: Markup, form: Markup) -> View {
    let title = Texts::of(context.language()).invitations.title;
    View { title, indexing: Indexing::Unlisted, form: Some(form), main }
}

async fn main(
    context: &PageContext,
    after: Option<InvitationCursor>,
    form: &Markup,
    error: Option<&str>,
) -> Result<Markup, Error> {
    let texts = Texts::of(context.language());
    let words = &texts.invitations;
    let found = context.accounts().administration().list_invitations(after).await?;
    let rows = found.entries.iter().map(|entry| row(context, entry)).collect();
    let table = Table { caption: words.title, columns: &words.columns, rows };
    let body = html! {
        h1 { (words.title) }
        p.lead { (words.lead) }
        @if let Some(error) = error { p.notice.trouble role="alert" { (error) } }
        div.panel.facts { (form) }
        @if found.entries.is_empty() {
            (Empty { title: words.empty, text: words.empty_text })
        } @else {
            div.panel.compact { (table) }
        }
        (pager(texts, after.map(|_| place(None)), found.next.map(|next| place(Some(next)))))
    };
    Ok(Section::Invitations.page(context, &body))
}

fn row(context: &PageContext, entry: &InvitationEntry) -> Vec<Markup> {
    let texts = Texts::of(context.language());
    let invitation = &entry.invitation;
    let email = &invitation.email;
    let may_see = may(context, Permission::READ_USERS);
    let to = html! {
        @match entry.account.filter(|_| may_see) {
            Some(id) => a href=(user_path(id)) { (email) },
            None => (email),
        }
    };
    let by = html! {
        @match &entry.inviter {
            Some(admin) if may_see => a href=(user_path(admin.id)) { (admin.email) },
            Some(admin) => (admin.email),
            None => ((texts.admin.actor)(EventActor::Operator)),
        }
    };
    vec![
        to,
        html! { span.nowrap { (role_label(context, &invitation.role)) } },
        by,
        Moment { texts, at: invitation.sent_at }.render(),
        status(texts, entry),
        actions(context, entry),
    ]
}

/// What has become of the invitation and, while it is open, of its mail.
fn status(texts: &'static Texts, entry: &InvitationEntry) -> Markup {
    let words = &texts.invitations;
    html! {
        ((words.status)(entry.status))
        @if entry.status == InvitationStatus::Open {
            " " (Moment { texts, at: entry.invitation.expires_at })
            br; ((words.mail)(entry.mail))
        }
        @if let Some(note) = &entry.invitation.note { q.note { (note) } }
    }
}

fn actions(context: &PageContext, entry: &InvitationEntry) -> Markup {
    let (id, email) = (entry.invitation.id, entry.invitation.email.as_str());
    let can_be_sent = match entry.status {
        InvitationStatus::Open | InvitationStatus::Expired | InvitationStatus::Void => true,
        InvitationStatus::Accepted | InvitationStatus::HasAccount => false,
    };
    html! {
        @if entry.status != InvitationStatus::Accepted {
            div.actions {
                @if can_be_sent { (resend_form(context, id, Some(email), None)) }
                (revoke_form(context, id, email))
            }
        }
    }
}

fn resend_form(
    context: &PageContext,
    id: InvitationId,
    email: Option<&str>,
    error: Option<&str>,
) -> Markup {
    let label = Texts::of(context.language()).invitations.resend;
    let spoken = email.map(|email| format!("{label}: {email}"));
    ActionForm {
        error,
        spoken: spoken.as_deref(),
        weight: Weight::Quiet,
        ..ActionForm::new(
            &format!("resend-invitation-form-{id}"),
            &RESEND_PATH.replace("{invitation}", &id.to_string()),
            context.csrf.token(),
            label,
        )
    }
    .render()
}

fn revoke_form(context: &PageContext, id: InvitationId, email: &str) -> Markup {
    let label = Texts::of(context.language()).invitations.revoke;
    ActionForm {
        spoken: Some(&format!("{label}: {email}")),
        weight: Weight::Quiet,
        ..ActionForm::new(
            &format!("revoke-invitation-form-{id}"),
            &REVOKE_PATH.replace("{invitation}", &id.to_string()),
            context.csrf.token(),
            label,
        )
    }
    .render()
}
