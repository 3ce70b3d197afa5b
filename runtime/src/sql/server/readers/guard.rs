//! What the breaker of a set of connections is asked and told.

use crate::{
    error::{Error, ErrorKind},
    resilience::{Breaker, CircuitOpen, Outcome, Permit},
};

/// The right to use a connection, as far as a breaker gives it. Dropped, it says nothing.
pub(in crate::sql) struct Guard(Option<Permit>);

impl Guard {
    /// Asks the breaker, if there is one.
    pub(super) fn enter(breaker: Option<&Breaker>, place: impl FnOnce() -> String) -> Result<Self, Error> {
        let permit = breaker.map(Breaker::enter).transpose();
        permit.map(Self).map_err(|open| refused(open, &place()))
    }

    /// Nobody guards.
    pub(super) const fn none() -> Self {
        Self(None)
    }

    /// Tells what came of it, once. What a server says of a statement is no failure of the server.
    pub(in crate::sql) fn end(&mut self, failed: bool) {
        if let Some(permit) = self.0.take() {
            permit.end(if failed { Outcome::Failure } else { Outcome::Success });
        }
    }
}

fn refused(open: CircuitOpen, place: &str) -> Error {
    let message = "the database has failed too often and is not asked for a while; look at its health";
    let error = Error::new(ErrorKind::Transient, "db/circuit_open", message);
    error.with("database", place).with("until", open.until).caused_by(open)
}
