//! The state that the visitors and the faults share.

use std::sync::Arc;

use super::{balancer::Balancer, ledger::Ledger, mails::Mails, tally::Tally};

/// The number of servers behind the balancer.
pub(super) const NODES: usize = 3;

/// The state that the visitors and the faults share.
pub(super) struct Scene {
    /// Visitors connect to its address.
    pub(super) balancer: Balancer,
    pub(super) ledger: Ledger,
    pub(super) tally: Tally,
    pub(super) mails: Arc<Mails>,
}
