//! The way to the other languages, at the foot of every page. It changes the document
//! itself, its `lang` first of all, so it is sent by the browser and never by htmx.

use domain::Language;
use maud::{Markup, Render, html};

use super::{FieldName, ids};

/// A button for each language but the one that the page is in, in its own words.
#[derive(Clone, Debug)]
pub struct LanguageForm<'a> {
    /// The language of the page.
    pub language: Language,
    /// The languages of the product.
    pub languages: &'a [Language],
    /// The token that proves that the page came from here.
    pub csrf_token: &'a str,
    /// The path of the page, where there is one to come back to.
    pub path: Option<&'a str>,
}

impl LanguageForm<'_> {
    /// The form that takes the place of the one on the page, as its token and its page
    /// may be others by now.
    pub fn out_of_band(&self) -> Markup {
        self.form(Some("true"))
    }

    fn form(&self, out_of_band: Option<&str>) -> Markup {
        let others = self.languages.iter().filter(|language| **language != self.language);
        html! {
            form id=(ids::LANGUAGE_FORM) method="post" action="/language"
                hx-swap-oob=[out_of_band] {
                input type="hidden" name=(FieldName::CSRF_TOKEN) value=(self.csrf_token);
                @if let Some(path) = self.path {
                    input type="hidden" name=(FieldName::NEXT) value=(path);
                }
                @for language in others {
                    button.quiet type="submit" name=(FieldName::LANGUAGE)
                        value=(language.tag()) lang=(language.tag()) {
                        (language.own_name())
                    }
                }
            }
        }
    }
}

impl Render for LanguageForm<'_> {
    fn render(&self) -> Markup {
        self.form(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_other_language_is_offered_in_its_own_words_and_leads_back_here() {
        for (language, other, name) in
            [(Language::English, "de", "Deutsch"), (Language::German, "en", "English")]
        {
            let form = LanguageForm {
                language,
                languages: &Language::ALL,
                csrf_token: "token",
                path: Some("/admin/users"),
            };
            let html = form.render().into_string();

            let button = format!(
                r#"<button class="quiet" type="submit" name="language" value="{other}" lang="{other}">{name}</button>"#
            );
            assert!(html.contains(&button), "{html}");
            assert_eq!(html.matches("<button").count(), 1);
            assert!(html.contains(r#"name="next" value="/admin/users""#), "{html}");
            assert!(!html.contains("hx-post"), "htmx would leave the lang as it is");
        }
    }
}
