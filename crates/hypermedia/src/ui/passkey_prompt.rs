//! The button that asks an authenticator for a passkey. Its answer travels in a hidden field of the
//! form around it, so that the form is sent like any other.
//!
//! The script `passkeys.js` shows the button where the browser has passkeys. Anywhere else the
//! sentence beside it stays, if there is one.

use maud::{Markup, Render, html};

use super::{FieldName, Icon, Message, Texts};

/// What the authenticator is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasskeyRequest {
    /// The use of a passkey.
    Use,
    /// The same, also offered by the autofill of a field with `autocomplete="… webauthn"`.
    UseOrAutofill,
    /// A new passkey.
    Create,
}

/// The button, within a form.
#[derive(Clone, Debug)]
pub struct PasskeyPrompt<'a> {
    /// The texts of the kit.
    pub texts: &'static Texts,
    /// What is asked for.
    pub request: PasskeyRequest,
    /// The options for the authenticator, as JSON.
    pub options: &'a str,
    /// The state that checks the answer.
    pub ceremony: &'a str,
    /// The text of the button.
    pub label: &'static str,
    /// Why an answer was refused.
    pub error: Option<Message>,
    /// What visitors read whose browsers have no passkeys, or no script.
    pub instead: Option<&'static str>,
}

impl PasskeyRequest {
    /// The method of `navigator.credentials`.
    const fn method(self) -> &'static str {
        match self {
            Self::Use | Self::UseOrAutofill => "get",
            Self::Create => "create",
        }
    }
}

impl Render for PasskeyPrompt<'_> {
    fn render(&self) -> Markup {
        let is_new = self.request == PasskeyRequest::Create;
        let autofills = self.request == PasskeyRequest::UseOrAutofill;
        let texts = &self.texts.form;
        html! {
            div.passkey hidden data-passkey=(self.request.method()) data-options=(self.options)
                data-autofill[autofills] {
                input type="hidden" name=(FieldName::PASSKEY);
                input type="hidden" name=(FieldName::CEREMONY) value=(self.ceremony);
                button.quiet[!is_new] type="button" autofocus[self.error.is_some()]
                    aria-describedby=[self.error.is_some().then_some("passkey-error")] {
                    (Icon::Key) (self.label)
                }
                p.hint role="status" data-cancelled=(texts.passkey_cancelled)
                    data-known=(texts.passkey_known) {}
            }
            @if let Some(error) = &self.error {
                p.error id="passkey-error" role="alert" { (Icon::Alert) span { (error) } }
            }
            @if let Some(instead) = self.instead {
                p.hint data-instead-of-passkey { (instead) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::Language;

    use super::*;

    fn prompt(request: PasskeyRequest) -> PasskeyPrompt<'static> {
        PasskeyPrompt {
            texts: Texts::of(Language::English),
            request,
            options: r#"{"challenge":"a"}"#,
            ceremony: "sealed",
            label: "Use a passkey",
            error: None,
            instead: Some("Not here."),
        }
    }

    #[test]
    fn the_button_is_hidden_until_the_script_shows_it_and_the_sentence_is_there() {
        let html = prompt(PasskeyRequest::Use).render().into_string();

        assert!(html.starts_with(r#"<div class="passkey" hidden data-passkey="get""#), "{html}");
        assert!(html.contains(r#"data-options="{&quot;challenge&quot;:&quot;a&quot;}">"#));
        assert!(html.contains(r#"<p class="hint" data-instead-of-passkey>Not here.</p>"#));
        assert!(html.contains(r#"name="ceremony" value="sealed""#), "{html}");
    }

    #[test]
    fn only_the_log_in_page_offers_passkeys_by_autofill() {
        let html = |request| prompt(request).render().into_string();

        assert!(html(PasskeyRequest::UseOrAutofill).contains("data-autofill"));
        assert!(!html(PasskeyRequest::Use).contains("data-autofill"));
        assert!(html(PasskeyRequest::Create).contains(r#"data-passkey="create""#));
    }
}
