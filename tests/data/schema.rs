//! Tables, held against what their entities declare.

use bailiwick::{
    App, TenantId, Timestamp,
    entity::Entity,
    repository::{Db, Migrations, SchemaCheck, SchemaFinding},
};

use crate::{
    large::Wide,
    rows::{
        Fresh,
        served::Kind,
        shop::{Country, Item, Line, Order},
    },
};

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "badge", unique(code))]
struct Badge {
    #[id]
    #[col(max = 20)]
    id: String,
    #[tenant]
    tenant: TenantId,
    #[col(filter, max = 20)]
    code: String,
    #[col(max = 40)]
    note: Option<String>,
    pieces: i64,
    #[soft_delete]
    deleted_at: Option<Timestamp>,
}

const TABLES: [&bailiwick::entity::Table; 5] = [Order::TABLE, Country::TABLE, Item::TABLE, Line::TABLE, Wide::TABLE];

/// The databases with tables, and which they are; SQLite has no kind.
async fn all() -> Vec<(Option<Kind>, Fresh)> {
    let found = [
        (None, Fresh::sqlite().await),
        (Some(Kind::Postgres), Fresh::postgres().await),
        (Some(Kind::Mysql), Fresh::mysql().await),
    ];
    found.into_iter().filter_map(|(kind, fresh)| Some((kind, fresh?))).collect()
}

fn told(findings: &[SchemaFinding]) -> Vec<(&'static str, &str)> {
    findings.iter().map(|finding| (finding.code, finding.column.as_deref().unwrap_or_default())).collect()
}

#[tokio::test]
async fn tables_that_migrations_have_made_are_as_they_are_declared() {
    let memory = Fresh::memory().await.unwrap().db;
    assert_eq!(memory.check_schema(&TABLES).await.unwrap(), []);
    for (kind, Fresh { db, .. }) in &all().await {
        db.migrate(crate::large::tables().ddl::<Badge>("0006_badge")).await.unwrap();
        assert_eq!(db.check_schema(&TABLES).await.unwrap(), [], "{kind:?}");
        assert_eq!(db.check_schema(&[Badge::TABLE]).await.unwrap(), [], "{kind:?}");
        db.close().await.unwrap();
    }
}

#[tokio::test]
async fn what_is_not_there_is_found_with_the_statements_that_make_it() {
    for (kind, Fresh { db, .. }) in &all().await {
        let findings = db.check_schema(&[Badge::TABLE, Country::TABLE]).await.unwrap();
        assert_eq!(told(&findings), [("schema/table", "")], "{kind:?}");
        assert_eq!(findings[0].table, "badge");
        let make = findings[0].repair.clone().unwrap();
        db.migrate(Migrations::new().sql("0007_badge", make)).await.unwrap();
        assert_eq!(db.check_schema(&[Badge::TABLE]).await.unwrap(), [], "{kind:?}");
        db.migrate(Migrations::new().sql("0008_less", "ALTER TABLE badge DROP COLUMN note")).await.unwrap();
        let findings = db.check_schema(&[Badge::TABLE]).await.unwrap();
        assert_eq!(told(&findings), [("schema/column", "note")], "{kind:?}");
        let add = findings[0].repair.clone().unwrap();
        db.migrate(Migrations::new().sql("0009_more", add)).await.unwrap();
        assert_eq!(db.check_schema(&[Badge::TABLE]).await.unwrap(), [], "{kind:?}");
        db.close().await.unwrap();
    }
}

