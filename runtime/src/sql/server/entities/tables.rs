//! Rows of entities on a server: statements on connections of their own, whatever the server.

use std::{
    future::{Future, ready},
    sync::Arc,
};

use futures_util::join;

use super::{
    asked::{self, Rule},
    params::unbound,
    seat::{Seat, Seats},
};
use crate::{
    entity::{ColumnDef, Table, Value},
    error::Error,
    plan::{Reach, SchemaFinding, Select, Sink, Step, Write, raw::Raw},
    resilience::{Breaker, Pool},
    sql::{
        query::{self, Statement},
        server::{Dialect, Failure, Readers, Session},
    },
    store::{
        Commit, Committed,
        entities::{Begin, Rows},
    },
};

/// The values of a row, in the order of the table.
pub(in crate::sql) type Row = Vec<Value<'static>>;

/// A statement of an entity.
pub(in crate::sql) type Asked<'a> = (&'static Table, &'a Statement);

/// How a kind of server reads and writes the rows of entities.
pub(in crate::sql) trait Entities: Dialect {
    /// How it is written to.
    type Sql: query::Dialect;

    /// Gives each row to the sink.
    fn select(
        db: &mut Self::Connection,
        asked: Asked<'_>,
        sink: &mut dyn Sink,
    ) -> impl Future<Output = Result<(), Failure<Self::Error>>> + Send;

    /// The number that is answered.
    fn count(
        db: &mut Self::Connection,
        asked: Asked<'_>,
    ) -> impl Future<Output = Result<u64, Failure<Self::Error>>> + Send;

    /// What the column comes to.
    fn sum(
        db: &mut Self::Connection,
        asked: Asked<'_>,
        column: &'static ColumnDef,
    ) -> impl Future<Output = Result<Value<'static>, Failure<Self::Error>>> + Send;

    /// How many rows were written.
    fn write(
        db: &mut Self::Connection,
        asked: Asked<'_>,
    ) -> impl Future<Output = Result<u64, Failure<Self::Error>>> + Send;

    /// How many rows the statement finds, as the server believes; nothing if it has no opinion.
    fn estimate(
        db: &mut Self::Connection,
        asked: Asked<'_>,
    ) -> impl Future<Output = Result<Option<u64>, Failure<Self::Error>>> + Send;

    /// Up to so many rows are inserted by one statement, where a plan has them in several.
    const AT_ONCE: usize = 0;

    /// So many rows are not inserted but copied.
    const COPIES: usize = usize::MAX;

    /// Inserts rows as a stream of data, where the server takes one.
    fn copy(
        _: &mut Self::Connection,
        _: &'static Table,
        _: Vec<Row>,
    ) -> impl Future<Output = Result<u64, Failure<Self::Error>>> + Send {
        ready(Err(unbound("nothing is copied to this server").into()))
    }

    /// Begins a transaction, and tells the server in the same message what it is to keep to.
    fn enter(_: &mut Self::Connection, _: &str) -> impl Future<Output = Result<(), Failure<Self::Error>>> + Send {
        ready(Ok(()))
    }

    /// Ends the transaction that [`enter`](Self::enter) has begun: what succeeded is committed.
    fn leave<T: Send>(
        _: &mut Self::Connection,
        answer: Result<T, Failure<Self::Error>>,
    ) -> impl Future<Output = Result<T, Failure<Self::Error>>> + Send {
        ready(answer)
    }

    /// Executes statements that answer nothing.
    fn execute(db: &mut Self::Connection, sql: String)
    -> impl Future<Output = Result<(), Failure<Self::Error>>> + Send;

    /// Applies what has not been applied.
    fn migrate(
        db: &mut Self::Connection,
        options: &Self::Options,
        steps: &[Step],
    ) -> impl Future<Output = Result<(), Failure<Self::Error>>> + Send;

    /// What is wrong with these tables.
    fn check_tables(
        db: &mut Self::Connection,
        options: &Self::Options,
        tables: &[&'static Table],
    ) -> impl Future<Output = Result<Vec<SchemaFinding>, Failure<Self::Error>>> + Send;

    /// Refuses what the server would not take.
    fn admits(server: Option<&Self::Server>, statement: &Statement) -> Result<(), Error>;
}

/// How a kind of server begins and ends transactions.
pub(in crate::sql) trait Transactions: Entities {
    /// What tells afterwards what became of one.
    type Trace: Send;

