//! The pages of the notes.

use domain::Timestamp;
use hypermedia::{
    answer::View,
    extract::{FormState, cursor},
    page_context::PageContext,
    ui::{ActionForm, Card, Empty, Field, FieldKind, Form, Indexing, Moment, Pager, Weight},
};
use maud::{Markup, Render, html};

use super::{
    BODY, MAX_BODY, MAX_TITLE, PATH, TITLE,
    repository::{Model, Page},
};
use crate::PUBLISH;

/// The list of the owner.
pub(super) fn list(context: &PageContext, found: &Page, is_first: bool) -> View {
    let next = found.next.map(|(at, id)| cursor::encode(at, &id));
    let main = html! {
        section.wide {
            h1 { "Your notes" }
            p { a.button href="/notes/new" { "New note" } }
            @if found.notes.is_empty() {
                (Empty { title: "No notes yet", text: "Write the first one." })
            }
            @for note in &found.notes { (item(context, note)) }
            (Pager { texts: context.texts(), action: PATH, query: "", is_first, next: next.as_deref() })
        }
    };
    View { title: "Your notes", indexing: Indexing::Unlisted, form: None, main }
}

fn item(context: &PageContext, note: &Model) -> Markup {
    let at = Timestamp::from_millis(note.updated_at);
    let publishes = context
        .principal
        .as_deref()
        .is_some_and(|principal| context.accounts().may(principal, PUBLISH));
    html! {
        article.panel {
            h2 { a href={ (PATH) "/" (note.id) } { (note.title) } }
            p.hint {
                "Changed " (Moment { texts: context.texts(), at })
                @if note.published_at.is_some() { " · published" }
            }
            @if publishes && note.published_at.is_none() {
                (button(context, note, "publish", "Publish"))
            }
            (button(context, note, "delete", "Delete"))
        }
    }
}

fn button(context: &PageContext, note: &Model, action: &str, label: &str) -> Markup {
    ActionForm {
        spoken: Some(&format!("{label}: {}", note.title)),
        weight: Weight::Quiet,
        ..ActionForm::new(
            &format!("{action}-form-{}", note.id),
            &format!("{PATH}/{}/{action}", note.id),
            context.csrf.token(),
            label,
        )
    }
    .render()
}

/// The form of a new note, or of one that is there; it is sent to the path that it is on.
pub(super) fn form(context: &PageContext, state: &FormState, title: &'static str) -> View {
    let texts = context.texts();
    let field = |name, label, kind| Field {
        error: state.error_of(name),
        ..Field::new(texts, name, label, kind)
    };
    let form = Form {
        texts,
        id: "note-form",
        action: &context.path,
        csrf_token: context.csrf.token(),
        hidden: Vec::new(),
        error: state.error.clone(),
        fields: vec![
            field(
                TITLE,
                "Title",
                FieldKind::Text { value: state.value(TITLE), max_length: Some(MAX_TITLE) },
            ),
            field(
                BODY,
                "Text",
                FieldKind::TextArea { value: state.value(BODY), max_length: Some(MAX_BODY) },
            ),
        ],
        submit: "Save",
    }
    .render();
    let foot = html! { p { a href=(PATH) { "Back to your notes" } } };
    let card = Card { title, lead: None, body: form.clone(), foot: Some(foot) };
    View { title, indexing: Indexing::Unlisted, form: Some(form), main: card.render() }
}
