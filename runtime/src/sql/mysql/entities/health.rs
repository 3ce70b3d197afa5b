//! How a MySQL or MariaDB server is asked how it does.

use std::time::Duration;

use sqlx::{Executor as _, MySqlConnection, Row as _, mysql::MySqlRow};

use super::super::{apply, classify::Failure, connection::MySql};
use crate::{
    error::{Error, ErrorKind},
    sql::server::Probed,
    store::LeaseRequest,
};

impl Probed for MySql {
    async fn write_probe(db: &mut MySqlConnection) -> Result<(), Failure> {
        apply::take(db, &LeaseRequest::probe()).await.map(drop)
    }

    /// Both kinds of server understand one of the two statements, and name the column in one of two ways.
    async fn lag(db: &mut MySqlConnection) -> Result<Option<Duration>, Failure> {
        let rows = match db.fetch_all(sqlx::raw_sql("SHOW REPLICA STATUS")).await {
            Err(sqlx::Error::Database(_)) => db.fetch_all(sqlx::raw_sql("SHOW SLAVE STATUS")).await?,
            answer => answer?,
        };
        rows.iter().map(behind).try_fold(None, |most, lag| Ok(most.max(Some(lag?))))
    }
}

fn behind(row: &MySqlRow) -> Result<Duration, Failure> {
    let mut names = ["Seconds_Behind_Source", "Seconds_Behind_Master"].into_iter();
    let seconds = names.find_map(|name| row.try_get_unchecked::<Option<i64>, _>(name).ok()?);
    seconds.map(|seconds| Duration::from_secs(seconds.unsigned_abs())).ok_or_else(|| {
        let message = "the replica does not repeat anything; look at `SHOW REPLICA STATUS`";
        Error::new(ErrorKind::Transient, "db/replica", message).into()
    })
}
