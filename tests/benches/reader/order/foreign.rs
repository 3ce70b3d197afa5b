//! Long transactions in another database of the server.

use std::time::Duration;

use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, PgConnection, postgres::PgConnectOptions,
};
use tokio::{sync::watch, time::timeout};

use super::super::{postgres::database::url, setting::alone};

/// How long each lasts.
const LONG: Duration = Duration::from_secs(3);

/// A database, dropped with it.
pub struct Foreign(String);

impl Foreign {
    pub fn new() -> Self {
        let foreign = Self(format!("bw_bench_{}", std::process::id()));
        foreign.run("DROP DATABASE IF EXISTS");
        foreign.run("CREATE DATABASE");
        foreign
    }

    /// One transaction that writes after the other, until it is over.
    pub fn transactions(&self, mut over: watch::Receiver<bool>) -> impl Future<Output = ()> + Send + use<> {
        let options: PgConnectOptions = url().parse().unwrap();
        let options = options.database(&self.0).disable_statement_logging();
        async move {
            let mut db = options.connect().await.unwrap();
            db.execute("CREATE TABLE note (text text)").await.unwrap();
            while !*over.borrow() {
                db.execute("BEGIN").await.unwrap();
                db.execute("INSERT INTO note VALUES ('written')").await.unwrap();
                drop(timeout(LONG, over.wait_for(|over| *over)).await);
                db.execute("COMMIT").await.unwrap();
            }
            db.close().await.unwrap();
        }
    }

    fn run(&self, verb: &str) {
        alone().block_on(async {
            let mut db = PgConnection::connect(&url()).await.unwrap();
            db.execute(sqlx::raw_sql(AssertSqlSafe(format!("{verb} {}", self.0)))).await.unwrap();
        });
    }
}

impl Drop for Foreign {
    fn drop(&mut self) {
        self.run("DROP DATABASE IF EXISTS");
    }
}
