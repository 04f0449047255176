//! The way back for an owner who has lost every second factor: the link that begins the wait, the
//! page behind it, and the ways to stop it ([`keep`], [`banner`]).

pub(crate) mod banner;
pub(crate) mod begin;
pub(crate) mod keep;
pub(crate) mod request;

use hypermedia::{answer::Answer, page_context::PageContext, ui::Moment};

use crate::{features::link_gone, paths, texts::Texts};

/// The end of a wait that begins now.
fn earliest(context: &PageContext) -> Moment {
    let accounts = context.accounts();
    let at = accounts.clock().now() + accounts.settings().accounts.factor_reset_wait;
    Moment { texts: Texts::of(context.language()), at }
}

fn gone(context: &PageContext) -> Answer {
    let texts = Texts::of(context.language());
    link_gone::page(context, None, paths::LOG_IN, texts.factor_reset.to_log_in)
}
