//! Measures how much of the machine's CPU time other programs used during a measurement.

use std::{fmt, time::Instant};

use anyhow::{Context, Result};

/// Clock ticks per second in `/proc`, the same on every Linux.
pub(super) const TICKS: u32 = 100;

/// The CPU times before a measurement.
pub(super) struct Noise {
    began: Instant,
    busy: f64,
    own: f64,
}

/// The CPU use of other programs during a measurement.
pub(super) struct Share {
    seconds: f64,
    others: f64,
}

impl Noise {
    pub(super) fn begin() -> Result<Self> {
        Ok(Self { began: Instant::now(), busy: busy()?, own: own()? })
    }

    /// Ends the measurement. Child processes must have been waited for.
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

/// Returns the seconds that all processors were busy: user, nice, system, irq, softirq, steal.
fn busy() -> Result<f64> {
    let text = std::fs::read_to_string("/proc/stat").context("there is no /proc/stat")?;
    let ticks: Vec<u32> =
        text.lines().next().unwrap_or_default().split(' ').filter_map(|n| n.parse().ok()).collect();
    let busy = [0, 1, 2, 5, 6, 7].iter().filter_map(|index| ticks.get(*index));
    Ok(busy.map(|ticks| f64::from(*ticks)).sum::<f64>() / f64::from(TICKS))
}

/// Returns the CPU seconds of this process and of its children that have ended.
fn own() -> Result<f64> {
    let ticks = process_ticks("/proc/self/stat")?;
    Ok(ticks.iter().map(|ticks| f64::from(*ticks)).sum::<f64>() / f64::from(TICKS))
}

/// Returns the user and system time of a process and of its ended children, in ticks.
pub(super) fn process_ticks(file: &str) -> Result<[u32; 4]> {
    let text = std::fs::read_to_string(file).with_context(|| format!("there is no {file}"))?;
    let (_, after_name) = text.rsplit_once(')').context("a process without a name")?;
    let ticks: Vec<u32> =
        after_name.split_whitespace().skip(11).take(4).filter_map(|n| n.parse().ok()).collect();
    ticks.try_into().ok().context("a process without times")
}
