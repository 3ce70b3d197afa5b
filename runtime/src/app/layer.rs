//! What `AppBuilder::behaviour` takes: a behaviour of the user's, or one that is built in.

use std::{sync::Arc, time::Duration};

use super::builder::{AppBuilder, Open};
use crate::mediator::{Behaviour, Behaviours};

/// Something that can be added to the behaviours of an application.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be added here",
    label = "a behaviour of one's own stands before the first `.aggregate`, `.service` or `.command`",
    note = "a message is composed with its behaviours when its home is registered"
)]
pub trait Layer<U, S> {
    /// The builder with it.
    type Builder;

    /// Adds it.
    fn add_to(self, builder: AppBuilder<U, S>) -> Self::Builder;
}

impl<U: Behaviours, B: Behaviour> Layer<U, Open> for B {
    type Builder = AppBuilder<(Arc<U>, B), Open>;

    fn add_to(self, builder: AppBuilder<U, Open>) -> Self::Builder {
        builder.with_ring(self)
    }
}

/// Bounds how long a handler may take, unless its command says otherwise. The default is 30 s. The commit is outside: once
/// it was sent, the caller gets the true outcome.
#[derive(Debug, Clone)]
pub struct Timeout(Result<Option<Duration>, String>);

impl Timeout {
    /// Ends a handler after this long: `"5s"`, `"200ms"`, `"1m"` or a [`Duration`]. A malformed text is a finding of
    /// `build()`.
    #[must_use]
    pub fn after(period: impl IntoPeriod) -> Self {
        Self(period.into_period().map(Some))
    }

    /// Never ends a handler.
    #[must_use]
    pub fn never() -> Self {
        Self(Ok(None))
    }
}

impl<U, S> Layer<U, S> for Timeout {
    type Builder = AppBuilder<U, S>;

    fn add_to(self, builder: AppBuilder<U, S>) -> Self::Builder {
        builder.with_timeout(self.0)
    }
}

/// A length of time: a [`Duration`], or a text with a unit.
pub trait IntoPeriod {
    /// The length.
    ///
    /// # Errors
    /// What is wrong with the text.
    fn into_period(self) -> Result<Duration, String>;
}

impl IntoPeriod for Duration {
    fn into_period(self) -> Result<Duration, String> {
        Ok(self)
    }
}

impl IntoPeriod for &str {
    fn into_period(self) -> Result<Duration, String> {
        let digits = self.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.len());
        let (number, unit) = self.split_at(digits);
        let number: u64 = number.parse().map_err(|_| malformed(self))?;
        let millis = match unit {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => return Err(malformed(self)),
        };
        Ok(Duration::from_millis(number.saturating_mul(millis)))
    }
}

fn malformed(text: &str) -> String {
    format!("`{text}` is no length of time: write a whole number and a unit, `200ms`, `5s`, `1m`, `2h` or `1d`")
}
