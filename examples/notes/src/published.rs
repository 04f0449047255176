//! The notes that editors have published, for everyone to read.

use std::time::Duration;

use auth::mail::ProductMail;
use hypermedia::{
    answer::{Answer, View},
    error::Error,
    extract::{Authenticated, cursor},
    page_context::PageContext,
    ui::{Empty, Indexing, Pager},
};
use maud::html;
use poem::{
    handler,
    web::{Path, Query},
};

use crate::{
    PUBLISHED,
    notes::{
        IndexQuery, note_id,
        repository::{self, Page},
        to_list,
    },
};

pub(crate) const PATH: &str = "/published";
/// How long the mail about a published note is worth sending.
const MAIL_LIFETIME: Duration = Duration::from_hours(24);

#[handler]
pub(crate) async fn index(
    context: &PageContext,
    query: poem::Result<Query<IndexQuery>>,
) -> Result<Answer, Error> {
    let after = IndexQuery::after(query);
    let found = repository::list_published(context.accounts().store(), after).await?;
    Ok(Answer::page(view(context, &found, after.is_none())))
}

/// Publishes a note of the editor: the note, the event in the timeline and the mail in one
/// transaction.
#[handler]
pub(crate) async fn publish(
    context: &PageContext,
    principal: &Authenticated,
    Path(id): Path<String>,
) -> Result<Answer, Error> {
    let (accounts, owner) = (context.accounts(), principal.user_id);
    let key = (owner, note_id(&id)?);
    let tx = accounts.store().begin().await?;
    if !repository::publish(&tx, key, accounts.clock().now()).await? {
        return Err(Error::NotFound);
    }
    accounts.record_product_event(&tx, principal, PUBLISHED, &context.client()).await?;
    let user = tx.users().find(owner).await?.ok_or(Error::NotFound)?;
    let mail = ProductMail {
        subject: "Your note is published on {brand}".to_owned(),
        opening: vec!["Everyone can read it now. Here it is:".to_owned()],
        link: Some(("Read the note", vec!["published".to_owned()])),
        closing: Vec::new(),
    };
    accounts.queue_product_mail(&tx, &user, mail, MAIL_LIFETIME).await?;
    tx.commit().await?;
    accounts.wake_outbox();
    Ok(to_list("Note published."))
}

fn view(context: &PageContext, found: &Page, is_first: bool) -> View {
    let next = found.next.map(|(at, id)| cursor::encode(at, &id));
    let main = html! {
        section.wide {
            h1 { "Published notes" }
            @if found.notes.is_empty() {
                (Empty { title: "Nothing is published yet", text: "Check back later." })
            }
            @for note in &found.notes {
                article.panel {
                    h2 { (note.title) }
                    @for line in note.body.lines() { p { (line) } }
                }
            }
            (Pager { texts: context.texts(), action: PATH, query: "", is_first, next: next.as_deref() })
        }
    };
    View { title: "Published notes", indexing: Indexing::Public, form: None, main }
}