    /// Begins, and tells the server what it is to keep to, if there is something.
    fn begin(
        session: &mut Session<Self>,
        how: (Begin, Option<&str>),
    ) -> impl Future<Output = Result<Self::Trace, Failure<Self::Error>>> + Send
    where
        Self: Sized;

    /// Applies what was staged, and commits. It has written something, or something is staged.
    fn finish(
        session: &mut Session<Self>,
        trace: Self::Trace,
        staged: &Commit,
    ) -> impl Future<Output = Result<Committed, Error>> + Send
    where
        Self: Sized;

    /// Whether the server ends the whole transaction with such an answer.
    fn ends(error: &Self::Error) -> bool;
}

/// The rows of entities. Their connections are not those of the store: a write that waits for a row keeps no reader of
/// the log waiting.
pub(in crate::sql) struct Tables<D: Entities> {
    readers: Arc<Readers<D>>,
    seats: Arc<Seats<D>>,
    rule: Rule,
}

/// Asks on a connection of those that nobody uses, and gives it back.
macro_rules! on_any {
    ($tables:expr, |$session:ident| $work:expr) => {{
        let mut held = $tables.readers.hold().await?;
        let $session = held.session();
        let answer = $work.await;
        held.give_back();
        answer
    }};
}

impl<D: Entities> Tables<D> {
    /// Up to so many connections, which a breaker spares.
    pub(in crate::sql) fn new(options: D::Options, most: usize, breaker: Option<Breaker>) -> Self {
        let readers = Arc::new(Readers::new(options, most).guarded(breaker));
        Self { readers, seats: Arc::new(Seats::none()), rule: Rule::default() }
    }

    /// The same connections, on which the server is told this first.
    #[allow(dead_code, reason = "no other server keeps tenants apart")]
    pub(in crate::sql) fn under(&self, rule: Rule) -> Self {
        Self { readers: Arc::clone(&self.readers), seats: Arc::clone(&self.seats), rule }
    }

    pub(in crate::sql) fn pool(&self) -> Pool {
        self.readers.pool()
    }

    pub(in crate::sql) async fn select(&self, plan: Select, sink: Box<dyn Sink>) -> Result<Box<dyn Sink>, Error> {
        on_any!(self, |session| asked::select((session, &self.rule), plan, sink))
    }

    pub(in crate::sql) async fn query(&self, plan: Raw, sink: Box<dyn Sink>) -> Result<Box<dyn Sink>, Error> {
        on_any!(self, |session| asked::query((session, &self.rule), plan, sink))
    }

    pub(in crate::sql) async fn count(&self, reach: Reach, most: u64) -> Result<u64, Error> {
        on_any!(self, |session| asked::count((session, &self.rule), reach, most))
    }

    pub(in crate::sql) async fn estimate(&self, reach: Reach) -> Result<Option<u64>, Error> {
        on_any!(self, |session| asked::estimate((session, &self.rule), reach))
    }

    pub(in crate::sql) async fn sum(&self, reach: Reach, place: usize) -> Result<Value<'static>, Error> {
        on_any!(self, |session| asked::sum((session, &self.rule), reach, place))
    }

    pub(in crate::sql) async fn write(&self, plan: Write) -> Result<u64, Error> {
        on_any!(self, |session| asked::write((session, &self.rule), plan))
    }

    pub(in crate::sql) async fn execute(&self, plan: Raw) -> Result<u64, Error> {
        on_any!(self, |session| asked::execute((session, &self.rule), plan))
    }

    /// A connection for one who asks one thing after another.
    pub(in crate::sql) fn seat<R: Rows>(&self, rows: R) -> Seat<D, R> {
        self.seats.seat((&self.readers, &self.rule), rows)
    }

    pub(in crate::sql) async fn check(&self, tables: &[&'static Table]) -> Result<Vec<SchemaFinding>, Error> {
        on_any!(self, |session| asked::check(session, tables))
    }

    /// Applies the steps on a connection that is closed then: it may know statements of older tables.
    pub(in crate::sql) async fn migrate(&self, steps: &[Step]) -> Result<(), Error> {
        let mut held = self.readers.hold().await?;
        let session = held.session();
        session.for_migrations();
        let (place, options) = (session.place(), Arc::clone(&session.options));
        let (db, watch) = held.connection().await?;
        let applied = watch.over(D::migrate(db, &options, steps)).await;
        held.session().discard();
        held.give_back();
        applied.map_err(|failure| failure.into_error(&place))
    }

    pub(in crate::sql) async fn close(&self) {
        // Who closes queues first: whoever asks from now on waits behind, and is told.
        join!(self.readers.close(), self.seats.clear());
    }
}
