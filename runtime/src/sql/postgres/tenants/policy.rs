//! What makes the server keep the rows of a table apart by tenants, and whether it does.

use sea_query::PostgresQueryBuilder;
use sqlx::{PgConnection, Row as _, postgres::PgRow};

use super::super::classify::Failure;
use crate::{
    entity::{Role, Table},
    plan::SchemaFinding,
    sql::query::named,
};

/// The policy of a table.
pub(super) const POLICY: &str = "bw_tenant";

/// The tenant that the server was told; null where it was told none. After a transaction the setting is an empty text.
const TOLD: &str = "NULLIF(current_setting('app.tenant_id', true), '')";

/// The same, as the server writes it.
const AS_WRITTEN: &str = "NULLIF(current_setting('app.tenant_id'::text, true), ''::text)";

/// The table; a view has the rights of its owner unless it says that it has those of whoever reads it.
const FOUND: &str = "SELECT c.oid, c.relkind::text AS kind, c.relrowsecurity, c.relforcerowsecurity,
    coalesce((SELECT option_value::boolean FROM pg_options_to_table(c.reloptions)
    WHERE option_name = 'security_invoker'), false) AS invoker
    FROM pg_class c WHERE c.oid = to_regclass($1)";

/// Policies of which one is enough to let a row through.
const POLICIES: &str = "SELECT polname::text AS name, polcmd = '*' AND polroles = '{0}'
    AND pg_get_expr(polqual, polrelid) = ANY($2)
    AND (polwithcheck IS NULL OR pg_get_expr(polwithcheck, polrelid) = ANY($2)) AS keeps
    FROM pg_policy WHERE polrelid = $1 AND polpermissive";

/// The statements that make it keep them apart; none for what belongs to nobody.
pub(in super::super) fn keep(table: &Table) -> Vec<String> {
    if table.place(Role::Tenant).is_none() {
        return Vec::new();
    }
    let name = named::<PostgresQueryBuilder>(table);
    vec![
        format!("ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"),
        format!("ALTER TABLE {name} FORCE ROW LEVEL SECURITY"),
        policy(table),
    ]
}

fn policy(table: &Table) -> String {
    let (name, tenant) = (named::<PostgresQueryBuilder>(table), tenant(table));
    format!("CREATE POLICY {POLICY} ON {name} USING (\"{tenant}\" = {TOLD}) WITH CHECK (\"{tenant}\" = {TOLD})")
}

fn tenant(table: &Table) -> &'static str {
    table.place(Role::Tenant).map_or("", |place| table.columns()[place].sql_name())
}

/// What is wrong with a table that is there.
pub(in super::super) async fn check(
    db: &mut PgConnection,
    table: &'static Table,
) -> Result<Vec<SchemaFinding>, Failure> {
    if table.place(Role::Tenant).is_none() {
        return Ok(Vec::new());
    }
    let name = named::<PostgresQueryBuilder>(table);
    let Some(found) = sqlx::query(FOUND).bind(&name).fetch_optional(&mut *db).await? else { return Ok(Vec::new()) };
    let kind: String = found.try_get("kind")?;
    let wrong = match kind.as_str() {
        "r" | "p" => of_table(db, table, &found).await?,
        "v" if found.try_get("invoker")? => Vec::new(),
        "v" => vec![(
            "the view reads with the rights of its owner, and not of whoever asks".to_owned(),
            Some(format!("ALTER VIEW {name} SET (security_invoker = true)")),
        )],
        _ => vec![("the server can keep tenants apart in tables and views alone".to_owned(), None)],
    };
    let finding = |(message, repair)| SchemaFinding {
        code: "schema/row_security",
        table: table.name().to_owned(),
        column: None,
        message,
        repair,
    };
    Ok(wrong.into_iter().map(finding).collect())
}

type Wrong = (String, Option<String>);

async fn of_table(db: &mut PgConnection, table: &'static Table, found: &PgRow) -> Result<Vec<Wrong>, Failure> {
    let (name, mut wrong) = (named::<PostgresQueryBuilder>(table), Vec::new());
    for (column, words, meaning) in [
        ("relrowsecurity", "ENABLE", "the server does not keep tenants apart in this table"),
        ("relforcerowsecurity", "FORCE", "the server does not keep tenants apart for the owner of this table"),
    ] {
        if !found.try_get::<bool, _>(column)? {
            wrong.push((meaning.to_owned(), Some(format!("ALTER TABLE {name} {words} ROW LEVEL SECURITY"))));
        }
    }
    let (mut there, oid) = (false, found.try_get::<sqlx::postgres::types::Oid, _>("oid")?);
    for row in sqlx::query(POLICIES).bind(oid).bind(&as_written(table)[..]).fetch_all(db).await? {
        let (policy, keeps): (String, bool) = (row.try_get("name")?, row.try_get("keeps")?);
        there |= keeps;
        if !keeps {
            let message = format!("the policy `{policy}` lets through what the tenant's does not");
            wrong.push((message, Some(format!("DROP POLICY \"{}\" ON {name}", policy.replace('"', "\"\"")))));
        }
    }
    if !there {
        wrong.push(("the policy that keeps tenants apart is not there".to_owned(), Some(self::policy(table))));
    }
    Ok(wrong)
}

/// The condition of the policy, as the server writes it for either type of text, with quotes where the name is a word of its own.
fn as_written(table: &Table) -> Vec<String> {
    let tenant = tenant(table);
    let names = [tenant.to_owned(), format!("\"{tenant}\"")];
    let both = |name| [format!("(({name})::text = {AS_WRITTEN})"), format!("({name} = {AS_WRITTEN})")];
    names.iter().flat_map(both).collect()
}
