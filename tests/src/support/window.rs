//! What a browser window is like.

/// The properties of a window.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// Width in CSS pixels.
    pub width: u32,
    /// Height in CSS pixels.
    pub height: u32,
    /// Whether scripts run.
    pub scripts: Scripts,
    /// The colour scheme that the visitor prefers.
    pub colours: Colours,
    /// Whether pages move.
    pub motion: Motion,
}

/// Whether scripts run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scripts {
    /// Scripts run.
    On,
    /// The visitor has disabled scripts.
    Off,
}

/// `prefers-color-scheme`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colours {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// `prefers-reduced-motion`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// Pages change with a transition.
    Full,
    /// Pages change at once.
    Reduced,
}

impl Default for Window {
    fn default() -> Self {
        let (scripts, colours, motion) = (Scripts::On, Colours::Light, Motion::Reduced);
        Self { width: 1280, height: 800, scripts, colours, motion }
    }
}

impl Window {
    /// A window for a visitor who has not asked for less motion.
    pub fn moving() -> Self {
        Self { motion: Motion::Full, ..Self::default() }
    }
}
