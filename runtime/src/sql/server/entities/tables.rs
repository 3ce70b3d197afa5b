//! Rows of entities on a server: statements on connections of their own, whatever the server.

use std::future::Future;

use crate::{
    entity::{ColumnDef, Kind, Table, Value},
    error::{Error, ErrorKind},
    plan::{Reach, Select, Sink, Step, Write},
    sql::{
        query::{self, Statement, render_count, render_select, render_sum, render_write},
        server::{Dialect, Failure, Held, Readers, on_a_connection},
    },
};

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

    /// Executes statements that answer nothing.
    fn execute(db: &mut Self::Connection, sql: String)
    -> impl Future<Output = Result<(), Failure<Self::Error>>> + Send;

    /// Applies what has not been applied.
    fn migrate(
        db: &mut Self::Connection,
        steps: &[Step],
    ) -> impl Future<Output = Result<(), Failure<Self::Error>>> + Send;

    /// Refuses what the server would not take.
    fn admits(server: Option<&Self::Server>, statement: &Statement) -> Result<(), Error>;
}

/// The rows of entities. Their connections are not those of the store: a write that waits for a row keeps no reader of
/// the log waiting.
pub(in crate::sql) struct Tables<D: Entities> {
    readers: Readers<D>,
}

impl<D: Entities> Tables<D> {
    pub(in crate::sql) fn new(options: D::Options, most: usize) -> Self {
        Self { readers: Readers::new(options, most) }
    }

    /// Reads on a connection; a second time on a new one, if the first was lost.
    pub(in crate::sql) async fn select(&self, plan: Select, mut sink: Box<dyn Sink>) -> Result<Box<dyn Sink>, Error> {
        let (table, statement) = (plan.reach.table, render_select::<D::Sql>(&plan));
        on_a_connection!(self, |db| read::<D>(db, (table, &statement), sink.as_mut()))?;
        Ok(sink)
    }

    pub(in crate::sql) async fn count(&self, reach: Reach, most: u64) -> Result<u64, Error> {
        let (table, statement) = (reach.table, render_count::<D::Sql>(&reach, most));
        on_a_connection!(self, |db| D::count(db, (table, &statement)))
    }

    pub(in crate::sql) async fn sum(&self, reach: Reach, place: usize) -> Result<Value<'static>, Error> {
        let (table, statement) = (reach.table, render_sum::<D::Sql>(&reach, place));
        let Some(column) = table.columns().get(place) else { return Ok(Value::Null(Kind::Int)) };
        on_a_connection!(self, |db| D::sum(db, (table, &statement), column))
    }

    /// Writes. What was sent once is not sent again, unless the server says that it has not even looked at it.
    pub(in crate::sql) async fn write(&self, plan: Write) -> Result<u64, Error> {
        let table = query::table_of(&plan);
        let statement = render_write::<D::Sql>(plan);
        let mut held = self.readers.hold().await?;
        let mut answer = attempt(&mut held, (table, &statement)).await?;
        if answer.as_ref().is_err_and(Failure::is_outdated) {
            held.session().discard();
            answer = attempt(&mut held, (table, &statement)).await?;
        }
        let place = held.session().place();
        if let Err(failure) = &answer
            && failure.is_lost()
        {
            held.session().discard();
            held.give_back();
            return answer.map_err(|failure| unknown(&place).caused_by(failure.into_unknown(&place)));
        }
        held.settle(answer)
    }

    /// Applies the steps on a connection that is closed then: it may know statements of older tables.
    pub(in crate::sql) async fn migrate(&self, steps: &[Step]) -> Result<(), Error> {
        let mut held = self.readers.hold().await?;
        let place = held.session().place();
        let (db, watch) = held.connection().await?;
        let applied = watch.over(D::migrate(db, steps)).await;
        held.session().discard();
        held.give_back();
        applied.map_err(|failure| failure.into_error(&place))
    }

    pub(in crate::sql) async fn close(&self) {
        self.readers.close().await;
    }
}

/// Reads from the start: what a lost connection gave is forgotten.
async fn read<D: Entities>(
    db: &mut D::Connection,
    asked: Asked<'_>,
    sink: &mut dyn Sink,
) -> Result<(), Failure<D::Error>> {
    sink.begin();
    D::select(db, asked, sink).await
}

async fn attempt<D: Entities>(
    held: &mut Held<'_, D>,
    asked: Asked<'_>,
) -> Result<Result<u64, Failure<D::Error>>, Error> {
    held.session().ready().await?;
    let server = held.session().server();
    if let Err(error) = D::admits(server.as_ref(), asked.1) {
        return Ok(Err(error.into()));
    }
    let (db, watch) = held.connection().await?;
    Ok(watch.over(D::write(db, asked)).await)
}

fn unknown(place: &str) -> Error {
    let message = "the answer to a write was lost, and it is not known whether it happened; read the row before it is \
                   written again";
    Error::new(ErrorKind::UnknownOutcome, "db/commit_unknown", message).with("database", place)
}
