//! Counts per network in the memory of this process, for requests that are so frequent and cheap
//! that a row in the database would cost more. They start at zero with the process and are not
//! shared between nodes; counts that must hold for all nodes are in [`crate::throttle`].

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use domain::Timestamp;

use crate::{Client, Rate};

/// Networks that are counted at once; a flood of others is not limited one by one.
const MAX: usize = 16_384;

/// Tries of each network within the current period.
#[derive(Debug)]
pub(crate) struct Tally {
    rate: Rate,
    counts: Mutex<HashMap<IpAddr, Count>>,
}

#[derive(Debug)]
struct Count {
    tries: u32,
    ends_at: Timestamp,
}

impl Tally {
    /// Counts against `rate`.
    pub(crate) fn new(rate: Rate) -> Self {
        Self { rate, counts: Mutex::default() }
    }

    /// Counts one try of the client's network; `Err` says when to come back.
    pub(crate) fn take(&self, client: &Client, now: Timestamp) -> Result<(), Duration> {
        let Some(limit) = self.rate.0 else { return Ok(()) };
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MAX {
            counts.retain(|_, count| count.ends_at > now);
        }
        if counts.len() >= MAX {
            counts.clear();
        }
        let ends_at = now + limit.period;
        let count = counts.entry(client.network()).or_insert(Count { tries: 0, ends_at });
        // A clock that was set back must not prolong a period.
        if count.ends_at <= now || count.ends_at > ends_at {
            *count = Count { tries: 0, ends_at };
        }
        if count.tries >= limit.count {
            return Err(count.ends_at - now);
        }
        count.tries += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);
    const MINUTE: Duration = Duration::from_mins(1);

    fn client(address: &str) -> Client {
        Client::new(address.parse().unwrap(), "")
    }

    /// RES-01.
    #[test]
    fn each_network_has_its_tries_and_gets_them_back_with_the_next_period() {
        let tally = Tally::new(Rate::new(2, MINUTE));
        let (mia, eve) = (client("192.0.2.1"), client("2001:db8::1"));

        assert_eq!([tally.take(&mia, NOW), tally.take(&mia, NOW)], [Ok(()), Ok(())]);
        assert_eq!(tally.take(&mia, NOW), Err(MINUTE));
        assert_eq!(tally.take(&eve, NOW), Ok(()));
        assert_eq!(tally.take(&client("2001:db8::2"), NOW), Ok(()));
        assert_eq!(tally.take(&eve, NOW), Err(MINUTE), "a /64 is one network");

        let half = NOW + MINUTE / 2;
        assert_eq!(tally.take(&mia, half), Err(MINUTE / 2));
        assert_eq!(tally.take(&mia, NOW + MINUTE), Ok(()));
        assert_eq!(tally.take(&mia, NOW), Ok(()), "the clock was set back");
        assert!((0..9).all(|_| Tally::new(Rate::OFF).take(&mia, NOW).is_ok()));
    }

    /// RES-04.
    #[test]
    fn the_networks_that_are_counted_are_bounded() {
        let tally = Tally::new(Rate::new(1, MINUTE));
        for n in 0..2 * u32::try_from(MAX).unwrap() {
            let address = IpAddr::V4(n.into());
            tally.take(&Client::new(address, ""), NOW).unwrap();
        }
        assert!(tally.counts.lock().unwrap().len() <= MAX);
    }
}
