//! The parts around the content of a page that depend on the visitor.

use domain::Principal;

use crate::{
    navigation::NavigationEntry,
    page_context::PageContext,
    ui::{LanguageForm, Nav, NavLink},
};

/// The navigation bar for this visitor.
pub(super) fn nav(context: &PageContext) -> Nav<'_> {
    let principal = context.principal.as_deref();
    let may = |principal: &Principal, permission| context.accounts().may(principal, permission);
    let entries =
        context.site.parts.navigation.iter().filter(|entry| entry.is_shown(principal, may));
    let link =
        |entry: &NavigationEntry| NavLink::new((entry.label)(context.language()), entry.path);
    Nav {
        texts: context.texts(),
        look: &context.request_context.look,
        current_path: &context.path,
        links: entries.map(link).collect(),
        account: (context.account_pages().account_menu)(context),
    }
}

/// The form that changes the language and leads back to this page, if it is one to come back to.
/// There is none where the product has one language.
pub(super) fn language_form(context: &PageContext, is_lasting: bool) -> Option<LanguageForm<'_>> {
    let languages = context.site.brand.languages;
    (languages.len() > 1).then(|| LanguageForm {
        language: context.language(),
        languages,
        csrf_token: context.csrf.token(),
        path: is_lasting.then_some(&context.path),
    })
}
