//! The user's steps, each once and in its order. The server commits each statement that changes tables by itself, so the
//! ledger has a step before it is begun, and says afterwards that it is done.

use futures_util::TryStreamExt as _;
use sqlx::{AssertSqlSafe, Executor as _, MySqlConnection, Row as _};

use super::super::{classify::Failure, migrate};
use crate::{
    clock::Clock,
    entity::{ColumnDef, Kind, Table},
    error::Error,
    plan::{SchemaFinding, Step},
    sql::{
        query::{ALIVE, Ddl, Found, FoundKey, Style, compare, create, holds_digits},
        server::{ServerError as _, changed, statements, wrong},
    },
};

/// How MySQL and MariaDB write tables: one statement, which is carried out as a whole or not at all.
struct MySql;

impl Ddl for MySql {
    const STYLE: Style = Style {
        quote: '`',
        schemas: false,
        whole: true,
        backslash: true,
        tail: " ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80000 COLLATE \
               utf8mb4_0900_bin */",
    };

    fn column_type(column: &ColumnDef) -> String {
        match (column.kind(), column.longest(), column.digits()) {
            (Kind::Bool, ..) => "BOOLEAN",
            (Kind::Int, ..) => "BIGINT",
            (Kind::Float, ..) => "DOUBLE",
            (Kind::Text, Some(max), _) if max <= IN_ROW => return format!("VARCHAR({max})"),
            (Kind::Text, ..) => "LONGTEXT",
            (Kind::Bytes, ..) => "LONGBLOB",
            (Kind::Uuid, ..) => "BINARY(16)",
            (Kind::Time, ..) => "DATETIME(6)",
            (Kind::Date, ..) => "DATE",
            (Kind::Decimal, _, Some((all, after))) => return format!("DECIMAL({all}, {after})"),
            (Kind::Decimal, ..) => "DECIMAL(28, 10)",
            (Kind::Json, ..) => "JSON",
        }
        .into()
    }

    fn holds(column: &ColumnDef, found: &str) -> bool {
        let (base, size) = found.split_once('(').unwrap_or((found, ""));
        match column.kind() {
            Kind::Bool => base == "tinyint",
            Kind::Int => {
                matches!(base.trim(), "bigint" | "int" | "mediumint" | "smallint") && !found.ends_with("unsigned")
            }
            Kind::Text if matches!(base, "varchar" | "char") => {
                let most = size.trim_end_matches(')').parse::<u32>().ok();
                most.zip(column.longest()).is_some_and(|(most, max)| max <= most)
            }
            Kind::Text => matches!(base, "longtext" | "mediumtext" | "text"),
            Kind::Bytes => matches!(base, "longblob" | "mediumblob" | "blob" | "varbinary"),
            Kind::Json => matches!(base, "json" | "longtext"),
            Kind::Decimal => base == "decimal" && holds_digits(column, size),
            _ => found.eq_ignore_ascii_case(&Self::column_type(column)),
        }
    }

    /// Others take letters of either case for one, or pass over spaces at the end.
    fn collates(collation: Option<&str>) -> bool {
        collation.is_some_and(|name| name.ends_with("_nopad_bin") || name.ends_with("_0900_bin") || name == "binary")
    }

    fn is_key(key: &FoundKey, columns: &[&str]) -> bool {
        let own = if Self::is_partial(key) { key.columns.len() - 1 } else { key.columns.len() };
        key.columns[..own] == *columns
    }

    fn is_partial(key: &FoundKey) -> bool {
        key.columns.last().is_some_and(|last| last == ALIVE)
    }

    fn nullable(table: &Table, column: &ColumnDef) -> Option<String> {
        Self::collated(table, column)
    }

    fn collated(table: &Table, column: &ColumnDef) -> Option<String> {
        let (place, name) = (Self::STYLE.place(table), Self::STYLE.quoted(column.sql_name()));
        let bytes = if column.kind() == Kind::Text { BYTES } else { "" };
        let null = if column.is_nullable() { "" } else { " NOT NULL" };
        Some(format!("ALTER TABLE {place} MODIFY {name} {}{bytes}{null}", Self::column_type(column)))
    }
}

/// Texts that are compared by their bytes.
const BYTES: &str = " CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80000 COLLATE utf8mb4_0900_bin */";

/// What is wrong with the table.
pub(super) fn check(table: &'static Table, found: &Found) -> Vec<SchemaFinding> {
    compare::<MySql>(table, found)
}

