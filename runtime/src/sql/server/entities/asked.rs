//! Statements on entities over a connection, each a transaction of its own, whoever holds the connection.
//!
//! Where an answer is not waited for, the connection has it still: who drops such a future drops the connection, too.

use std::sync::Arc;

use super::{Asked, Entities};
use crate::{
    entity::{Kind, Role, Table, Value},
    error::{Error, ErrorKind},
    plan::{Reach, SchemaFinding, Select, Sink, Write, raw::Raw},
    sql::{
        query::{render_count, render_found, render_raw, render_select, render_sum, render_write, table_of},
        server::{Failure, Session},
    },
};

/// What a server is told before a statement, so that it lets nobody reach the rows of other tenants; nothing, where that is left
/// to the statement.
#[derive(Debug, Clone, Default)]
pub(in crate::sql) struct Rule(Option<Arc<str>>);

impl Rule {
    #[allow(dead_code, reason = "no other server keeps tenants apart")]
    pub(in crate::sql) fn new(told: &str) -> Self {
        Self(Some(told.into()))
    }

    /// For a statement that may ask for anything.
    pub(in crate::sql) fn told(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// So many rows are copied. What the server keeps apart by policies it does not take that way.
    pub(in crate::sql) fn copies<D: Entities>(&self) -> usize {
        self.told().map_or(D::COPIES, |_| usize::MAX)
    }

    /// For what is in reach; of nobody's rows the server keeps nobody away.
    fn reaching(&self, reach: &Reach) -> Option<&str> {
        self.told().filter(|_| of_tenants(reach))
    }

    /// For what is written.
    fn writing(&self, plan: &Write) -> Option<&str> {
        self.told().filter(|_| writes_of_tenants(plan))
    }
}

/// Whether rows of tenants are asked for, also of those on which something hangs.
pub(in crate::sql) fn of_tenants(reach: &Reach) -> bool {
    reach.table.place(Role::Tenant).is_some() || reach.related.iter().any(|related| of_tenants(&related.reach))
}

/// Whether rows of tenants are written, or asked for by it.
pub(in crate::sql) fn writes_of_tenants(plan: &Write) -> bool {
    match plan {
        Write::Insert { table, .. } => table.place(Role::Tenant).is_some(),
        Write::Update { reach, .. } | Write::Delete { reach } => of_tenants(reach),
    }
}

/// A connection, and what the server is told on it.
type On<'a, D> = (&'a mut Session<D>, &'a Rule);

/// Does the work on a connection, in a transaction that begins with what the server is told, if it is told something.
macro_rules! ruled {
    ($rule:expr, |$db:ident| $work:expr) => {
        async {
            if let Some(rule) = $rule {
                D::enter($db, rule).await?;
            }
            let answer: Result<_, Failure<D::Error>> = $work.await;
            if $rule.is_some() { D::leave($db, answer).await } else { answer }
        }
    };
}

/// Asks what may be asked twice: a connection that the server had closed is replaced once.
macro_rules! ask {
    ($session:expr, $rule:expr, |$db:ident| $work:expr) => {{
        let rule: Option<&str> = $rule;
        let mut answer = {
            let ($db, watch) = $session.watched().await?;
            watch.over(ruled!(rule, |$db| $work)).await
        };
        if answer.as_ref().is_err_and(|failure| failure.is_lost() || failure.is_outdated()) {
            $session.discard();
            let ($db, watch) = $session.watched().await?;
            answer = watch.over(ruled!(rule, |$db| $work)).await;
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
    (session, rule): On<'_, D>,
    plan: Select,
    sink: Box<dyn Sink>,
) -> Result<Box<dyn Sink>, Error> {
    let rule = rule.reaching(&plan.reach);
    rows((session, rule), (plan.reach.table, &render_select::<D::Sql>(&plan)), sink).await
}

pub(super) async fn query<D: Entities>(
    (session, rule): On<'_, D>,
    plan: Raw,
    sink: Box<dyn Sink>,
) -> Result<Box<dyn Sink>, Error> {
    rows((session, rule.told()), (plan.table, &render_raw::<D::Sql>(&plan)), sink).await
}

async fn rows<D: Entities>(
    (session, rule): (&mut Session<D>, Option<&str>),
    asked: Asked<'_>,
    mut sink: Box<dyn Sink>,
) -> Result<Box<dyn Sink>, Error> {
    ask!(session, rule, |db| read::<D>(db, asked, sink.as_mut()))?;
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

pub(super) async fn count<D: Entities>((session, rule): On<'_, D>, reach: Reach, most: u64) -> Result<u64, Error> {
    let (table, statement) = (reach.table, render_count::<D::Sql>(&reach, most));
    ask!(session, rule.reaching(&reach), |db| D::count(db, (table, &statement)))
}

/// Whatever goes wrong here, it is no more than that nobody has an opinion.
pub(super) async fn estimate<D: Entities>(on: On<'_, D>, reach: Reach) -> Result<Option<u64>, Error> {
    let asked = believed(on, reach).await;
    Ok(asked.unwrap_or_else(|error| {
        tracing::debug!(%error, "the database does not say how many rows it expects; they are counted");
        None
    }))
}

async fn believed<D: Entities>((session, rule): On<'_, D>, reach: Reach) -> Result<Option<u64>, Error> {
    let (table, statement) = (reach.table, render_found::<D::Sql>(&reach));
    ask!(session, rule.reaching(&reach), |db| D::estimate(db, (table, &statement)))
}

pub(super) async fn sum<D: Entities>(
    (session, rule): On<'_, D>,
    reach: Reach,
    place: usize,
) -> Result<Value<'static>, Error> {
    let (table, statement) = (reach.table, render_sum::<D::Sql>(&reach, place));
    let Some(column) = table.columns().get(place) else { return Ok(Value::Null(Kind::Int)) };
    ask!(session, rule.reaching(&reach), |db| D::sum(db, (table, &statement), column))
}

pub(super) async fn check<D: Entities>(
    session: &mut Session<D>,
    tables: &[&'static Table],
) -> Result<Vec<SchemaFinding>, Error> {
    let options = Arc::clone(&session.options);
    ask!(session, None, |db| D::check_tables(db, &options, tables))
}

pub(super) async fn write<D: Entities>((session, rule): On<'_, D>, plan: Write) -> Result<u64, Error> {
    let (table, rule) = (table_of(&plan), rule.writing(&plan));
    written((session, rule), (table, &render_write::<D::Sql>(plan))).await
}

pub(super) async fn execute<D: Entities>((session, rule): On<'_, D>, plan: Raw) -> Result<u64, Error> {
    written((session, rule.told()), (plan.table, &render_raw::<D::Sql>(&plan))).await
}

/// Writes. What was sent once is not sent again, unless the server says that it has not even looked at it.
///
/// In a transaction of its own nothing has happened before its COMMIT was sent.
async fn written<D: Entities>(
    (session, rule): (&mut Session<D>, Option<&str>),
    asked: Asked<'_>,
) -> Result<u64, Error> {
    let mut answer = attempt((session, rule), asked).await?;
    if answer.as_ref().is_err_and(Failure::is_outdated) {
        session.discard();
        answer = attempt((session, rule), asked).await?;
    }
    match answer {
        Err(failure) if failure.is_lost() && (rule.is_none() || matches!(failure, Failure::InDoubt(_))) => {
            session.lose();
            let place = session.place();
            Err(unknown(&place).caused_by(failure.into_unknown(&place)))
        }
        answer => settled(session, answer),
    }
}

async fn attempt<D: Entities>(
    (session, rule): (&mut Session<D>, Option<&str>),
    asked: Asked<'_>,
) -> Result<Result<u64, Failure<D::Error>>, Error> {
    session.ready().await?;
    if let Err(error) = D::admits(session.server().as_ref(), asked.1) {
        return Ok(Err(error.into()));
    }
    let (db, watch) = session.watched().await?;
    Ok(watch.over(ruled!(rule, |db| D::write(db, asked))).await)
}

fn unknown(place: &str) -> Error {
    let message = "the answer to a write was lost, and it is not known whether it happened; read the row before it is \
                   written again";
    Error::new(ErrorKind::UnknownOutcome, "db/commit_unknown", message).with("database", place)
}
