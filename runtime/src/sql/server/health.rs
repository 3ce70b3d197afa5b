//! How a server does, asked over a connection of its own: it is there also where all others are taken.

use std::{future::Future, sync::Arc, time::Duration};

use sqlx::Connection as _;
use tokio::time::timeout;

use super::{Dialect, Failure, Session};
use crate::{
    clock::Stopwatch,
    error::Error,
    resilience::{Check, Health, HealthOptions},
};

/// As long each check may take.
const EACH: Duration = Duration::from_secs(1);

/// How a kind of server is asked.
pub(in crate::sql) trait Probed: Dialect {
    /// Writes a row, always the same.
    fn write_probe(db: &mut Self::Connection) -> impl Future<Output = Result<(), Failure<Self::Error>>> + Send;

    /// How far it is behind the one whose work it repeats; `None` if it repeats nobody's.
    fn lag(db: &mut Self::Connection) -> impl Future<Output = Result<Option<Duration>, Failure<Self::Error>>> + Send;
}

/// What was found.
type Found = (Health, String);

/// Asks for one thing after the other. Once an answer does not come, what is left is not asked.
pub(in crate::sql) async fn health<D: Probed>(options: &D::Options, asked: HealthOptions) -> Vec<Check> {
    let mut session = Session::<D>::new(options.clone());
    let place = session.place();
    let mut checks = vec![within("connectivity", connected(&mut session, &place)).await];
    for name in ["write", "migrations", "row_security", "replica"] {
        let wanted = match name {
            "write" => asked.write,
            "replica" => asked.replica.is_some(),
            "row_security" => D::keeps_tenants(options),
            _ => true,
        };
        if !wanted {
            continue;
        }
        if !session.is_open() {
            checks.push(Check::new(name, Health::Unhealthy, "not asked: the database does not answer"));
            continue;
        }
        let check = within(name, looked_at(name, &mut session, asked)).await;
        if check.duration >= EACH {
            session.discard(); // an answer may be left in it
        }
        checks.push(check);
    }
    let _gone = timeout(EACH / 2, session.close()).await; // whatever the server says to that
    checks
}

async fn within(name: &'static str, work: impl Future<Output = Result<Found, Error>>) -> Check {
    let since = Stopwatch::start();
    let (status, message) = match timeout(EACH, work).await {
        Ok(Ok(found)) => found,
        Ok(Err(error)) => (Health::Unhealthy, format!("{error} [{}]", error.code())),
        Err(_) => (Health::Unhealthy, format!("no answer within {} s", EACH.as_secs())),
    };
    Check::new(name, status, message).after(since.elapsed())
}

async fn connected<D: Dialect>(session: &mut Session<D>, place: &str) -> Result<Found, Error> {
    let pinged = session.connection().await?.ping().await;
    pinged.map_err(|error| session.doubt(Failure::Sql(error.into()), place))?;
    Ok((Health::Healthy, format!("{place} answers")))
}

async fn looked_at<D: Probed>(name: &str, session: &mut Session<D>, asked: HealthOptions) -> Result<Found, Error> {
    let (place, options) = (session.place(), Arc::clone(&session.options));
    let db = session.connection().await?;
    let found = match name {
        "write" => D::write_probe(db).await.map(|()| (Health::Healthy, "a row was written".to_owned())),
        "migrations" => D::check(db).await.map(|_| (Health::Healthy, "the tables are this program's".to_owned())),
        "row_security" => {
            D::admit(db, &options).await.map(|()| (Health::Healthy, "the server keeps tenants apart".to_owned()))
        }
        _ => D::lag(db).await.map(|lag| behind(lag, asked.replica.unwrap_or_default())),
    };
    found.map_err(|failure| session.doubt(failure, &place))
}

fn behind(lag: Option<Duration>, most: Duration) -> Found {
    match lag {
        None => (Health::Healthy, "it is no replica".to_owned()),
        Some(lag) => {
            let status = if lag >= most { Health::Degraded } else { Health::Healthy };
            (status, format!("it is {:.1} s behind", lag.as_secs_f64()))
        }
    }
}
