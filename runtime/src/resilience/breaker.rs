//! A breaker: callers ask it before each call and tell it the end.

use std::{borrow::Cow, fmt, future::Future, sync::Arc};

use super::{
    circuit::{BreakerOptions, BreakerState, Change, Circuit, Outcome, Ticket},
    sync::Mutex,
};
use crate::{
    clock::Clock,
    error::{Error, ErrorKind},
    timestamp::Timestamp,
};

/// A circuit breaker: it spares what is down, and those who would wait for it. Clones share it.
///
/// While it is closed every call is made. Failures open it: then none is made for a while, and afterwards **one at a time**, as a
/// probe. Some that succeed close it, one that fails opens it again. A probe that is given up says nothing, and lets the next one
/// through. Each change is an event in the log, at `warn`, with the name.
#[derive(Clone)]
pub struct Breaker(Arc<Shared>);

struct Shared {
    name: Cow<'static, str>,
    clock: Clock,
    circuit: Mutex<Circuit>,
}

/// No call is made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("calls have failed too often and none is made until {until}")]
#[non_exhaustive]
pub struct CircuitOpen {
    /// When the next call is made. It has passed while a probe is under way, whose end decides.
    pub until: Timestamp,
}

impl From<CircuitOpen> for Error {
    fn from(open: CircuitOpen) -> Self {
        Self::new(ErrorKind::Transient, "resilience/circuit_open", open.to_string()).caused_by(open)
    }
}

impl Breaker {
    /// A closed one, which names itself so in the log.
    #[must_use]
    pub fn new(name: impl Into<Cow<'static, str>>, options: BreakerOptions) -> Self {
        Self::with_clock(name, options, Clock::system())
    }

    /// The same, by this clock.
    #[must_use]
    pub fn with_clock(name: impl Into<Cow<'static, str>>, options: BreakerOptions, clock: Clock) -> Self {
        let circuit = Mutex::new(Circuit::new(options));
        Self(Arc::new(Shared { name: name.into(), clock, circuit }))
    }

    /// A closed one with the same options and the same clock, for other calls.
    #[allow(dead_code, reason = "for a server that is reached as two users")]
    pub(crate) fn another(&self, name: String) -> Self {
        Self::with_clock(name, self.0.with(|circuit| circuit.options()), self.0.clock.clone())
    }

    /// What it does with the next call.
    #[must_use]
    pub fn state(&self) -> BreakerState {
        let now = self.0.clock.now();
        self.0.with(|circuit| circuit.state(now))
    }

    /// Asks to make a call.
    ///
    /// # Errors
    /// [`CircuitOpen`] if none is made now.
    pub fn enter(&self) -> Result<Permit, CircuitOpen> {
        let now = self.0.clock.now();
        let (entered, change) = self.0.with(|circuit| circuit.enter(now));
        self.0.tell(change);
        match entered {
            Ok(ticket) => Ok(Permit { breaker: Arc::clone(&self.0), ticket, ended: false }),
            Err(until) => Err(CircuitOpen { until }),
        }
    }

    /// Makes a call, and judges its answer.
    ///
    /// # Errors
    /// [`CircuitOpen`] if it is not made.
    ///
    /// # Cancel safety
    /// Dropping the future drops the call, which then counts neither way.
    pub async fn call<T>(
        &self,
        judge: impl FnOnce(&T) -> Outcome,
        work: impl Future<Output = T>,
    ) -> Result<T, CircuitOpen> {
        let permit = self.enter()?;
        let answer = work.await;
        permit.end(judge(&answer));
        Ok(answer)
    }
}

impl Shared {
    fn with<T>(&self, work: impl FnOnce(&mut Circuit) -> T) -> T {
        // Nothing that can panic runs under the lock.
        work(&mut self.circuit.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    fn tell(&self, change: Change) {
        let Some((from, to)) = change else { return };
        tracing::warn!(breaker = %self.name, %from, %to, "a circuit breaker has changed");
    }
}

impl fmt::Debug for Breaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Breaker").field("name", &self.0.name).field("state", &self.state()).finish_non_exhaustive()
    }
}

/// The right to make one call. Dropped without [`end`](Self::end), the call says nothing of what was called.
#[must_use = "a permit that is dropped is a call that says nothing"]
pub struct Permit {
    breaker: Arc<Shared>,
    ticket: Ticket,
    ended: bool,
}

impl Permit {
    /// Tells the end of the call.
    pub fn end(mut self, outcome: Outcome) {
        self.told(outcome);
    }

    fn told(&mut self, outcome: Outcome) {
        if !std::mem::replace(&mut self.ended, true) {
            let (now, ticket) = (self.breaker.clock.now(), self.ticket);
            let change = self.breaker.with(|circuit| circuit.end(ticket, outcome, now));
            self.breaker.tell(change);
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.told(Outcome::Neutral);
    }
}

impl fmt::Debug for Permit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Permit").field("breaker", &self.breaker.name).finish_non_exhaustive()
    }
}
