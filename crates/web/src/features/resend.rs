//! A form that came without a valid token, to be sent again by hand: everything
//! that was typed but passwords, and a fresh token.

use maud::{Markup, html};

use crate::{
    answer::View,
    extract::Submission,
    ui::{Card, Discretion, csrf_field, ids, logout_form, texts},
    visit::Visit,
};

/// What another form of ours would not carry along.
const DROPPED: [&str; 2] = ["csrf_token", "password"];

pub(crate) fn view(visit: &Visit, submission: &Submission) -> View {
    let form = form(visit, submission);
    let body = html! { (form) };
    let main = maud::Render::render(&Card {
        title: texts::RESEND_TITLE,
        lead: Some(texts::FORM_UNPROVEN),
        body,
        foot: None,
    });
    let fragment = if visit.path == "/logout" { logout_form(visit.csrf.token()) } else { form };
    View {
        title: texts::RESEND_TITLE,
        discretion: Discretion::Unlisted,
        form: Some(fragment),
        main,
    }
}

fn form(visit: &Visit, submission: &Submission) -> Markup {
    html! {
        form id=(ids::RESEND_FORM) method="post" action=(visit.path) {
            (csrf_field(visit.csrf.token()))
            @for (name, value) in submission.fields().filter(|(name, _)| !DROPPED.contains(name)) {
                input type="hidden" name=(name) value=(value);
            }
            button type="submit" { (texts::SEND_AGAIN) }
        }
    }
}
