//! The user's steps, each once and in its order, all in one transaction.

use sqlx::{AssertSqlSafe, Executor as _, PgConnection, Row as _};

use super::super::{classify::Failure, migrate, tenants};
use crate::{
    clock::Clock,
    entity::{ColumnDef, Kind, Table},
    plan::{SchemaFinding, Step},
    sql::{
        query::{Ddl, Found, Style, compare, create, holds_digits},
        server::{ServerError as _, changed, statements, wrong},
    },
};

/// How PostgreSQL writes tables.
struct Postgres;

impl Ddl for Postgres {
    const STYLE: Style = Style { quote: '"', schemas: true, whole: false, backslash: false, tail: "" };

    fn column_type(column: &ColumnDef) -> String {
        match (column.kind(), column.longest(), column.digits()) {
            (Kind::Bool, ..) => "boolean",
            (Kind::Int, ..) => "bigint",
            (Kind::Float, ..) => "double precision",
            (Kind::Text, Some(max), _) => return format!("varchar({max}) COLLATE \"C\""),
            (Kind::Text, None, _) => "text COLLATE \"C\"",
            (Kind::Bytes, ..) => "bytea",
            (Kind::Uuid, ..) => "uuid",
            (Kind::Time, ..) => "timestamptz",
            (Kind::Date, ..) => "date",
            (Kind::Decimal, _, Some((all, after))) => return format!("numeric({all}, {after})"),
            (Kind::Decimal, ..) => "numeric",
            (Kind::Json, ..) => "jsonb",
        }
        .into()
    }

    fn holds(column: &ColumnDef, found: &str) -> bool {
        let (base, size) = found.split_once('(').unwrap_or((found, ""));
        match column.kind() {
            Kind::Int => matches!(base, "bigint" | "integer" | "smallint"),
            Kind::Text if base == "character varying" => {
                let most = size.trim_end_matches(')').parse::<u32>().ok();
                most.is_none_or(|most| column.longest().is_some_and(|max| max <= most))
            }
            Kind::Text => base == "text",
            Kind::Time => base == "timestamp with time zone" || found.starts_with("timestamp(6) with time zone"),
            Kind::Decimal => base == "numeric" && (size.is_empty() || holds_digits(column, size)),
            _ => base == Self::column_type(column),
        }
    }

    fn collates(collation: Option<&str>) -> bool {
        matches!(collation, Some("C" | "POSIX" | "ucs_basic"))
    }

    fn nullable(table: &Table, column: &ColumnDef) -> Option<String> {
        let (place, name) = (Self::STYLE.place(table), Self::STYLE.quoted(column.sql_name()));
        let word = if column.is_nullable() { "DROP" } else { "SET" };
        Some(format!("ALTER TABLE {place} ALTER COLUMN {name} {word} NOT NULL"))
    }

    fn collated(table: &Table, column: &ColumnDef) -> Option<String> {
        let (place, name) = (Self::STYLE.place(table), Self::STYLE.quoted(column.sql_name()));
        Some(format!("ALTER TABLE {place} ALTER COLUMN {name} TYPE {}", Self::column_type(column)))
    }
}

/// What is wrong with the table.
pub(super) fn check(table: &'static Table, found: &Found) -> Vec<SchemaFinding> {
    compare::<Postgres>(table, found)
}

/// The statements that make a table, and let it keep tenants apart by itself.
pub(in super::super) fn ddl(table: &'static Table, keeps_tenants: bool) -> String {
    let keeps = if keeps_tenants { tenants::keep(table) } else { Vec::new() };
    create::<Postgres>(table).into_iter().chain(keeps).collect::<Vec<_>>().join(";\n")
}

/// Applies what has not been applied, all of it or nothing. Several processes may do this at once: one works, the others
/// wait.
pub(super) async fn apply(db: &mut PgConnection, keeps_tenants: bool, steps: &[Step]) -> Result<(), Failure> {
    // What policies would filter is refused then: a change of data that reaches no rows must not count as done.
    let begin = if keeps_tenants { "BEGIN; SET LOCAL row_security = off" } else { "BEGIN" };
    db.execute(sqlx::raw_sql(begin)).await?;
    db.execute(migrate::LOCK).await?;
    let ledger = "CREATE TABLE IF NOT EXISTS bw_migration
        (name text PRIMARY KEY, checksum text NOT NULL, applied_at bigint NOT NULL)";
    db.execute(ledger).await?;
    let own = transaction(db).await?;
    for step in steps {
        apply_step(db, keeps_tenants, step).await?;
        if transaction(db).await? != own {
            const ENDED: &str = "a step of the migration ended the transaction that all steps share; write it without \
                                 BEGIN and COMMIT";
            return Err(wrong(step, ENDED).into());
        }
    }
    db.execute("COMMIT").await.map(drop).map_err(Failure::of_commit)
}

/// A table that was made otherwise, when tenants were kept apart by statements alone, is the same step: what it lacks is found when
/// tables are checked.
async fn apply_step(db: &mut PgConnection, keeps_tenants: bool, step: &Step) -> Result<(), Failure> {
    let (sql, checksum) = statements(step, |table| ddl(table, keeps_tenants));
    let (_, otherwise) = statements(step, |table| ddl(table, !keeps_tenants));
    let known = "SELECT checksum FROM bw_migration WHERE name = $1";
    let known = sqlx::query(known).bind(&step.name).fetch_optional(&mut *db).await?;
    match known.map(|row| row.try_get::<String, _>(0)).transpose()? {
        Some(known) if known == checksum || known == otherwise => return Ok(()),
        Some(_) => return Err(changed(step).into()),
        None => {}
    }
    db.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await.map_err(|error| failed(step, error))?;
    let insert = "INSERT INTO bw_migration (name, checksum, applied_at) VALUES ($1, $2, $3)";
    let row = sqlx::query(insert).bind(&step.name).bind(checksum).bind(Clock::system().now().as_micros());
    row.execute(db).await.map(drop).map_err(|error| failed(step, error))
}

/// The number of the transaction that the connection is in.
async fn transaction(db: &mut PgConnection) -> Result<String, Failure> {
    let row = sqlx::raw_sql("SELECT pg_current_xact_id()::text").fetch_one(db).await?;
    Ok(row.try_get(0)?)
}

/// The server says no to the step; a link that was lost says nothing of it.
fn failed(step: &Step, error: sqlx::Error) -> Failure {
    const FAILED: &str = "a step of the migration failed and nothing of it was applied; mend it and migrate again";
    const KEPT: &str = "a step of the migration reads or changes rows of tenants, which the server keeps from this user; \
                        nothing of it was applied: let a role with BYPASSRLS migrate";
    match Failure::from(error) {
        Failure::Sql(error) if error.is_kept_apart() => Failure::Own(wrong(step, KEPT).caused_by(error.into_cause())),
        Failure::Sql(error) if !error.is_lost() => Failure::Own(wrong(step, FAILED).caused_by(error.into_cause())),
        failure => failure,
    }
}
