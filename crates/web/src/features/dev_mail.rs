//! The latest mails as the server sent them, for whoever develops on this machine.
//! Not part of the route table in production; and only for the machine itself.

use maud::html;
use poem::handler;

use crate::{
    answer::{Answer, View},
    error::Error,
    ui::{Discretion, Empty},
    visit::Visit,
};

#[handler]
pub(crate) fn index(visit: &Visit) -> Result<Answer, Error> {
    let texts = visit.texts();
    if !visit.client().address.is_loopback() {
        return Err(Error::NotFound);
    }
    let mails = visit.accounts().recent_mails();
    let main = html! {
        section.wide {
            h1 { (texts.pages.dev_mail) }
            @if mails.is_empty() {
                (Empty { title: texts.pages.no_mail, text: texts.pages.no_mail_text })
            }
            @for mail in mails {
                article.card {
                    h2 { (mail.subject) }
                    p.hint { (mail.to) }
                    pre { (linked(&mail.text)) }
                }
            }
        }
    };
    Ok(Answer::page(View {
        title: texts.pages.dev_mail,
        discretion: Discretion::Unlisted,
        form: None,
        main,
    }))
}

/// The text with its links made to be followed: they stand on lines of their own.
fn linked(text: &str) -> maud::Markup {
    html! {
        @for line in text.lines() {
            @if line.starts_with("http://") || line.starts_with("https://") {
                a href=(line) { (line) } "\n"
            } @else {
                (line) "\n"
            }
        }
    }
}
