//! The list of the passkeys, a section of the page of the factors.

use auth::OwnPasskeys;
use domain::Passkey;
use hypermedia::{
    page_context::PageContext,
    ui::{ConfirmedAction, Moment, Table, TextField},
};
use maud::{Markup, Render, html};

use super::NEW;
use crate::{fields, texts::Texts};

/// Longest name that a field takes, in characters.
const MAX_NAME: usize = 80;

/// The passkeys, and the way to add one.
pub(in super::super) fn section(context: &PageContext, own: &OwnPasskeys) -> Markup {
    let texts = Texts::of(context.language());
    let words = &texts.passkeys;
    let rows = own.passkeys.iter().map(|passkey| row(context, passkey)).collect();
    html! {
        h2 { (words.title) }
        @if own.passkeys.is_empty() {
            p { (words.lead) }
        } @else {
            div.panel {
                (Table { caption: words.title, columns: &words.columns, rows })
            }
        }
        @if let Some(accepted) = &own.accepted {
            p data-accepted-passkeys=(accepted) { a.button.quiet href=(NEW) { (words.add) } }
        } @else {
            p.hint { (words.unsupported) }
        }
    }
}

fn row(context: &PageContext, passkey: &Passkey) -> Vec<Markup> {
    let texts = Texts::of(context.language());
    let words = &texts.passkeys;
    let moment = |at| Moment { texts, at }.render();
    let is_synced = passkey.is_synced;
    vec![
        html! { (passkey.name) },
        moment(passkey.created_at),
        passkey.last_used_at.map_or_else(|| html! { (words.never_used) }, moment),
        html! { (if is_synced { words.synced } else { words.one_device }) },
        html! { (rename(context, passkey)) (remove(context, passkey)) },
    ]
}

fn rename(context: &PageContext, passkey: &Passkey) -> Markup {
    let texts = Texts::of(context.language());
    let words = &texts.passkeys;
    let field = TextField {
        name: fields::NAME,
        label: words.name,
        hint: words.name_hint,
        value: passkey.name.as_str(),
        max_length: MAX_NAME,
    };
    ConfirmedAction {
        id: &format!("rename-passkey-form-{}", passkey.id),
        action: &format!("/settings/factors/passkeys/{}/name", passkey.id),
        csrf_token: context.csrf.token(),
        title: words.rename,
        effect: words.rename_effect,
        choice: None,
        fields: vec![field],
        error: None,
        label: texts.settings.save,
        is_final: false,
    }
    .render()
}

fn remove(context: &PageContext, passkey: &Passkey) -> Markup {
    let words = &Texts::of(context.language()).passkeys;
    ConfirmedAction {
        id: &format!("remove-passkey-form-{}", passkey.id),
        action: &format!("/settings/factors/passkeys/{}/remove", passkey.id),
        csrf_token: context.csrf.token(),
        title: words.remove,
        effect: words.remove_effect,
        choice: None,
        fields: Vec::new(),
        error: None,
        label: words.remove_submit,
        is_final: true,
    }
    .render()
}
