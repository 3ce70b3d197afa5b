//! Who would not be kept from the rows of other tenants is not let in.

use bailiwick::{
    App,
    repository::{Scope, SystemGrant, TenantScope},
    specification::Spec,
    unit_of_work::Begin,
};

use super::{db, filled, options, other, room, run};
use crate::rows::shop::{Country, Order, shop, tables};

#[tokio::test]
async fn a_superuser_one_who_bypasses_and_an_owner_who_is_not_forced_are_refused() {
    let Some(room) = room() else { return };
    filled(&room).await.close().await.unwrap();
    let mut root = other(&room.url()).await;
    for (url, because) in [(room.url(), "superuser"), (room.system_url(), "BYPASSRLS")] {
        refused(&url, because).await;
    }
    run(&mut root, "ALTER TABLE orders NO FORCE ROW LEVEL SECURITY").await.unwrap();
    refused(&room.plain_url(), "orders").await;
    run(&mut root, "ALTER TABLE orders FORCE ROW LEVEL SECURITY").await.unwrap();
    run(&mut root, "ALTER TABLE stock.item DISABLE ROW LEVEL SECURITY").await.unwrap();
    refused(&room.plain_url(), "stock.item").await;
    run(&mut root, "ALTER TABLE stock.item ENABLE ROW LEVEL SECURITY").await.unwrap();
    let app = App::builder().store(options(&room.plain_url()).connect().unwrap()).entity::<Order>().build().await;
    app.unwrap().close().await.unwrap();
}

/// An application does not start, no statement is sent, and health says so.
async fn refused(url: &str, because: &str) {
    let error = App::builder().store(options(url).connect().unwrap()).entity::<Order>().build().await.unwrap_err();
    let told = format!("{error:?}");
    assert!(told.contains("db/config") && told.contains(because), "{told}");
    let db = db(options(url));
    let error = shop(&db, "acme").repository::<Order>().find(Spec::all()).list().await.unwrap_err();
    assert_eq!(error.code(), "db/config", "{error:?}");
    let error = shop(&db, "acme").begin(Begin::write()).await.unwrap_err();
    assert_eq!(error.code(), "db/config", "{error:?}");
    let health = db.health().await;
    let check = health.checks.iter().find(|check| check.name == "row_security").unwrap();
    assert!(check.message.contains("db/config"), "{check:?}");
    assert_eq!(health.status, bailiwick::resilience::Health::Unhealthy);
    db.migrate(tables()).await.unwrap(); // whoever makes tables reads nobody's rows
    db.close().await.unwrap();
}

#[tokio::test]
async fn without_a_user_for_all_tenants_nobody_reaches_them() {
    let Some(room) = room() else { return };
    let db = filled(&room).await;
    let all = || db.scoped(Scope::of(TenantScope::All(SystemGrant::new("a test"))));
    let error = all().repository::<Order>().find(Spec::all()).list().await.unwrap_err();
    assert_eq!(error.code(), "db/config", "{error:?}");
    assert_eq!(all().begin(Begin::write()).await.unwrap_err().code(), "db/config");
    let error = all().session().repository::<Order>().find(Spec::all()).list().await.unwrap_err();
    assert_eq!(error.code(), "db/config", "{error:?}");
    assert_eq!(all().repository::<Country>().find(Spec::all()).list().await.unwrap(), []);
    db.close().await.unwrap();
    let db = self::db(options(&room.plain_url()).system_url(&room.plain_url()).unwrap());
    let all = db.scoped(Scope::of(TenantScope::All(SystemGrant::new("a test"))));
    let error = all.repository::<Order>().find(Spec::all()).list().await.unwrap_err();
    assert!(error.to_string().contains("system_url"), "one who is kept from them does not reach them: {error:?}");
    db.close().await.unwrap();
}
