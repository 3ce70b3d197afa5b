//! From every store into every other.

use bailiwick::{
    TenantId,
    archive::{self, Options},
    sql::{MysqlStore, PostgresStore, SqliteStore},
    store::{AnyStore, LogEvent, MemoryStore},
    version::Position,
};
use tests::servers;

use super::{export, fill, memory};

async fn logged(store: &AnyStore, tenant: Option<&TenantId>) -> Vec<LogEvent> {
    let rows = store.log(Position::START, usize::MAX).await.unwrap();
    let mut events: Vec<_> = rows.into_iter().map(|row| row.event.unwrap()).collect();
    events.retain(|event| event.tenant.as_ref() == tenant);
    events.iter_mut().for_each(|event| event.event.position = Position::START);
    events
}

/// Imports what one store has into an empty one, twice, and holds both against each other.
async fn carry(from: &AnyStore, to: &AnyStore, batch: usize) {
    let (file, exported) = export(from).await;
    let options = || Options::new().batch(batch);
    let first = archive::import(to, &file[..], options()).await.unwrap();
    assert_eq!((first.lines, first.added, first.present), (exported.events, exported.events, 0));
    let second = archive::import(to, &file[..], options()).await.unwrap();
    assert_eq!((second.added, second.present), (0, exported.events));
    let report = archive::verify(to, Options::new()).await.unwrap();
    assert!(report.is_sound(), "{report}");
    assert_eq!((report.events, report.digest), (exported.events, exported.digest));
    assert_eq!(export(to).await.1, exported);
    for tenant in [None, Some(TenantId::new("acme").unwrap()), Some(TenantId::new("zenith").unwrap())] {
        assert_eq!(
            logged(to, tenant.as_ref()).await,
            logged(from, tenant.as_ref()).await,
            "in the order of the tenant"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_exported_from_any_store_and_imported_into_any_is_the_same() {
    let (folder, postgres, mysql) = (tempfile::tempdir().unwrap(), servers::postgres(), servers::mysql());
    let mut rooms = Vec::new();
    let mut number = 0;
    let mut fresh = || {
        number += 1;
        let path = folder.path().join(format!("{number}.db"));
        let mut stores = vec![AnyStore::new(MemoryStore::new()), AnyStore::new(SqliteStore::open(path).unwrap())];
        if let Some(postgres) = &postgres {
            let room = postgres.room();
            let options = PostgresStore::options(&room.url()).unwrap().schema(room.name()).unwrap();
            stores.push(AnyStore::new(options.connect().unwrap()));
            rooms.push(room);
        }
        if let Some(mysql) = &mysql {
            let room = mysql.room();
            stores.push(AnyStore::new(MysqlStore::connect(&room.url()).unwrap()));
            rooms.push(room);
        }
        stores
    };
    for (index, from) in fresh().into_iter().enumerate() {
        from.migrate().await.unwrap();
        fill(&from, 60).await;
        for to in fresh() {
            to.migrate().await.unwrap();
            carry(&from, &to, [1, 7, 50, 1_000][index % 4]).await;
            to.close().await.unwrap();
        }
        from.close().await.unwrap();
    }
}

#[tokio::test]
async fn a_tenant_goes_alone() {
    let (from, to) = (memory(40).await, AnyStore::new(MemoryStore::new()));
    let acme = Some(TenantId::new("acme").unwrap());
    let mut file = Vec::new();
    let exported = archive::export(&from, &mut file, Options::new().tenant(acme.clone())).await.unwrap();
    let whole = export(&from).await;
    let imported = archive::import(&to, &whole.0[..], Options::new().tenant(acme.clone())).await.unwrap();
    assert!(0 < exported.events && exported.events < whole.1.events);
    assert_eq!((imported.added, imported.filtered), (exported.events, whole.1.events - exported.events));
    let again = archive::import(&to, &file[..], Options::new()).await.unwrap();
    assert_eq!((again.added, again.present), (0, exported.events));
    assert_eq!(logged(&to, acme.as_ref()).await, logged(&from, acme.as_ref()).await);
    let report = archive::verify(&from, Options::new().tenant(acme)).await.unwrap();
    assert_eq!((report.events, report.digest), (exported.events, exported.digest));
}
