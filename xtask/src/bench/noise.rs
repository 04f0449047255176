//! How much of the machine other programs had while something was measured.

use std::{fmt, time::Instant};

use anyhow::{Context, Result};

/// Ticks a second in `/proc`, on every Linux.
pub(super) const TICKS: u32 = 100;

/// The state of affairs before a measurement.
pub(super) struct Noise {
    began: Instant,
    busy: f64,
    own: f64,
}

/// The noise during the measurement.
pub(super) struct Share {
    seconds: f64,
    others: f64,
}

impl Noise {
    pub(super) fn begin() -> Result<Self> {
        Ok(Self { began: Instant::now(), busy: busy()?, own: own()? })
    }

    /// Children must have been waited for.
    pub(super) fn end(&self) -> Result<Share> {
        let seconds = self.began.elapsed().as_secs_f64();
        let others = (busy()? - self.busy - (own()? - self.own)).max(0.0);
        Ok(Share { seconds, others: others / seconds })
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.0} s; other programs used {:.2} cores meanwhile", self.seconds, self.others)
    }
}

/// Seconds that all processors were busy: user, nice, system, irq, softirq, steal.
fn busy() -> Result<f64> {
    let text = std::fs::read_to_string("/proc/stat").context("there is no /proc/stat")?;
    let ticks: Vec<u32> =
        text.lines().next().unwrap_or_default().split(' ').filter_map(|n| n.parse().ok()).collect();
    let busy = [0, 1, 2, 5, 6, 7].iter().filter_map(|index| ticks.get(*index));
    Ok(busy.map(|ticks| f64::from(*ticks)).sum::<f64>() / f64::from(TICKS))
}

/// Seconds of this process and of its children that have ended.
fn own() -> Result<f64> {
    let ticks = process_ticks("/proc/self/stat")?;
    Ok(ticks.iter().map(|ticks| f64::from(*ticks)).sum::<f64>() / f64::from(TICKS))
}

/// User and system time of a process, and of its ended children, in ticks.
pub(super) fn process_ticks(file: &str) -> Result<[u32; 4]> {
    let text = std::fs::read_to_string(file).with_context(|| format!("there is no {file}"))?;
    let (_, after_name) = text.rsplit_once(')').context("a process without a name")?;
    let ticks: Vec<u32> =
        after_name.split_whitespace().skip(11).take(4).filter_map(|n| n.parse().ok()).collect();
    ticks.try_into().ok().context("a process without times")
}
