//! The layout of every mail, as plain text and as HTML, both from the same sentences. It has no
//! images, no scripts and nothing to fetch, so that opening a mail is not tracked. Names and
//! addresses are printed as text, never as markup.

use domain::Brand;
use maud::{DOCTYPE, Markup, html};
use url::Url;

use super::{greeted::Greeted, site::MailSite, texts::Texts};

/// Longest line of the text, links excepted, in characters (RFC 5322 §2.1.1
/// recommends 78).
const TEXT_WIDTH: usize = 76;

/// Inline styles for the light scheme, for mail programs that drop `<style>`.
const BODY: &str = "margin:0;padding:0;background-color:#f6f5f1";
/// Again on a `div`, because some mail programs drop the `body` element.
const GROUND: &str = "padding:24px 12px;background-color:#f6f5f1;color:#1b211e;\
    font:16px/1.5 system-ui,-apple-system,Roboto,Helvetica,Arial,sans-serif";
const CARD: &str = "max-width:520px;margin:0 auto;padding:32px;background-color:#ffffff;\
    border:1px solid #e2dfd7;border-radius:12px";
const HEADING: &str = "margin:0 0 16px;font-size:22px;line-height:1.25";
const PARAGRAPH: &str = "margin:0 0 16px";
const BUTTON: &str = "display:inline-block;padding:12px 20px;border-radius:8px;\
    font-weight:600;text-decoration:none";
const LINK: &str = "margin:0 0 16px;font-size:14px;word-break:break-all";
const FOOTER: &str = "max-width:520px;margin:16px auto 0;font-size:13px;color:#55605a;\
    text-align:center";
/// The dark scheme, without the colours of the brand.
const DARK: &str = ".ground{background-color:#121614!important;color:#e9eeea!important}\
    .card{background-color:#1a1f1c!important;border-color:#2e3632!important}\
    .footer{color:#a7b2ab!important}";

/// The content of one mail.
pub(super) struct Letter<'a> {
    /// The words of its language.
    pub(super) texts: &'static Texts,
    /// The subject, with `{brand}` in it.
    pub(super) subject: String,
    /// The name to greet, where the mail may say it.
    pub(super) greeted: Option<Greeted<'a>>,
    /// What it says.
    pub(super) body: Body,
    /// The site that writes.
    pub(super) site: &'a MailSite,
}

/// The sentences of a mail between greeting and footer.
#[derive(Default)]
pub(super) struct Body {
    /// Paragraphs before the link.
    pub(super) opening: Vec<String>,
    /// The action that the mail offers, if it does.
    pub(super) action: Option<Action>,
    /// Paragraphs after the link.
    pub(super) closing: Vec<String>,
}

/// A link that stands out.
pub(super) struct Action {
    /// The text of the link.
    pub(super) label: &'static str,
    /// Where it leads.
    pub(super) url: Url,
}

impl Letter<'_> {
    /// The whole letter as plain text; the link has a line to itself and is never
    /// broken.
    pub(super) fn text(&self) -> String {
        let mut blocks = vec![wrap(&self.greeting())];
        blocks.extend(self.body.opening.iter().map(|paragraph| wrap(&self.fill(paragraph))));
        blocks.extend(self.body.action.iter().map(|action| action.url.to_string()));
        blocks.extend(self.body.closing.iter().map(|paragraph| wrap(&self.fill(paragraph))));
        blocks.push(wrap(&self.footer()));
        let mut text = blocks.join("\n\n");
        text.push('\n');
        text
    }

    /// The whole letter as an HTML document.
    pub(super) fn html(&self) -> String {
        html! {
            (DOCTYPE)
            html lang=(self.texts.language) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="supported-color-schemes" content="light dark";
                    title { (self.subject_line()) }
                    style { (style(self.site.brand())) }
                }
                body.ground style=(BODY) {
                    div.ground lang=(self.texts.language) style=(GROUND) {
                        div.card style=(CARD) { (self.card()) }
                        p.footer style=(FOOTER) { (self.footer()) }
                    }
                }
            }
        }
        .into_string()
    }

    fn card(&self) -> Markup {
        html! {
            h1 style=(HEADING) { (self.subject_line()) }
            p style=(PARAGRAPH) { (self.greeting()) }
            @for paragraph in &self.body.opening { p style=(PARAGRAPH) { (self.fill(paragraph)) } }
            @if let Some(action) = &self.body.action { (self.button(action)) }
            @for paragraph in &self.body.closing { (self.closing_paragraph(paragraph)) }
        }
    }

    /// A paragraph after the link; an address of the site becomes a link.
    fn closing_paragraph(&self, paragraph: &str) -> Markup {
        if self.site.is_own_link(paragraph) {
            return self.address(paragraph);
        }
        html! { p style=(PARAGRAPH) { (self.fill(paragraph)) } }
    }

    /// The subject line.
    pub(super) fn subject_line(&self) -> String {
        self.fill(&self.subject)
    }

    fn greeting(&self) -> String {
        (self.texts.greeting)(self.greeted.map(|greeted| greeted.name().as_str()))
    }

    fn footer(&self) -> String {
        self.fill(&(self.texts.footer)(&self.site.host()))
    }

    /// The text with the name of the product in its place.
    fn fill(&self, text: &str) -> String {
        self.site.brand().fill(text)
    }

    fn button(&self, action: &Action) -> Markup {
        let url = action.url.as_str();
        let palette = self.site.brand().light;
        let accent = palette.accent;
        let button = format!("{BUTTON};background-color:{accent};color:{}", palette.on_accent);
        html! {
            p style=(PARAGRAPH) { a.button style=(button) href=(url) { (action.label) } }
            (self.address(url))
        }
    }

    fn address(&self, url: &str) -> Markup {
        let accent = self.site.brand().light.accent;
        html! { p style=(LINK) { a.link style={ "color:" (accent) } href=(url) { (url) } } }
    }
}

