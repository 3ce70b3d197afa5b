//! Statements on entities over a connection, each a transaction of its own, whoever holds the connection.
//!
//! Where an answer is not waited for, the connection has it still: who drops such a future drops the connection, too.

use super::{Asked, Entities};
use crate::{
    entity::{Kind, Table, Value},
    error::{Error, ErrorKind},
    plan::{Reach, SchemaFinding, Select, Sink, Write, raw::Raw},
    sql::{
        query::{render_count, render_found, render_raw, render_select, render_sum, render_write, table_of},
        server::{Failure, Session},
    },
};

/// Asks what may be asked twice: a connection that the server had closed is replaced once.
macro_rules! ask {
    ($session:expr, |$db:ident| $work:expr) => {{
        let mut answer = {
            let ($db, watch) = $session.watched().await?;
            watch.over($work).await
        };
        if answer.as_ref().is_err_and(|failure| failure.is_lost() || failure.is_outdated()) {
            $session.discard();
            let ($db, watch) = $session.watched().await?;
            answer = watch.over($work).await;
        }
        settled($session, answer)
    }};
}

/// The error for the caller; the connection is closed if it is of no more use.
fn settled<D: Entities, T>(session: &mut Session<D>, answer: Result<T, Failure<D::Error>>) -> Result<T, Error> {
    let place = session.place();
    answer.map_err(|failure| session.doubt(failure.of_a_read(), &place))
}

pub(super) async fn select<D: Entities>(
    session: &mut Session<D>,
    plan: Select,
    sink: Box<dyn Sink>,
) -> Result<Box<dyn Sink>, Error> {
    rows(session, (plan.reach.table, &render_select::<D::Sql>(&plan)), sink).await
}

pub(super) async fn query<D: Entities>(
    session: &mut Session<D>,
    plan: Raw,
    sink: Box<dyn Sink>,
) -> Result<Box<dyn Sink>, Error> {
    rows(session, (plan.table, &render_raw::<D::Sql>(&plan)), sink).await
}

async fn rows<D: Entities>(
    session: &mut Session<D>,
    asked: Asked<'_>,
    mut sink: Box<dyn Sink>,
) -> Result<Box<dyn Sink>, Error> {
    ask!(session, |db| read::<D>(db, asked, sink.as_mut()))?;
    Ok(sink)
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

pub(super) async fn count<D: Entities>(session: &mut Session<D>, reach: Reach, most: u64) -> Result<u64, Error> {
    let (table, statement) = (reach.table, render_count::<D::Sql>(&reach, most));
    ask!(session, |db| D::count(db, (table, &statement)))
}

/// Whatever goes wrong here, it is no more than that nobody has an opinion.
pub(super) async fn estimate<D: Entities>(session: &mut Session<D>, reach: Reach) -> Result<Option<u64>, Error> {
    let asked = believed(session, reach).await;
    Ok(asked.unwrap_or_else(|error| {
        tracing::debug!(%error, "the database does not say how many rows it expects; they are counted");
        None
    }))
}

async fn believed<D: Entities>(session: &mut Session<D>, reach: Reach) -> Result<Option<u64>, Error> {
    let (table, statement) = (reach.table, render_found::<D::Sql>(&reach));
    ask!(session, |db| D::estimate(db, (table, &statement)))
}

pub(super) async fn sum<D: Entities>(
    session: &mut Session<D>,
    reach: Reach,
    place: usize,
) -> Result<Value<'static>, Error> {
    let (table, statement) = (reach.table, render_sum::<D::Sql>(&reach, place));
    let Some(column) = table.columns().get(place) else { return Ok(Value::Null(Kind::Int)) };
    ask!(session, |db| D::sum(db, (table, &statement), column))
}

pub(super) async fn check<D: Entities>(
    session: &mut Session<D>,
    tables: &[&'static Table],
) -> Result<Vec<SchemaFinding>, Error> {
    ask!(session, |db| D::check_tables(db, tables))
}

pub(super) async fn write<D: Entities>(session: &mut Session<D>, plan: Write) -> Result<u64, Error> {
    let table = table_of(&plan);
    written(session, (table, &render_write::<D::Sql>(plan))).await
}

pub(super) async fn execute<D: Entities>(session: &mut Session<D>, plan: Raw) -> Result<u64, Error> {
    written(session, (plan.table, &render_raw::<D::Sql>(&plan))).await
}

/// Writes. What was sent once is not sent again, unless the server says that it has not even looked at it.
async fn written<D: Entities>(session: &mut Session<D>, asked: Asked<'_>) -> Result<u64, Error> {
    let mut answer = attempt(session, asked).await?;
    if answer.as_ref().is_err_and(Failure::is_outdated) {
        session.discard();
        answer = attempt(session, asked).await?;
    }
    match answer {
        Err(failure) if failure.is_lost() => {
            session.lose();
            let place = session.place();
            Err(unknown(&place).caused_by(failure.into_unknown(&place)))
        }
        answer => settled(session, answer),
    }
}

async fn attempt<D: Entities>(
    session: &mut Session<D>,
    asked: Asked<'_>,
) -> Result<Result<u64, Failure<D::Error>>, Error> {
    session.ready().await?;
    if let Err(error) = D::admits(session.server().as_ref(), asked.1) {
        return Ok(Err(error.into()));
    }
    let (db, watch) = session.watched().await?;
    Ok(watch.over(D::write(db, asked)).await)
}

fn unknown(place: &str) -> Error {
    let message = "the answer to a write was lost, and it is not known whether it happened; read the row before it is \
                   written again";
    Error::new(ErrorKind::UnknownOutcome, "db/commit_unknown", message).with("database", place)
}
