//! The list of factors: a section for each kind, in which each factor is renamed and removed, and the
//! recovery codes.

use auth::{FactorList, ListedFactor};
use domain::{FactorId, FactorKind, Principal};
use hypermedia::{
    answer::View,
    extract::FormState,
    page_context::PageContext,
    ui::{ConfirmedAction, Indexing, Message, Moment, Table, TextField},
};
use maud::{Markup, Render, html};

use super::{new_app, new_passkey, recovery_codes};
use crate::{features::settings::Section, fields, paths::FACTORS, texts::Texts};

/// Codes that are few enough to be told of.
const FEW_CODES: usize = 3;

/// Longest name that a field takes, in characters.
const MAX_NAME: usize = 80;

/// What the page shows.
pub(super) struct Shown {
    pub(super) list: FactorList,
    /// The passkeys that are accepted, for the authenticators; `None` where there can be none.
    pub(super) accepted_passkeys: Option<String>,
    pub(super) refusal: Option<Refusal>,
}

/// A change of a factor.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Rename,
    Remove,
}

/// Why a factor was not changed.
pub(super) struct Refusal {
    pub(super) change: Change,
    pub(super) id: FactorId,
    pub(super) state: FormState,
}

pub(super) fn page(context: &PageContext, principal: &Principal, shown: &Shown) -> View {
    let texts = Texts::of(context.language());
    let is_on = principal.second_factor_since.is_some();
    let list = &shown.list;
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
            @if principal.is_confirmed {
                @if !is_on && !list.factors.is_empty() { (finish(texts)) }
                (passkeys(context, shown))
                (apps(context, shown))
                @if is_on { (codes(texts, list)) }
            } @else {
                p.notice role="status" { (words.confirm_first) }
            }
        }
    };
    let refused = shown.refusal.as_ref().and_then(|refusal| {
        let factor = list.factors.iter().find(|factor| factor.id == refusal.id)?;
        let [_, form] = question(context, shown, factor, refusal.change);
        Some(form)
    });
    View {
        title: words.title,
        indexing: Indexing::Unlisted,
        form: refused,
        main: Section::Factors.page(context, &main),
    }
}

/// The passkeys, and the way to another one.
fn passkeys(context: &PageContext, shown: &Shown) -> Markup {
    let words = &Texts::of(context.language()).passkeys;
    let add = html! {
        @if let Some(accepted) = &shown.accepted_passkeys {
            p data-accepted-passkeys=(accepted) {
                a.button.quiet href=(new_passkey::PATH) { (words.add) }
            }
        } @else {
            p.hint { (words.unsupported) }
        }
    };
    section(context, shown, (FactorKind::Passkey, words.title, words.lead), &add)
}

/// The apps, and the way to another one.
fn apps(context: &PageContext, shown: &Shown) -> Markup {
    let words = &Texts::of(context.language()).factors;
    let add = html! { p { a.button.quiet href=(new_app::PATH) { (words.add_app) } } };
    section(context, shown, (FactorKind::AuthenticationApp, words.apps, words.apps_lead), &add)
}

/// The factors of one kind, or what that is.
fn section(
    context: &PageContext,
    shown: &Shown,
    (kind, title, lead): (FactorKind, &str, &str),
    add: &Markup,
) -> Markup {
    let words = &Texts::of(context.language()).factors;
    let of_kind = shown.list.factors.iter().filter(|factor| factor.kind == kind);
    let rows: Vec<_> = of_kind.map(|factor| row(context, shown, factor)).collect();
    html! {
        h2 { (title) }
        @if rows.is_empty() {
            p { (lead) }
        } @else {
            div.panel { (Table { caption: title, columns: &words.columns, rows }) }
        }
        (add)
    }
}

fn row(context: &PageContext, shown: &Shown, factor: &ListedFactor) -> Vec<Markup> {
    let texts = Texts::of(context.language());
    let (words, passkeys) = (&texts.factors, &texts.passkeys);
    let moment = |at| Moment { texts, at }.render();
    let stored = |is_synced| if is_synced { passkeys.synced } else { passkeys.one_device };
    let change = |change| {
        let [whole, _] = question(context, shown, factor, change);
        whole
    };
    vec![
        html! {
            (factor.name)
            @if let Some(is_synced) = factor.is_synced { " " span.tag { (stored(is_synced)) } }
        },
        moment(factor.created_at),
        factor.last_used_at.map_or_else(|| html! { (words.never_used) }, moment),
        html! { (change(Change::Rename)) (change(Change::Remove)) },
    ]
}

/// The question before a change, with the reason why it was refused: as a whole, and its form alone.
fn question(
    context: &PageContext,
    shown: &Shown,
    factor: &ListedFactor,
    change: Change,
) -> [Markup; 2] {
    let texts = Texts::of(context.language());
    let words = &texts.factors;
    let refusal = shown.refusal.as_ref();
    let state = refusal.filter(|it| it.id == factor.id && it.change == change).map(|it| &it.state);
    let error = state.and_then(|it| it.error_of(fields::NAME).or_else(|| it.error.clone()));
    let is_on = context.principal.as_ref().is_some_and(|it| it.second_factor_since.is_some());
    let (name, title, label, effect) = match change {
        Change::Rename => ("rename", words.rename, texts.settings.save, words.rename_effect),
        Change::Remove if is_on && shown.list.factors.len() == 1 => {
            ("remove", words.remove, words.remove, words.remove_last_effect)
        }
        Change::Remove => ("remove", words.remove, words.remove, words.remove_effect),
    };
    let field = || TextField {
        name: fields::NAME,
        label: words.name,
        hint: words.name_hint,
        value: state.map_or(factor.name.as_str(), |it| it.value(fields::NAME)),
        max_length: MAX_NAME,
        is_wrong: state.is_some_and(|it| it.error_of(fields::NAME).is_some()),
    };
    let action = ConfirmedAction {
        id: &format!("{name}-factor-form-{}", factor.id),
        action: &path(factor, change),
        csrf_token: context.csrf.token(),
        title,
        effect,
        choice: None,
        fields: if change == Change::Rename { vec![field()] } else { Vec::new() },
        error: error.as_ref().map(Message::text),
        label,
        is_final: change == Change::Remove,
    };
    [action.render(), action.form()]
}

fn path(factor: &ListedFactor, change: Change) -> String {
    let id = factor.id;
    match (factor.kind, change) {
        (FactorKind::AuthenticationApp, Change::Rename) => format!("{FACTORS}/apps/{id}"),
        (FactorKind::AuthenticationApp, Change::Remove) => format!("{FACTORS}/apps/{id}/remove"),
        (FactorKind::Passkey, Change::Rename) => format!("{FACTORS}/passkeys/{id}/name"),
        (FactorKind::Passkey, Change::Remove) => format!("{FACTORS}/passkeys/{id}/remove"),
    }
}

/// The way on, before the factors count.
fn finish(texts: &'static Texts) -> Markup {
    let words = &texts.factors;
    html! {
        p.notice role="status" {
            span { (words.finish) " " a href=(recovery_codes::PATH) { (words.get_codes) } }
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
                span {
                    ((words.codes_left)(left)) " "
                    a href=(recovery_codes::PATH) { (words.few_codes_action) }
                }
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
