//! A schema or a database for one test.

use std::{
    process,
    sync::atomic::{AtomicU32, Ordering},
    thread,
};

use sqlx::{AssertSqlSafe, Connection, Executor, MySqlConnection, PgConnection};

use super::{Kind, Server};

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// A schema of PostgreSQL, or a database of MySQL, that one test has for itself. Dropping it removes it.
#[derive(Debug)]
pub struct Room {
    server: Server,
    name: String,
    /// Whether it is a database of PostgreSQL, not a schema.
    whole: bool,
}

impl Room {
    pub(super) fn new(server: Server, whole: bool) -> Self {
        let name = format!("bw_test_{}_{}", process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let whole = whole && server.kind == Kind::Postgres;
        let room = Self { server, name, whole };
        room.run(match room.server.kind {
            Kind::Postgres if !whole => vec![room.removal(), format!("CREATE SCHEMA {}", room.name)],
            _ => vec![room.removal(), format!("CREATE DATABASE {}", room.name)],
        });
        room
    }

    /// The name of the schema or database.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The server's URL; that of MySQL leads into the database.
    #[must_use]
    pub fn url(&self) -> String {
        match self.server.kind {
            Kind::Postgres if !self.whole => self.server.url.clone(),
            _ => with_database(&self.server.url, &self.name),
        }
    }

    /// A URL that leads into the room, for a program that is given nothing else.
    #[must_use]
    pub fn own_url(&self) -> String {
        let mark = if self.server.url.contains('?') { '&' } else { '?' };
        match self.server.kind {
            Kind::Postgres if !self.whole => format!("{}{mark}options[search_path]={}", self.server.url, self.name),
            _ => self.url(),
        }
    }

    fn removal(&self) -> String {
        match self.server.kind {
            Kind::Postgres if !self.whole => format!("DROP SCHEMA IF EXISTS {} CASCADE", self.name),
            Kind::Postgres => format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name),
            Kind::MySql => format!("DROP DATABASE IF EXISTS {}", self.name),
        }
    }

    fn run(&self, statements: Vec<String>) {
        run(&self.server, statements);
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.run(vec![self.removal()]);
    }
}

/// Has the server execute them.
pub(super) fn run(server: &Server, statements: Vec<String>) {
    let Server { kind, url } = server.clone();
    let said = statements.join("; ");
    // A thread of its own: tests that run on a runtime use this, too.
    let work = thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(execute(kind, &url, statements)).unwrap_or_else(|error| panic!("{}: {error}", kind.name()));
    });
    let done = work.join();
    assert!(done.is_ok() || thread::panicking(), "not as it should be: {said}");
}

async fn execute(kind: Kind, url: &str, statements: Vec<String>) -> Result<(), sqlx::Error> {
    // The statements hold nothing but a name that was made here.
    match kind {
        Kind::Postgres => {
            let mut connection = PgConnection::connect(url).await?;
            for statement in statements {
                connection.execute(AssertSqlSafe(statement)).await?;
            }
            connection.close().await
        }
        Kind::MySql => {
            let mut connection = MySqlConnection::connect(url).await?;
            for statement in statements {
                connection.execute(AssertSqlSafe(statement)).await?;
            }
            connection.close().await
        }
    }
}

/// A URL that leads into another database of the same server.
fn with_database(url: &str, database: &str) -> String {
    let (place, parameters) = url.split_once('?').map_or((url, None), |(place, rest)| (place, Some(rest)));
    let start = place.find("://").map_or(0, |colon| colon + 3);
    let end = place[start..].find('/').map_or(place.len(), |slash| start + slash);
    let parameters = parameters.map(|text| format!("?{text}")).unwrap_or_default();
    format!("{}/{database}{parameters}", &place[..end])
}

#[cfg(test)]
mod tests {
    use super::with_database;

    #[test]
    fn a_url_leads_into_another_database() {
        for (url, expected) in [
            ("mysql://root:a@127.0.0.1:3307", "mysql://root:a@127.0.0.1:3307/b"),
            ("mysql://root@localhost/old", "mysql://root@localhost/b"),
            ("mysql://localhost/?socket=/a/b", "mysql://localhost/b?socket=/a/b"),
        ] {
            assert_eq!(with_database(url, "b"), expected);
        }
    }
}
