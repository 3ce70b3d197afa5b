//! The one place that spells span names.

use std::time::Duration;

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

/// What is asked of the rows of an entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    /// One row by its id.
    Get,
    /// Rows for which a condition holds.
    List,
    /// How many there are.
    Count,
    /// What a column comes to.
    Sum,
    Insert,
    Update,
    Delete,
    /// Inserts a row or changes it.
    Upsert,
    /// Writes that belong together.
    Batch,
    /// A statement by hand that reads.
    Query,
    /// A statement by hand that writes.
    Execute,
}

impl Operation {
    /// How it is named.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::List => "list",
            Self::Count => "count",
            Self::Sum => "sum",
            Self::Insert => "insert",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Upsert => "upsert",
            Self::Batch => "batch",
            Self::Query => "query",
            Self::Execute => "execute",
        }
    }
}

/// A statement on entities. Its values are never among the fields.
pub(crate) fn repository(operation: Operation, system: &'static str, (entity, shape): (&'static str, u64)) -> Span {
    macro_rules! span {
        ($name:literal) => {
            info_span!(
                $name,
                entity,
                rows = Empty,
                shape,
                db.system.name = system,
                db.operation.name = operation.word()
            )
        };
    }
    match operation {
        Operation::Get => span!("repository.get"),
        Operation::List => span!("repository.list"),
        Operation::Count => span!("repository.count"),
        Operation::Sum => span!("repository.sum"),
        Operation::Insert => span!("repository.insert"),
        Operation::Update => span!("repository.update"),
        Operation::Delete => span!("repository.delete"),
        Operation::Upsert => span!("repository.upsert"),
        Operation::Batch => span!("repository.batch"),
        Operation::Query => span!("repository.query"),
        Operation::Execute => span!("repository.execute"),
    }
}

/// A statement on entities took longer than it should.
pub(crate) fn slow(operation: &'static str, entity: &'static str, (shape, rows, took): (u64, u64, Duration)) {
    let seconds = took.as_secs_f64();
    tracing::warn!(entity, operation, shape, rows, seconds, "a statement was slow");
}
