//! The secret that went through everything is in no column of any table of a server.

use sqlx::{AssertSqlSafe, Connection, MySqlConnection, PgConnection, Row};
use tests::servers::{self, Room};

use super::{SECRETS, canary, everything, park};

/// How many rows of each column have these bytes; all columns of all our tables, but for those without any.
trait Columns {
    async fn with(&mut self, bytes: &str) -> Vec<(String, i64)>;
}

struct Postgres(PgConnection, String);

impl Columns for Postgres {
    async fn with(&mut self, bytes: &str) -> Vec<(String, i64)> {
        let sql = "SELECT table_name, column_name, data_type FROM information_schema.columns
            WHERE table_schema = $1 AND table_name LIKE 'bw\\_%'";
        let columns = sqlx::query(sql).bind(&self.1).fetch_all(&mut self.0).await.unwrap();
        let mut found = Vec::new();
        for column in columns {
            let (table, name, kind): (String, String, String) = (column.get(0), column.get(1), column.get(2));
            let value =
                if kind == "bytea" { format!("\"{name}\"") } else { format!("convert_to(\"{name}\"::text, 'UTF8')") };
            let sql = format!("SELECT count(*) FROM {}.{table} WHERE position($1 IN {value}) > 0", self.1);
            let count = sqlx::query_scalar(AssertSqlSafe(sql)).bind(bytes.as_bytes());
            found.push((format!("{table}.{name}"), count.fetch_one(&mut self.0).await.unwrap()));
        }
        found
    }
}

struct Mysql(MySqlConnection, String);

impl Columns for Mysql {
    async fn with(&mut self, bytes: &str) -> Vec<(String, i64)> {
        let sql = "SELECT CAST(table_name AS CHAR), CAST(column_name AS CHAR) FROM information_schema.columns
            WHERE table_schema = ? AND table_name LIKE 'bw\\_%'";
        let columns = sqlx::query(sql).bind(&self.1).fetch_all(&mut self.0).await.unwrap();
        let mut found = Vec::new();
        for column in columns {
            let (table, name): (String, String) = (column.get(0), column.get(1));
            let sql = format!("SELECT count(*) FROM `{table}` WHERE LOCATE(?, CAST(`{name}` AS BINARY)) > 0");
            let count = sqlx::query_scalar(AssertSqlSafe(sql)).bind(bytes.as_bytes());
            found.push((format!("{table}.{name}"), count.fetch_one(&mut self.0).await.unwrap()));
        }
        found
    }
}

async fn no_row_has_the_secret(room: &Room, mut columns: impl Columns) {
    let app = canary(&room.own_url()).await;
    everything(&app).await;
    park(&app).await;
    for forgotten in [false, true] {
        if forgotten {
            app.forget("p-1").await.unwrap();
        }
        for secret in SECRETS {
            let found: Vec<_> = columns.with(secret).await.into_iter().filter(|(_, rows)| *rows > 0).collect();
            assert_eq!(found, [], "{secret} lies open");
        }
    }
    // What is no secret is found, wherever the secret went.
    let found = columns.with("p-1").await;
    assert!(found.len() > 60, "{found:?}");
    for column in ["bw_event.payload", "bw_dead.payload", "bw_command.input", "bw_read_model.key"] {
        assert!(found.iter().any(|(name, rows)| name == column && *rows > 0), "{column}: {found:?}");
    }
    app.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_is_in_no_row_of_postgres() {
    let Some(server) = servers::postgres() else { return };
    let room = server.room();
    let connection = PgConnection::connect(&room.url()).await.unwrap();
    no_row_has_the_secret(&room, Postgres(connection, room.name().into())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_is_in_no_row_of_mysql() {
    let Some(server) = servers::mysql() else { return };
    let room = server.room();
    let connection = MySqlConnection::connect(&room.url()).await.unwrap();
    no_row_has_the_secret(&room, Mysql(connection, room.name().into())).await;
}
