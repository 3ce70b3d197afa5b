//! Which texts are no statements by hand.

use bailiwick::repository::{Db, Params, Sql};

use crate::rows::shop::{Country, Order, shop};

fn refused<T>(make: impl FnOnce() -> T + std::panic::UnwindSafe) -> bool {
    std::panic::catch_unwind(make).is_err()
}

#[test]
fn a_statement_of_a_tenants_rows_holds_what_it_reads_and_changes_against_the_tenant() {
    for text in [
        "UPDATE t SET tenant = :tenant WHERE id = :id",
        "DELETE FROM t WHERE id = :id AND note <> ':tenant'",
        "WITH old AS (SELECT id FROM t WHERE tenant = :tenant) DELETE FROM t WHERE id IN (SELECT id FROM old)",
        "REPLACE INTO t (id, tenant) VALUES (:id, :tenant)",
        "INSERT OR REPLACE INTO t (id, tenant) VALUES (:id, :tenant)",
        "INSERT INTO t (id, tenant) VALUES (:id, :tenant) ON CONFLICT (id) DO UPDATE SET name = 'x'",
        "INSERT INTO t (id, tenant) VALUES (:id, :tenant) ON DUPLICATE KEY UPDATE name = 'x'",
        "SELECT * FROM t WHERE id = :id",
    ] {
        assert!(refused(|| Sql::<Order>::new(text)), "{text}");
        let base = Sql::<Order>::new("SELECT {columns} FROM {table} WHERE tenant = :tenant");
        assert!(
            refused(|| base.sqlite(text)) && refused(|| base.postgres(text)) && refused(|| base.mysql(text)),
            "{text}"
        );
        assert!(!refused(|| Sql::<Country>::new(text)), "{text}");
    }
    for text in [
        "UPDATE t SET name = replace(name, 'a', 'b') WHERE id = :id AND tenant = :tenant",
        "INSERT INTO t (tenant) VALUES (:tenant) ON CONFLICT (id) DO UPDATE SET name = 'x' WHERE t.tenant = :tenant",
        "SELECT * FROM t WHERE tenant = :tenant FOR UPDATE",
        "SELECT * FROM t WHERE tenant = :tenant FOR NO KEY UPDATE",
    ] {
        assert!(!refused(|| Sql::<Order>::new(text)), "{text}");
    }
}

#[test]
fn what_databases_read_differently_is_refused_in_a_text_for_all() {
    let base = Sql::<Country>::new("SELECT {columns} FROM {table}");
    for (text, expected) in [
        ("SELECT \"a\" FROM t", [true, false, false, false]),
        ("SELECT `a` FROM t", [true, false, false, false]),
        ("SELECT a || b FROM t", [true, false, false, false]),
        ("SELECT 1 # one", [true, false, false, false]),
        ("SELECT 5--1", [true, false, false, true]),
        ("SELECT 1 /*! + 1 */", [true, false, false, true]),
        ("SELECT 1 /*M! + 1 */", [true, false, false, true]),
        ("SELECT 1 /* a /* b */ */", [true; 4]),
        ("SELECT 'a", [true; 4]),
        ("SELECT 1 -- one\n + 1 /* two */", [false; 4]),
        ("INSERT OR ROLLBACK INTO t VALUES (1)", [true; 4]),
        ("INSERT OR FAIL INTO t VALUES (1)", [true; 4]),
        ("DROP TABLE t", [true; 4]),
        ("SELECT 1; SELECT 2", [true; 4]),
    ] {
        let found = [
            refused(|| Sql::<Country>::new(text)),
            refused(|| base.sqlite(text)),
            refused(|| base.postgres(text)),
            refused(|| base.mysql(text)),
        ];
        assert_eq!(found, expected, "{text}");
    }
}

#[tokio::test]
async fn what_writes_behind_a_select_is_no_read() {
    let db = Db::memory();
    let shop = shop(&db, "acme");
    for (text, reads) in [
        ("SELECT 1", true),
        ("WITH a AS (SELECT 1) SELECT * FROM a FOR UPDATE", true),
        ("SELECT insert('a', 1, 1, 'b')", true),
        ("WITH gone AS (DELETE FROM t RETURNING id) SELECT * FROM gone", false),
        ("WITH more AS (INSERT INTO t VALUES (1) RETURNING id) SELECT * FROM more", false),
        ("SELECT a INTO b FROM t", false),
        ("UPDATE t SET a = 1", false),
    ] {
        let error = shop.repository::<Country>().select(Sql::new(text), Params::new()).await.unwrap_err();
        assert_eq!(error.code(), if reads { "db/raw_unsupported" } else { "repository/statement" }, "{text}");
    }
}