/// A badge table by hand, in which nearly everything is wrong.
fn wrong(kind: Option<Kind>) -> &'static str {
    match kind {
        None => {
            "CREATE TABLE badge (id TEXT NOT NULL, tenant TEXT COLLATE NOCASE NOT NULL, code TEXT NOT NULL, note TEXT NOT NULL,
             pieces TEXT NOT NULL, deleted_at INTEGER, PRIMARY KEY (id), UNIQUE (tenant, code), UNIQUE (code))"
        }
        Some(Kind::Postgres) => {
            "CREATE TABLE badge (id varchar(20) COLLATE \"C\" NOT NULL, tenant varchar(64) COLLATE \"und-x-icu\" NOT NULL,
             code varchar(20) COLLATE \"C\" NOT NULL, note varchar(40) NOT NULL, pieces text NOT NULL, deleted_at timestamptz,
             PRIMARY KEY (id), UNIQUE (tenant, code), UNIQUE (code))"
        }
        Some(Kind::Mysql) => {
            "CREATE TABLE badge (id VARCHAR(20) CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80000 COLLATE
             utf8mb4_0900_bin */ NOT NULL, tenant VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL,
             code VARCHAR(20) CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80000 COLLATE utf8mb4_0900_bin */
             NOT NULL, note VARCHAR(40) NOT NULL, pieces TEXT NOT NULL, deleted_at DATETIME(6),
             PRIMARY KEY (id), UNIQUE (tenant, code), UNIQUE (code))"
        }
    }
}

const FOUND: [(&str, &str); 7] = [
    ("schema/collation", "tenant"),
    ("schema/key", "tenant, id"),
    ("schema/key_deleted", "tenant, code"),
    ("schema/key_tenant", "code"),
    ("schema/key_tenant", "id"),
    ("schema/null", "note"),
    ("schema/type", "pieces"),
];

#[tokio::test]
async fn what_is_wrong_with_a_table_is_named_by_column_and_key() {
    for (kind, Fresh { db, .. }) in &all().await {
        db.migrate(Migrations::new().sql("0007_badge", wrong(*kind))).await.unwrap();
        let findings = db.check_schema(&[Badge::TABLE]).await.unwrap();
        let mut codes = told(&findings);
        codes.sort_unstable();
        assert_eq!(codes, FOUND, "{kind:?}: {findings:#?}");
        let severe = findings.iter().filter(|finding| finding.is_severe());
        assert_eq!(severe.count(), 3, "{kind:?}");
        let text = findings.iter().find(|finding| finding.code == "schema/type").unwrap().to_string();
        assert!(text.starts_with("[schema/type] badge.pieces: "), "{text}");
        let repairs = findings.iter().filter(|finding| matches!(finding.code, "schema/collation" | "schema/null"));
        for (number, repair) in repairs.filter_map(|finding| finding.repair.clone()).enumerate() {
            db.migrate(Migrations::new().sql(format!("001{number}_repair"), repair)).await.unwrap();
        }
        let left = db.check_schema(&[Badge::TABLE]).await.unwrap();
        let healed = ["schema/collation", "schema/null"].iter().all(|code| left.iter().all(|left| left.code != *code));
        assert_eq!(healed, kind.is_some(), "SQLite changes no column: {left:#?}");
        db.close().await.unwrap();
    }
}

async fn start(folder: &tempfile::TempDir, check: SchemaCheck) -> Result<(), bailiwick::Error> {
    let app = App::builder().sqlite(folder.path().join("a.db")).entity::<Badge>().schema_check(check);
    app.build().await.map(drop)
}

#[tokio::test]
async fn an_application_does_not_start_on_other_tables_than_it_declares() {
    let folder = tempfile::tempdir().unwrap();
    let error = start(&folder, SchemaCheck::Refuse).await.unwrap_err();
    assert_eq!(error.code(), "db/schema");
    assert!(error.to_string().contains("- [schema/table] badge: it is not there; CREATE TABLE"), "{error}");
    start(&folder, SchemaCheck::Warn).await.unwrap();
    let db = Db::connect(&format!("sqlite://{}", folder.path().join("a.db").display())).unwrap();
    db.migrate(Migrations::new().sql("0001", wrong(None))).await.unwrap();
    db.close().await.unwrap();
    let error = start(&folder, SchemaCheck::Warn).await.unwrap_err();
    assert!(error.to_string().contains("[schema/collation] badge.tenant"), "{error}");
    assert!(!error.to_string().contains("schema/null"), "that is said in the log: {error}");
    let other = tempfile::tempdir().unwrap();
    let app = App::builder().sqlite(other.path().join("b.db")).migrations(Migrations::new().ddl::<Badge>("0001_badge"));
    app.build().await.unwrap();
    let again = App::builder().sqlite(other.path().join("b.db")).entity::<Badge>();
    again.build().await.unwrap();
}
