//! The parts around the content of a page that depend on the visitor.

use crate::{
    navigation::NavigationEntry,
    page_context::PageContext,
    ui::{LanguageForm, Nav, NavLink},
};

/// The navigation bar for this visitor.
pub(super) fn nav(context: &PageContext) -> Nav<'_> {
    let principal = context.principal.as_deref();
    let entries = context.site.navigation.iter().filter(|entry| entry.is_shown(principal));
    let link =
        |entry: &NavigationEntry| NavLink::new((entry.label)(context.language()), entry.path);
    Nav {
        texts: context.texts(),
        current_path: &context.path,
        links: entries.map(link).collect(),
        account: (context.account_pages().account_menu)(context),
    }
}

/// The form that changes the language and leads back to this page, if it is one to come back to.
pub(super) fn language_form(context: &PageContext, is_lasting: bool) -> LanguageForm<'_> {
    LanguageForm {
        language: context.language(),
        csrf_token: context.csrf.token(),
        path: is_lasting.then_some(&context.path),
    }
}
