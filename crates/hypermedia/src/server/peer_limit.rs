//! How many connections one peer may hold, so that one machine cannot fill the house
//! and leave everybody else in the system's queue (RES-02, RES-04).
//!
//! A peer is a network as the limits on tries count it: an IPv4 address or an IPv6
//! /64. Proxies and this machine itself stand for many clients and have no share.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use auth::Client;

use crate::settings::TrustedProxies;

/// The connections that each peer holds.
#[derive(Debug)]
pub(super) struct PeerLimits {
    most: usize,
    spared: TrustedProxies,
    held: Arc<Held>,
}

#[derive(Debug, Default)]
struct Held(Mutex<HashMap<IpAddr, usize>>);

/// One connection of a peer, where it is counted; given back when dropped.
#[derive(Debug)]
pub(super) struct PeerPermit(Option<(IpAddr, Arc<Held>)>);

impl PeerLimits {
    /// At most `most` connections for each peer, but for those that are `spared`.
    pub(super) fn new(most: usize, spared: TrustedProxies) -> Self {
        Self { most, spared, held: Arc::default() }
    }

    /// A connection for the peer at `address`; `None` when it holds its share already.
    pub(super) fn take(&self, address: IpAddr) -> Option<PeerPermit> {
        if self.spared.contains(address.to_canonical()) {
            return Some(PeerPermit(None));
        }
        let peer = Client::new(address, "").network();
        let mut held = self.held.lock();
        let count = held.entry(peer).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(PeerPermit(Some((peer, Arc::clone(&self.held)))))
    }
}

impl Held {
    fn lock(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for PeerPermit {
    fn drop(&mut self) {
        let Some((peer, held)) = &self.0 else { return };
        let mut held = held.lock();
        if let Some(count) = held.get_mut(peer) {
            *count -= 1;
            if *count == 0 {
                held.remove(peer);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RES-04.
    #[test]
    fn a_network_holds_its_share_and_gives_it_back_and_proxies_hold_what_they_like() {
        let shares = PeerLimits::new(2, TrustedProxies::parse("10.0.0.0/8").unwrap());
        let take = |address: &str| shares.take(address.parse().unwrap());
        let mut kept = vec![take("2001:db8::1").unwrap(), take("2001:db8::2").unwrap()];

        assert!(take("2001:db8::3").is_none(), "a /64 is one peer");
        kept.push(take("2001:db8:0:1::1").unwrap());
        kept.push(take("192.0.2.1").unwrap());
        kept.push(take("::ffff:192.0.2.1").unwrap());
        assert!(take("192.0.2.1").is_none(), "however its address is written");
        assert!((0..9).all(|_| take("::ffff:10.1.2.3").is_some()));

        kept.clear();
        assert!(take("192.0.2.1").is_some() && take("2001:db8::3").is_some());
        assert!(shares.held.lock().is_empty());
    }
}
