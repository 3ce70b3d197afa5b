//! How a connection to MySQL or MariaDB is made, and who serves it.

use std::time::Duration;

use sqlx::{AssertSqlSafe, ConnectOptions, MySqlConnection, Row};

use super::{
    super::server::{Dialect, Limits, Session as AnySession, unreachable},
    classify::{Failure, MySqlError},
    migrate,
    options::MysqlOptions,
};
use crate::{clock::Clock, error::Error};

/// A connection that is there or not.
pub(super) type Session = AnySession<MySql>;

/// MySQL or MariaDB.
pub(super) enum MySql {}

/// The server's side of a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Server {
    /// The name of a lock that a session which writes holds for as long as it lives; empty for one that reads.
    pub(super) name: String,
    /// Its number, which may come again.
    pub(super) id: i64,
    /// As many bytes a statement has at most.
    pub(super) packet: usize,
}

impl Dialect for MySql {
    type Connection = MySqlConnection;
    type Options = MysqlOptions;
    type Server = Server;
    type Error = MySqlError;

    fn place(options: &MysqlOptions) -> String {
        options.place()
    }

    fn patience(options: &MysqlOptions) -> Duration {
        options.patience
    }

    fn limits(options: &MysqlOptions) -> Limits {
        options.limits
    }

    async fn open(options: &MysqlOptions) -> Result<MySqlConnection, Error> {
        let place = options.place();
        let opened = tokio::time::timeout(options.patience, connect(options)).await;
        opened.map_err(|_| unreachable(&place))?.map_err(|error| Failure::from(error).into_error(&place))
    }

    async fn check(connection: &mut MySqlConnection) -> Result<Server, Failure> {
        migrate::check(connection).await
    }

    /// A session that reads has no lock to be known by; its number must do.
    async fn works(connection: &mut MySqlConnection, server: &Server) -> Result<bool, Failure> {
        let sql = "SELECT COUNT(*) FROM information_schema.processlist
            WHERE id = IF(? = '', ?, IS_USED_LOCK(?)) AND command <> 'Sleep'";
        let name = &server.name;
        let found = sqlx::query(sql).bind(name).bind(server.id).bind(name).fetch_all(connection).await?;
        Ok(found.first().map_or(Ok(0), |row| row.try_get::<i64, _>(0))? > 0)
    }
}

async fn connect(options: &MysqlOptions) -> Result<MySqlConnection, sqlx::Error> {
    let mut connection = options.connect.connect().await?;
    sqlx::raw_sql(AssertSqlSafe(settings(options))).execute(&mut connection).await?;
    Ok(connection)
}

/// What a session is asked to be. One that writes is in a transaction always; should its program fall silent inside one,
/// the server ends it, because others wait for their turn.
fn settings(options: &MysqlOptions) -> String {
    let patience = options.lock_timeout.as_secs().max(1);
    let all = format!(
        "SET NAMES utf8mb4;
        SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', time_zone = '+00:00',
            innodb_lock_wait_timeout = {patience} /*M!100300 , idle_readonly_transaction_timeout = 60 */;
        SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED"
    );
    if !options.writes {
        return all;
    }
    let name = Clock::system().uuid().simple();
    format!(
        "{all}; SET autocommit = 0 /*M!100300 , idle_write_transaction_timeout = 30 */ /*!80000 , wait_timeout = 60 */;
        SET @bw_name = 'bw_{name}'; DO GET_LOCK(@bw_name, 0)"
    )
}