/// The style sheet of the dark scheme. It has no quotes and no angle brackets, so that escaping does
/// not change it.
fn style(brand: &Brand) -> String {
    let (accent, on_accent) = (brand.dark.accent, brand.dark.on_accent);
    format!(
        ":root{{color-scheme:light dark;supported-color-schemes:light dark}}\
         @media (prefers-color-scheme:dark){{{DARK}\
         .button{{background-color:{accent}!important;color:{on_accent}!important}}\
         .link{{color:{accent}!important}}}}"
    )
}

/// Breaks a paragraph between words.
fn wrap(paragraph: &str) -> String {
    let mut wrapped = String::with_capacity(paragraph.len());
    let mut width = 0;
    for word in paragraph.split_whitespace() {
        let length = word.chars().count();
        if width > 0 && width + 1 + length > TEXT_WIDTH {
            wrapped.push('\n');
            width = 0;
        } else if width > 0 {
            wrapped.push(' ');
            width += 1;
        }
        wrapped.push_str(word);
        width += length;
    }
    wrapped
}

#[cfg(test)]
mod tests {
    use domain::{DisplayName, Language, User};

    use super::*;
    use crate::mail::testing::{mia, site};

    const URL: &str = "https://app.test/reset-password/a-token-that-makes-the-line-far-longer-than-any-other-line";

    fn named(name: &str) -> User {
        User { name: DisplayName::parse(name).unwrap(), ..mia() }
    }

    fn letter<'a>(user: &'a User, site: &'a MailSite) -> Letter<'a> {
        Letter {
            texts: Texts::of(Language::English),
            subject: "Reset your {brand} password".to_owned(),
            greeted: Greeted::of(user),
            body: Body {
                opening: vec!["many words ".repeat(30)],
                action: Some(Action { label: "Go", url: URL.parse().unwrap() }),
                closing: vec!["The end.".to_owned()],
            },
            site,
        }
    }

    #[test]
    fn the_text_is_wrapped_and_the_link_has_a_line_of_its_own() {
        let text = letter(&named("Mia Muster"), &site()).text();

        assert!(text.starts_with("Hello Mia Muster,\n\nmany words"));
        assert!(text.contains(&format!(
            "\n\n{URL}\n\nThe end.\n\nSent automatically by Example at app.test."
        )));
        let longest = text.lines().filter(|line| *line != URL).map(str::len).max();
        assert!(longest.is_some_and(|length| length <= TEXT_WIDTH && length > TEXT_WIDTH - 11));
    }

    /// OUT-01.
    #[test]
    fn names_are_no_markup() {
        let html = letter(&named("<img src=x onerror=alert(1)> & \"Mia\""), &site()).html();

        assert!(html.contains("Hello &lt;img src=x onerror=alert(1)&gt; &amp; &quot;Mia&quot;,"));
        assert!(!html.contains("<img"));
    }

    #[test]
    fn the_html_has_a_dark_scheme_and_loads_nothing() {
        let html = letter(&named("Mia"), &site()).html();

        assert!(html.starts_with("<!DOCTYPE html><html lang=\"en\">"));
        assert!(html.contains("<meta name=\"color-scheme\" content=\"light dark\">"));
        assert!(html.contains(&format!("<style>{}</style>", style(&Brand::EXAMPLE))));
        assert!(html.contains("<title>Reset your Example password</title>"));
        assert_eq!(html.matches(&format!("href=\"{URL}\"")).count(), 2);
        for fetched in ["<img", "<script", "<link", "url(", "@import", "src="] {
            assert!(!html.contains(fetched), "{fetched}");
        }
    }
}
