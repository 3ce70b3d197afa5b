//! What is promised, and whether it is kept.

use std::{fmt, time::Duration};

use super::{Spread, rounds::duration};

/// A promise about the ratio of one side to another, or about a count.
#[derive(Debug, Clone)]
pub struct Gate {
    pub(super) must: bool,
    pub(super) side: &'static str,
    /// Nothing, for a count.
    against: Option<&'static str>,
    most: f64,
    /// Nanoseconds.
    slack: f64,
    pub(super) because: Option<&'static str>,
}

impl Gate {
    /// `side` takes at most `most` times what `against` takes; a release does not ship without it.
    pub fn must(side: &'static str, most: f64, against: &'static str) -> Self {
        Self { must: true, side, against: Some(against), most, slack: 0.0, because: None }
    }

    /// The same, wanted and reported, never blocking.
    pub fn moonshot(side: &'static str, most: f64, against: &'static str) -> Self {
        Self { must: false, ..Self::must(side, most, against) }
    }

    /// `side` counts at most so many; a release does not ship without it.
    pub fn count(side: &'static str, most: u32) -> Self {
        Self { against: None, ..Self::must(side, f64::from(most), "") }
    }

    /// So much time more is allowed.
    #[must_use]
    pub fn and(mut self, slack: Duration) -> Self {
        self.slack = slack.as_nanos() as f64;
        self
    }

    /// Why it is missed, where it is known.
    #[must_use]
    pub fn because(mut self, reason: &'static str) -> Self {
        self.because = Some(reason);
        self
    }

    /// Holds what was measured of the sides, a value for each round, against the promise.
    pub fn hold<'a>(&self, of: impl Fn(&str) -> &'a [f64], void: bool) -> Judged {
        let pairs = self.against.map(|against| of(self.side).iter().zip(of(against)));
        let measured = match pairs {
            None => of(self.side).to_vec(),
            Some(pairs) if self.slack > 0.0 => {
                pairs.map(|(side, base)| side / (self.most * base + self.slack)).collect()
            }
            Some(pairs) => pairs.map(|(side, base)| side / base).collect(),
        };
        self.judge(Spread::of(measured), void)
    }

    /// Holds a ratio, a count, or the part of what is allowed with the slack, against the promise.
    pub fn judge(&self, measured: Spread, void: bool) -> Judged {
        let most = if self.slack > 0.0 { 1.0 } else { self.most };
        let verdict = match () {
            () if void => Verdict::Open,
            () if measured.median <= most => Verdict::Met,
            () => Verdict::Missed,
        };
        Judged { gate: self.clone(), measured, verdict }
    }
}

impl fmt::Display for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = if self.must { "must" } else { "moonshot" };
        let most = (self.most * 1e3).round() / 1e3;
        write!(f, "{word}: {} ≤ {most}", self.side)?;
        self.against.map_or(Ok(()), |against| write!(f, " × {against}"))?;
        if self.slack > 0.0 { write!(f, " + {}", duration(self.slack)) } else { Ok(()) }
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
    /// The ratio; the count; with a slack, the part of what is allowed.
    pub measured: Spread,
    /// The verdict.
    pub verdict: Verdict,
}

impl fmt::Display for Judged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of_it = if self.gate.slack > 0.0 { " of that" } else { "" };
        write!(f, "{}: {}{of_it} {}", self.gate, self.measured, self.verdict)
    }
}
