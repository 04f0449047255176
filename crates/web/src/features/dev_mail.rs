//! The latest mails as the server sent them, for a developer on this machine. In production the
//! route does not exist; elsewhere it answers this machine only.

use hypermedia::{
    answer::{Answer, View},
    error::Error,
    page_context::PageContext,
    ui::{Empty, Indexing},
};
use maud::{Markup, html};
use poem::handler;

use crate::texts::Texts;

#[handler]
pub(crate) fn index(context: &PageContext) -> Result<Answer, Error> {
    let texts = Texts::of(context.language());
    if !context.client().address.is_loopback() {
        return Err(Error::NotFound);
    }
    let mails = context.accounts().operations().recent_mails();
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
                    pre { (linked(&mail.text, |line| context.accounts().is_own_link(line))) }
                }
            }
        }
    };
    Ok(Answer::page(View {
        title: texts.pages.dev_mail,
        indexing: Indexing::Unlisted,
        form: None,
        main,
    }))
}

/// The text with the links to this site made to be followed: they stand on lines of their
/// own. Whatever else looks like a link may be a stranger's word.
fn linked(text: &str, is_own_link: impl Fn(&str) -> bool) -> Markup {
    html! {
        @for line in text.lines() {
            @if is_own_link(line) {
                a href=(line) { (line) } "\n"
            } @else {
                (line) "\n"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// MAI-03.
    #[test]
    fn what_leads_away_from_this_site_is_text() {
        let text = "Hello,\n\nhttps://app.test/a\n\nhttps://evil.test/a\njavascript:alert(1)";
        let html = linked(text, |line| line.starts_with("https://app.test/")).into_string();

        assert!(html.contains("<a href=\"https://app.test/a\">"), "{html}");
        assert_eq!(html.matches("<a ").count(), 1, "{html}");
    }
}
