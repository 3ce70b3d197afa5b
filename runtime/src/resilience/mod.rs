//! What to do about a failure that may pass: waits and retries, a breaker that spares what is down, a bulkhead that bounds what
//! is done at once. None of it knows what it guards.
//!
//! A database uses them by itself: see [`Retry`] for units of work and [`Db::breaker`](crate::repository::Db::breaker) for its
//! connections. They guard other things as well:
//!
//! ```
//! use std::time::Duration;
//! use bailiwick::resilience::{Breaker, BreakerOptions, BreakerState, Outcome};
//!
//! # tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(async {
//! let options = BreakerOptions::failures(2, Duration::from_secs(60)).open_for(Duration::from_secs(30));
//! let card = Breaker::new("card", options);
//! let is_down = |answer: &Result<(), &str>| match answer {
//!     Ok(()) => Outcome::Success,
//!     Err("declined") => Outcome::Neutral, // the bank's "no" says nothing of the bank
//!     Err(_) => Outcome::Failure,
//! };
//! for _ in 0..2 {
//!     let answer = card.call(is_down, async { Err("no answer") }).await;
//!     assert_eq!(answer, Ok(Err("no answer")));
//! }
//! assert_eq!(card.state(), BreakerState::Open);
//! assert!(card.call(is_down, async { Ok(()) }).await.is_err(), "not asked for 30 s");
//! # });
//! ```

mod backoff;
mod breaker;
mod bulkhead;
mod circuit;
mod health;
mod retry;
#[cfg(test)]
mod shuttled;
mod sync;

pub(crate) use self::{backoff::Backoff, retry::Budget};
pub use self::{
    breaker::{Breaker, CircuitOpen, Permit},
    bulkhead::{Bulkhead, BulkheadFull, Place},
    circuit::{BreakerOptions, BreakerState, Outcome},
    health::{Check, Health, HealthOptions, HealthReport, Pool},
    retry::Retry,
};
