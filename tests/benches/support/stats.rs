//! Medians.

use std::fmt;

/// The median of some ratios, and the quartiles around it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// A quarter of the values lies below.
    pub low: f64,
    /// The middle.
    pub median: f64,
    /// A quarter of the values lies above.
    pub high: f64,
}

impl Spread {
    /// The spread of some values.
    pub fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let at = |quarter: usize| values.get((values.len().saturating_sub(1) * quarter + 2) / 4).copied();
        let at = |quarter| at(quarter).unwrap_or(f64::NAN);
        Self { low: at(1), median: at(2), high: at(3) }
    }

    /// One value, without a spread.
    pub fn exactly(value: f64) -> Self {
        Self { low: value, median: value, high: value }
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = if self.median < 0.1 { 3 } else { 2 };
        let Self { low, median, high } = self;
        match low == high {
            true if median.fract() == 0.0 => write!(f, "{median}"),
            true => write!(f, "{median:.digits$}"),
            false => write!(f, "{median:.digits$} ({low:.digits$}–{high:.digits$})"),
        }
    }
}

/// `× 1.07`.
pub fn times(measured: u64, before: u64) -> String {
    format!("× {:.2}", measured as f64 / before as f64)
}
