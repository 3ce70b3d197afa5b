//! The one place that spells span names.

use tracing::{Span, field::Empty, info_span, level_filters::LevelFilter};

/// Whether anybody may listen to spans: one look at one number, for what is done in every dispatch.
#[must_use]
#[inline]
pub fn heard() -> bool {
    LevelFilter::current() >= LevelFilter::INFO
}

/// Whether anybody may listen at all, if only to failures: as cheap.
#[must_use]
#[inline]
pub fn failures_heard() -> bool {
    LevelFilter::current() >= LevelFilter::ERROR
}

/// A command on its way through the mediator.
#[must_use]
pub fn send(command: &'static str) -> Span {
    info_span!("send", command, command.id = Empty, attempt = Empty, outcome = Empty)
}

/// The handler of a command.
#[must_use]
pub fn handle(name: &'static str) -> Span {
    info_span!("handle", handler = name)
}

/// A query on its way through the mediator.
#[must_use]
pub fn query(name: &'static str) -> Span {
    info_span!("query", query = name, outcome = Empty)
}

/// The read of an aggregate.
#[must_use]
pub fn load(aggregate: &'static str) -> Span {
    info_span!("load", aggregate, events = Empty)
}

/// The commit of a unit of work.
#[must_use]
pub fn commit() -> Span {
    info_span!("commit", events = Empty, position = Empty)
}

/// The statement that appends.
#[must_use]
pub fn append() -> Span {
    info_span!("append")
}

/// The in-process dispatch after a commit.
#[must_use]
pub fn dispatch(events: usize) -> Span {
    info_span!("dispatch", events)
}

/// One batch of the relay.
#[must_use]
pub fn relay(batch: usize) -> Span {
    info_span!("relay", batch)
}

/// One call of a broker.
#[must_use]
pub fn publish(batch: usize) -> Span {
    info_span!("publish", batch)
}

/// One batch of a subscription.
#[must_use]
pub fn receive(subscription: &str, batch: usize) -> Span {
    info_span!("receive", subscription, batch)
}

/// One batch of a projection.
#[must_use]
pub fn project(projection: &'static str, batch: usize) -> Span {
    info_span!("project", projection, batch)
}

/// A batch of events in a rebuild.
#[must_use]
pub fn rebuild(projection: &'static str, events: usize) -> Span {
    info_span!("rebuild", projection, events)
}
