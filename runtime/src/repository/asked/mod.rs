//! What a repository asks goes through here: it is bounded by the deadline of the scope, seen by those who listen, and noted
//! if it was slow.

mod deadline;
mod source;

use tracing::{Instrument as _, Span};

use super::Scope;
use crate::{
    clock::{Clock, Stopwatch},
    entity::{Role, Table, Value},
    error::Error,
    plan::{Answer, Batch, Reach, Select, Shape, Sink, SlowQuery, Snapshot, Upsert, Write, raw::Raw},
    telemetry::{self, Operation},
};
pub(crate) use deadline::{Deadline, TOO_LATE};
pub(super) use source::Source;

/// Statements, as they are asked in a scope.
#[derive(Clone)]
pub(super) struct On<'a> {
    pub(super) statements: Source<'a>,
    deadline: Option<Deadline>,
    clock: Clock,
}

/// What is asked.
struct About {
    operation: Operation,
    table: &'static Table,
    shape: Shape,
    writes: bool,
}

impl<'a> On<'a> {
    pub(super) fn new(statements: Source<'a>, scope: &Scope) -> Self {
        Self { statements, deadline: scope.deadline_of(), clock: scope.clock_of().clone() }
    }

    pub(super) async fn select(&self, plan: Select, sink: Box<dyn Sink>) -> Result<Box<dyn Sink>, Error> {
        let operation = if is_get(&plan) { Operation::Get } else { Operation::List };
        let mut about = About::reading(operation, plan.reach.table);
        about.shape = about.shape.select(&plan);
        self.ask(about, || self.statements.select(plan, sink), |sink| sink.rows()).await
    }

    pub(super) async fn count(&self, reach: Reach, most: u64) -> Result<u64, Error> {
        let mut about = About::reading(Operation::Count, reach.table);
        about.shape = about.shape.reach(&reach);
        self.ask(about, || self.statements.count(reach, most), |_| 1).await
    }

    pub(super) async fn sum(&self, reach: Reach, place: usize) -> Result<Value<'static>, Error> {
        let mut about = About::reading(Operation::Sum, reach.table);
        about.shape = about.shape.and(place as u64).reach(&reach);
        self.ask(about, || self.statements.sum(reach, place), |_| 1).await
    }

    /// What the database believes to be in reach; not worth a span.
    pub(super) async fn estimate(&self, reach: Reach) -> Result<Option<u64>, Error> {
        let estimated = self.statements.estimate(reach);
        match &self.deadline {
            Some(deadline) => deadline.bound(estimated).await,
            None => estimated.await,
        }
    }

    /// One state of the database, for who reads it at leisure.
    pub(super) async fn snapshot(&self) -> Result<Option<Box<dyn Snapshot>>, Error> {
        self.in_time(false, || self.statements.snapshot()).await
    }

    pub(super) async fn write(&self, plan: Write) -> Result<u64, Error> {
        let (operation, table) = match &plan {
            Write::Insert { table, .. } => (Operation::Insert, *table),
            Write::Update { reach, .. } => (Operation::Update, reach.table),
            Write::Delete { reach } => (Operation::Delete, reach.table),
        };
        let mut about = About::writing(operation, table);
        about.shape = about.shape.write(&plan);
        self.ask(about, || self.statements.write(plan), |rows| *rows).await
    }

    pub(super) async fn batch(&self, table: &'static Table, plan: Batch) -> Result<Vec<Result<u64, Error>>, Error> {
        let mut about = About::writing(Operation::Batch, table);
        about.shape = about.shape.batch(&plan);
        let rows = |told: &Vec<Result<u64, Error>>| told.iter().flatten().sum();
        self.ask(about, || self.statements.batch(plan), rows).await
    }

    pub(super) async fn upsert(&self, plan: Upsert, sink: fn() -> Box<dyn Sink>) -> Result<Box<dyn Sink>, Error> {
        let mut about = About::writing(Operation::Upsert, plan.reach.table);
        about.shape = about.shape.upsert(&plan);
        self.ask(about, || self.statements.upsert(plan, sink), |_| 1).await
    }

    pub(super) async fn query(&self, plan: Raw, sink: Box<dyn Sink>) -> Result<Box<dyn Sink>, Error> {
        let about = About::by_hand(Operation::Query, &plan);
        self.ask(about, || self.statements.query(plan, sink), |sink| sink.rows()).await
    }

    pub(super) async fn execute(&self, plan: Raw) -> Result<u64, Error> {
        let about = About { writes: true, ..About::by_hand(Operation::Execute, &plan) };
        self.ask(about, || self.statements.execute(plan), |rows| *rows).await
    }

    /// Where nobody listens and nothing is slow, this reads a clock twice and allocates nothing.
    async fn ask<'s, T>(
        &'s self,
        about: About,
        statement: impl FnOnce() -> Answer<'s, T>,
        rows: impl FnOnce(&T) -> u64,
    ) -> Result<T, Error> {
        let span = if telemetry::heard() { about.span(self.statements.system()) } else { Span::none() };
        let since = Stopwatch::start();
        let answer = self.in_time(about.writes, statement).instrument(span.clone()).await;
        let (rows, duration) = (answer.as_ref().map_or(0, rows), since.elapsed());
        span.record("rows", rows);
        if let Some(slow) = self.statements.slow().filter(|slow| duration > slow.limit()) {
            let (entity, operation) = (about.table.entity(), about.operation.word());
            let shape = about.shape.number();
            span.in_scope(|| telemetry::slow(operation, entity, (shape, rows, duration)));
            slow.note(SlowQuery { at: self.clock.now(), entity, operation, shape, rows, duration });
        }
        answer
    }

    async fn in_time<'s, T>(&'s self, writes: bool, statement: impl FnOnce() -> Answer<'s, T>) -> Result<T, Error> {
        match &self.deadline {
            None => statement().await,
            Some(deadline) if writes => deadline.bound_write(async { statement().await }).await,
            Some(deadline) => deadline.bound(async { statement().await }).await,
        }
    }
}

impl About {
    fn reading(operation: Operation, table: &'static Table) -> Self {
        Self { operation, table, shape: Shape::new(operation.word(), table.name()), writes: false }
    }

    fn writing(operation: Operation, table: &'static Table) -> Self {
        Self { writes: true, ..Self::reading(operation, table) }
    }

    fn by_hand(operation: Operation, plan: &Raw) -> Self {
        Self { shape: Shape::new(operation.word(), plan.texts.any), ..Self::reading(operation, plan.table) }
    }

    fn span(&self, system: &'static str) -> Span {
        telemetry::repository(self.operation, system, (self.table.entity(), self.shape.number()))
    }
}

/// Whether one row is asked for by its id.
fn is_get(plan: &Select) -> bool {
    let id = plan.reach.table.place(Role::Id);
    plan.limit == 1 && id.is_some_and(|id| plan.reach.value_at(id).is_some())
}
