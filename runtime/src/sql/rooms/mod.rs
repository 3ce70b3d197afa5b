//! Databases for tests, on a server.

use sqlx::{AssertSqlSafe, Connection, Executor};

use crate::error::{Error, ErrorKind};

#[cfg(feature = "mysql")]
pub(crate) use sqlx::MySqlConnection as Mysql;
#[cfg(feature = "postgres")]
pub(crate) use sqlx::PgConnection as Postgres;

/// Makes a database of this name, over a connection of the server's.
pub(crate) async fn make<C>(url: &str, name: &str) -> Result<(), Error>
where
    C: Connection,
    for<'c> &'c mut C: Executor<'c, Database = C::Database>,
{
    carry_out::<C>(url, format!("CREATE DATABASE {name}")).await
}

/// Removes it, whoever is still connected.
pub(crate) async fn remove<C>(url: &str, name: &str) -> Result<(), Error>
where
    C: Connection,
    for<'c> &'c mut C: Executor<'c, Database = C::Database>,
{
    let forced = if url.starts_with("postgres") { " WITH (FORCE)" } else { "" }; // the others do not wait for anybody
    carry_out::<C>(url, format!("DROP DATABASE IF EXISTS {name}{forced}")).await
}

async fn carry_out<C>(url: &str, statement: String) -> Result<(), Error>
where
    C: Connection,
    for<'c> &'c mut C: Executor<'c, Database = C::Database>,
{
    let done = async {
        let mut connection = C::connect(url).await?;
        connection.execute(sqlx::raw_sql(AssertSqlSafe(statement))).await?; // a name of ours
        connection.close().await
    };
    let message = "the server makes or removes no database for a test; look at the URL and its rights";
    done.await.map_err(|error: sqlx::Error| Error::new(ErrorKind::Config, "db/open", message).caused_by(error))
}
