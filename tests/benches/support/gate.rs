//! What is promised, and whether it is kept.

use std::fmt;

use super::Spread;

/// A promise about the ratio of one side to another.
#[derive(Debug, Clone)]
pub struct Gate {
    pub(super) must: bool,
    pub(super) side: &'static str,
    pub(super) against: &'static str,
    pub(super) most: f64,
    pub(super) because: Option<&'static str>,
}

impl Gate {
    /// `side` takes at most `most` times what `against` takes; a release does not ship without it.
    pub fn must(side: &'static str, most: f64, against: &'static str) -> Self {
        Self { must: true, side, against, most, because: None }
    }

    /// The same, wanted and reported, never blocking.
    pub fn moonshot(side: &'static str, most: f64, against: &'static str) -> Self {
        Self { must: false, ..Self::must(side, most, against) }
    }

    /// Why it is missed, where it is known.
    #[must_use]
    pub fn because(mut self, reason: &'static str) -> Self {
        self.because = Some(reason);
        self
    }

    /// Holds what was measured against the promise.
    pub fn judge(&self, measured: Spread, void: bool) -> Judged {
        let verdict = match () {
            () if void => Verdict::Open,
            () if measured.median <= self.most => Verdict::Met,
            () => Verdict::Missed,
        };
        Judged { gate: self.clone(), measured, verdict }
    }
}

impl fmt::Display for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = if self.must { "must" } else { "moonshot" };
        let most = (self.most * 1e3).round() / 1e3;
        write!(f, "{word}: {} ≤ {most} × {}", self.side, self.against)
    }
}

/// Whether a promise is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is.
    Met,
    /// It is not.
    Missed,
    /// The measurement says nothing.
    Open,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Met => "met",
            Self::Missed => "**missed**",
            Self::Open => "open",
        })
    }
}

/// A promise beside what was measured.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The promise.
    pub gate: Gate,
    /// The ratio.
    pub measured: Spread,
    /// The verdict.
    pub verdict: Verdict,
}

impl fmt::Display for Judged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} {}", self.gate, self.measured, self.verdict)
    }
}