/// Longer texts lie beside the row, of which all others together have 65,535 bytes.
const IN_ROW: u32 = 1_000;

/// The statements that make a table.
pub(super) fn ddl(table: &'static Table) -> String {
    create::<MySql>(table).join(";\n")
}

/// Applies what has not been applied. Several processes may do this at once: one works, the others wait.
pub(super) async fn apply(db: &mut MySqlConnection, steps: &[Step]) -> Result<(), Failure> {
    migrate::lock(db).await?; // until the connection is closed
    let ledger = "CREATE TABLE IF NOT EXISTS bw_migration (name VARBINARY(255) NOT NULL PRIMARY KEY,
        checksum VARBINARY(64) NOT NULL, applied_at BIGINT) ENGINE = InnoDB";
    db.execute(ledger).await?;
    for step in steps {
        apply_step(db, step).await?;
    }
    Ok(())
}

async fn apply_step(db: &mut MySqlConnection, step: &Step) -> Result<(), Failure> {
    let (sql, checksum) = statements(step, ddl);
    let known = "SELECT checksum, applied_at IS NOT NULL FROM bw_migration WHERE name = ?";
    let known = sqlx::query(known).bind(step.name.as_bytes()).fetch_optional(&mut *db).await?;
    if let Some(row) = known {
        return done_before(step, row.try_get::<Vec<u8>, _>(0)? == checksum.as_bytes(), row.try_get(1)?);
    }
    let begin = "INSERT INTO bw_migration (name, checksum) VALUES (?, ?)";
    let begin = sqlx::query(begin).bind(step.name.as_bytes()).bind(checksum.as_bytes());
    begin.execute(&mut *db).await.map_err(|error| failed(step, error))?;
    let (applied, outcome) = execute(db, sql).await;
    if let Err(error) = outcome {
        return Err(given_up(db, step, (applied, error)).await);
    }
    let end = "UPDATE bw_migration SET applied_at = ? WHERE name = ?";
    let end = sqlx::query(end).bind(Clock::system().now().as_micros()).bind(step.name.as_bytes());
    db.execute("COMMIT").await?; // of statements that begin a transaction by themselves
    Ok(end.execute(db).await.map(drop)?)
}

/// What is known of a step: whether it is the same, and whether it was finished.
fn done_before(step: &Step, same: bool, finished: bool) -> Result<(), Failure> {
    match (same, finished) {
        (_, false) => Err(half(step).into()),
        (false, true) => Err(changed(step).into()),
        (true, true) => Ok(()),
    }
}

/// How many statements were carried out, and what became of the next.
async fn execute(db: &mut MySqlConnection, sql: String) -> (u64, Result<(), sqlx::Error>) {
    let mut done = 0;
    let mut answers = sqlx::raw_sql(AssertSqlSafe(sql)).execute_many(db);
    loop {
        match answers.try_next().await {
            Ok(Some(_)) => done += 1,
            Ok(None) => return (done, Ok(())),
            Err(error) => return (done, Err(error)),
        }
    }
}

/// A step whose first statement was refused has done nothing, and is forgotten. Any other stays in the ledger, half-way.
async fn given_up(db: &mut MySqlConnection, step: &Step, (applied, error): (u64, sqlx::Error)) -> Failure {
    let failure = failed(step, error);
    if failure.is_lost() {
        return failure;
    }
    if applied > 0 {
        return half(step).with("applied", applied).caused_by(failure.into_error("")).into();
    }
    let forget = sqlx::query("DELETE FROM bw_migration WHERE name = ?").bind(step.name.as_bytes());
    match forget.execute(db).await {
        Ok(_) => failure,
        Err(error) => error.into(),
    }
}

fn half(step: &Step) -> Error {
    const HALF: &str = "a step of the migrations was begun and not finished, and this server cannot take it back; see what \
                        of it is there, undo or finish it by hand, then delete its row of `bw_migration` or set \
                        `applied_at` there";
    wrong(step, HALF)
}

/// The server says no to the step; a link that was lost says nothing of it.
fn failed(step: &Step, error: sqlx::Error) -> Failure {
    const FAILED: &str = "a step of the migration failed and nothing of it was applied; mend it and migrate again";
    match Failure::from(error) {
        Failure::Sql(error) if !error.is_lost() => Failure::Own(wrong(step, FAILED).caused_by(error.into_cause())),
        failure => failure,
    }
}
