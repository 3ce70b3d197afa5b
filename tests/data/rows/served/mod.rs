//! What is promised of databases on servers.

mod changed;
mod crowded;
mod cut;
mod late;
mod migrated;
mod rested;
mod texts;
mod told;

use bailiwick::{
    repository::Db,
    sql::{MysqlStore, PostgresStore},
};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, MySqlConnection, PgConnection, Row as _};
use tests::servers::{self, Room};

/// Which server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Postgres,
    Mysql,
}

/// A room on each server that is there.
pub fn rooms() -> Vec<(Kind, Room)> {
    let postgres = servers::postgres().map(|server| (Kind::Postgres, server.database()));
    let mysql = servers::mysql().map(|server| (Kind::Mysql, server.database()));
    postgres.into_iter().chain(mysql).collect()
}

/// A database in the room, with so many connections for statements.
pub fn db(kind: Kind, room: &Room, connections: usize) -> Db {
    match kind {
        Kind::Postgres => {
            Db::from(PostgresStore::options(&room.url()).unwrap().readers(connections).connect().unwrap())
        }
        Kind::Mysql => Db::from(MysqlStore::options(&room.url()).unwrap().readers(connections).connect().unwrap()),
    }
}

/// A connection of somebody else.
pub enum Other {
    Postgres(PgConnection),
    Mysql(MySqlConnection),
}

impl Other {
    pub async fn new(kind: Kind, room: &Room) -> Self {
        match kind {
            Kind::Postgres => Self::Postgres(PgConnection::connect(&room.url()).await.unwrap()),
            Kind::Mysql => Self::Mysql(MySqlConnection::connect(&room.url()).await.unwrap()),
        }
    }

    pub async fn run(&mut self, sql: &str) {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        match self {
            Self::Postgres(connection) => drop(connection.execute(sql).await.unwrap()),
            Self::Mysql(connection) => drop(connection.execute(sql).await.unwrap()),
        }
    }

    pub async fn number(&mut self, sql: &str) -> i64 {
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Postgres(connection) => sqlx::query(sql).fetch_one(connection).await.unwrap().get(0),
            Self::Mysql(connection) => sqlx::query(sql).fetch_one(connection).await.unwrap().get(0),
        }
    }

    /// Lets nobody read or write the table.
    pub async fn lock(&mut self, table: &str) {
        match self {
            Self::Postgres(_) => self.run(&format!("BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")).await,
            Self::Mysql(_) => self.run(&format!("LOCK TABLES {table} WRITE")).await,
        }
    }

    pub async fn unlock(&mut self) {
        match self {
            Self::Postgres(_) => self.run("COMMIT").await,
            Self::Mysql(_) => self.run("UNLOCK TABLES").await,
        }
    }

    /// How many connections wait for the table.
    pub async fn waiting(&mut self) -> i64 {
        self.number(match self {
            Self::Postgres(_) => {
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            }
            Self::Mysql(_) => {
                "SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE() AND state LIKE 'Waiting for table%'"
            }
        })
        .await
    }

    /// Ends all other connections to the room.
    pub async fn end_all(&mut self) {
        if let Self::Postgres(_) = self {
            let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()";
            return self.run(sql).await;
        }
        let Self::Mysql(connection) = self else { return };
        let sql = "SELECT CAST(id AS SIGNED) FROM information_schema.processlist
            WHERE db = DATABASE() AND id <> CONNECTION_ID()";
        let found = sqlx::query(sql).fetch_all(&mut *connection).await.unwrap();
        for row in found {
            let kill = format!("KILL {}", row.get::<i64, _>(0));
            let _gone = connection.execute(AssertSqlSafe(kill)).await; // perhaps by itself
        }
    }
}
