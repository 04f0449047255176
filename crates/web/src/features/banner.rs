//! The banner above the content of every page: what a user has to do for the account.

use hypermedia::{page_context::PageContext, ui::Icon};
use maud::{Markup, html};

use super::{factor_reset, unconfirmed};
use crate::{paths, texts::Texts};

/// Recovery codes that are few enough to be told of.
const FEW_CODES: u32 = 3;

/// Factors that are about to be removed; else the address to confirm; else recovery codes that are
/// nearly used up.
pub(crate) fn banner(context: &PageContext) -> Option<Markup> {
    factor_reset::banner::banner(context)
        .or_else(|| unconfirmed::banner(context))
        .or_else(|| few_codes(context))
}

fn few_codes(context: &PageContext) -> Option<Markup> {
    let left = context.principal.as_ref()?.recovery_codes_left?;
    // The pages about factors say it themselves.
    if left > FEW_CODES || context.path.starts_with(paths::FACTORS) {
        return None;
    }
    let words = &Texts::of(context.language()).factors;
    Some(html! {
        aside.notice.line aria-label=(words.recovery_codes) {
            (Icon::Alert)
            div {
                p {
                    ((words.codes_left)(usize::try_from(left).unwrap_or_default())) " "
                    a href=(paths::FACTORS) { (words.few_codes_action) }
                }
            }
        }
    })
}
