//! Entities of nobody, on which rows of tenants hang.

use bailiwick::{
    TenantId,
    entity::Entity,
    repository::{Count, Db, Migrations, Params, Scope, Scoped, Sql, SystemGrant, TenantScope},
    specification::Spec,
};
use tests::servers::Owned;

use super::{db, options, room};

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "depot", has_many(parcels: Parcel::depot))]
struct Depot {
    #[id]
    #[col(max = 20)]
    code: String,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "parcel")]
struct Parcel {
    #[id]
    #[col(max = 20)]
    number: String,
    #[tenant]
    #[col(rename = "group")]
    tenant: TenantId,
    #[col(filter, max = 20, references(Depot, as = home))]
    depot: String,
}

const ANY: Sql<Depot> = Sql::new("SELECT {columns} FROM {table} WHERE true");
const RENAME: Sql<Depot> = Sql::new("UPDATE {table} SET code = code WHERE true");

fn all(db: &Db) -> Scoped {
    db.scoped(Scope::of(TenantScope::All(SystemGrant::new("a test"))))
}

/// Two depots, and a parcel of `acme` in the first.
async fn filled(room: &Owned) -> Db {
    let db = db(options(&room.plain_url()));
    db.migrate(Migrations::new().ddl::<Depot>("0001_depot").ddl::<Parcel>("0002_parcel")).await.unwrap();
    for code in ["a", "b"] {
        db.repository::<Depot>().insert(NewDepot { code: code.into() }).await.unwrap();
    }
    let acme = db.scoped(Scope::tenant("acme").unwrap());
    acme.repository::<Parcel>().insert(NewParcel { number: "1".into(), depot: "a".into() }).await.unwrap();
    db
}

async fn codes(scoped: &Scoped, lacking: bool) -> Result<String, bailiwick::Error> {
    let (mut depots, parcels) = (scoped.repository::<Depot>(), Depot::parcels().any(Spec::all()));
    let found = depots.find(Spec::all()).sort(Depot::code().asc());
    let found = if lacking { found.lacking(parcels) } else { found.having(parcels) };
    Ok(found.list().await?.into_iter().map(|depot| depot.code).collect())
}

#[tokio::test]
async fn what_hangs_on_them_is_found_in_the_scope_alone() {
    let Some(room) = room() else { return };
    filled(&room).await.close().await.unwrap();
    let db = db(options(&room.plain_url()).system_url(&room.system_url()).unwrap());
    let of = |tenant| db.scoped(Scope::tenant(tenant).unwrap());
    assert_eq!(codes(&of("acme"), false).await.unwrap(), "a");
    assert_eq!(codes(&of("acme"), true).await.unwrap(), "b");
    assert_eq!(codes(&of("other"), false).await.unwrap(), "");
    assert_eq!(codes(&all(&db), false).await.unwrap(), "a");
    assert_eq!(codes(&all(&db), true).await.unwrap(), "b");
    assert_eq!(all(&db).repository::<Depot>().select(ANY, Params::new()).await.unwrap().len(), 2);
    assert_eq!(
        db.check_schema(&[Depot::TABLE, Parcel::TABLE]).await.unwrap(),
        [],
        "the tenant's column is a word of SQL"
    );
    db.close().await.unwrap();
}

#[tokio::test]
async fn without_a_user_for_all_tenants_nobody_is_told_what_hangs_on_them() {
    let Some(room) = room() else { return };
    let db = filled(&room).await;
    let all = all(&db);
    let mut depots = all.repository::<Depot>();
    for lacking in [false, true] {
        assert_eq!(codes(&all, lacking).await.unwrap_err().code(), "db/config");
    }
    let having = || Depot::parcels().any(Spec::all());
    let errors = [
        depots.find(Spec::all()).having(having()).count(Count::Exact).await.map(drop).unwrap_err(),
        depots.select(ANY, Params::new()).await.map(drop).unwrap_err(),
        depots.execute(RENAME, Params::new()).await.map(drop).unwrap_err(),
        all.session().repository::<Depot>().select(ANY, Params::new()).await.map(drop).unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.code(), "db/config", "{error:?}");
    }
    assert_eq!(depots.find(Spec::all()).list().await.unwrap().len(), 2, "these belong to nobody");
    db.close().await.unwrap();
}

/// Each has a breaker of his own.
#[tokio::test]
async fn that_one_user_cannot_connect_says_nothing_of_the_other() {
    let Some(room) = room() else { return };
    filled(&room).await.close().await.unwrap();
    let db = db(options(&room.plain_url()).system_url("postgres://nobody@127.0.0.1:1/none").unwrap());
    let mut last = String::new();
    for _ in 0..100 {
        last = codes(&all(&db), false).await.unwrap_err().code().to_owned();
    }
    assert_eq!(last, "db/circuit_open");
    assert_eq!(codes(&db.scoped(Scope::tenant("acme").unwrap()), false).await.unwrap(), "a");
    db.close().await.unwrap();
}
