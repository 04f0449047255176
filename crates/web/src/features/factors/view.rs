//! The list of factors: a section for each kind, and the recovery codes.

use auth::{FactorList, ListedFactor};
use domain::{FactorKind, Principal};
use hypermedia::{
    answer::View,
    page_context::PageContext,
    ui::{Indexing, Message, Moment, Table},
};
use maud::{Markup, Render, html};

use super::{PATH, new_app, recovery_codes};
use crate::{features::settings::Section, texts::Texts};

/// Codes that are few enough to be told of.
const FEW_CODES: usize = 3;

/// What the page shows besides the apps and the codes.
pub(super) struct Parts {
    /// The section of the passkeys.
    pub(super) passkeys: Markup,
    /// Why something was refused.
    pub(super) error: Option<Message>,
}

pub(super) fn index(
    context: &PageContext,
    principal: &Principal,
    list: &FactorList,
    parts: &Parts,
) -> View {
    let texts = Texts::of(context.language());
    let is_on = principal.second_factor_since.is_some();
    let words = &texts.factors;
    let lead = match (is_on, list.is_required) {
        (true, _) => words.lead_on,
        (false, true) => words.lead_required,
        (false, false) => words.lead,
    };
    let main = html! {
        section.wide {
            h1 { (words.title) }
            p.lead { (lead) }
            @if let Some(error) = &parts.error { p.notice.trouble role="alert" { (error) } }
            @if principal.is_confirmed {
                @if !is_on && !list.factors.is_empty() { (finish(texts)) }
                (parts.passkeys)
                (apps(context, list))
                @if is_on { (codes(texts, list)) }
            } @else {
                p.notice role="status" { (words.confirm_first) }
            }
        }
    };
    View {
        title: words.title,
        indexing: Indexing::Unlisted,
        form: None,
        main: Section::Factors.page(context, &main),
    }
}

/// The apps, and the way to another one.
fn apps(context: &PageContext, list: &FactorList) -> Markup {
    let texts = Texts::of(context.language());
    let words = &texts.factors;
    let is_app = |factor: &&ListedFactor| factor.kind == FactorKind::AuthenticationApp;
    let rows: Vec<_> = list.factors.iter().filter(is_app).collect();
    html! {
        h2 { (words.apps) }
        @if rows.is_empty() {
            p { (words.apps_lead) }
        } @else {
            (table(texts, words.apps, "apps", &rows))
        }
        p { a.button.quiet href=(new_app::PATH) { (words.add_app) } }
    }
}

/// The way on, before the factors count.
fn finish(texts: &'static Texts) -> Markup {
    let words = &texts.factors;
    html! {
        p.notice role="status" {
            (words.finish) " " a href=(recovery_codes::PATH) { (words.get_codes) }
        }
    }
}

/// The state of the codes, used ones struck out.
fn codes(texts: &'static Texts, list: &FactorList) -> Markup {
    let words = &texts.factors;
    let left = list.recovery_codes.iter().filter(|code| code.used_at.is_none()).count();
    html! {
        h2 { (words.recovery_codes) }
        p { (words.recovery_codes_lead) }
        @if left <= FEW_CODES {
            p.notice.trouble role="status" {
                ((words.codes_left)(left)) " "
                a href=(recovery_codes::PATH) { (words.few_codes_action) }
            }
        } @else {
            p { ((words.codes_left)(left)) }
        }
        ul.codes {
            @for code in &list.recovery_codes {
                li {
                    @match code.used_at {
                        None => code { (code.place) "…" },
                        Some(at) => {
                            s { code { (code.place) "…" } } " "
                            small { (words.code_used) " " (Moment { texts, at }) }
                        },
                    }
                }
            }
        }
        p { a.button.quiet href=(recovery_codes::PATH) { (words.renew_codes) } }
    }
}

/// The factors of one kind; `folder` is where their pages are.
pub(super) fn table(
    texts: &'static Texts,
    caption: &str,
    folder: &str,
    factors: &[&ListedFactor],
) -> Markup {
    let words = &texts.factors;
    let row = |factor: &&ListedFactor| {
        let name = factor.name.as_str();
        let used = factor.last_used_at;
        vec![
            html! { (name) },
            Moment { texts, at: factor.created_at }.render(),
            used.map_or_else(|| html! { (words.never_used) }, |at| Moment { texts, at }.render()),
            html! {
                a href={ (PATH) "/" (folder) "/" (factor.id) } {
                    (words.change_factor) span.unseen { " " (name) }
                }
            },
        ]
    };
    let rows = factors.iter().map(row).collect();
    let table = Table { caption, columns: &words.columns, rows };
    html! { div.panel { (table) } }
}
