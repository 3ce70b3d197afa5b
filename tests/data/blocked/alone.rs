//! Where a facade is called from, and where it is dropped.

use bailiwick::{
    Error,
    blocking::Db,
    repository::StreamMode,
    specification::Spec,
    unit_of_work::{Begin, Retry},
};

use super::{
    ask,
    shop::{Order, new, shop},
};
use crate::rows::Fresh;

/// What each kind of call answers here.
fn answers(db: &Db) -> Vec<&'static str> {
    let acme = shop(db, "acme");
    let code = |answer: Result<(), Error>| answer.map_or_else(|error| error.code(), |()| "answered");
    vec![
        code(acme.repository::<Order>().insert(new(1)).map(drop)),
        code(acme.repository::<Order>().find(Spec::all()).list().map(drop)),
        code(
            acme.repository::<Order>()
                .find(Spec::all())
                .stream(StreamMode::Chunked(1))
                .last() // it ends with the error
                .map_or(Ok(()), |row| row.map(drop)),
        ),
        code(acme.begin(Begin::write()).map(drop)),
        code(acme.in_tx(Retry::none(), |_| Ok(()))),
        code(acme.session().repository::<Order>().find(Spec::all()).first().map(drop)),
        code(db.health().map(drop)),
    ]
}

#[test]
fn a_thread_of_a_runtime_is_refused_and_any_other_is_not() {
    for several in [false, true] {
        ask(Fresh::sqlite(), |db| {
            let mut build = if several {
                tokio::runtime::Builder::new_multi_thread()
            } else {
                tokio::runtime::Builder::new_current_thread()
            };
            let runtime = build.build().unwrap();
            let refused = [
                runtime.block_on(async { answers(db) }),
                runtime.block_on(async {
                    let db = db.clone();
                    tokio::spawn(async move { answers(&db) }).await.unwrap()
                }),
                runtime.block_on(async {
                    let db = db.clone();
                    tokio::task::spawn_blocking(move || answers(&db)).await.unwrap()
                }),
            ];
            assert_eq!(refused, [["db/config"; 7]; 3].map(Vec::from));
            let own = runtime.block_on(async { std::thread::scope(|own| own.spawn(|| answers(db)).join().unwrap()) });
            assert_eq!(own, ["answered"; 7]);
        });
    }
}

#[test]
fn what_a_closure_starts_is_a_runtime_of_its_own_and_another_facade_is_none() {
    ask(Fresh::memory(), |db| {
        let other = Db::memory();
        let told = shop(db, "acme").in_tx(Retry::none(), |_| {
            let inside = shop(&other, "acme").repository::<Order>().insert(new(1)).map(|order| order.number)?;
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let refused = runtime.block_on(async { shop(&other, "acme").repository::<Order>().insert(new(2)) });
            Ok::<_, Error>((inside, refused.unwrap_err().code()))
        });
        assert_eq!(told.unwrap(), ("A-1".to_owned(), "db/config"));
    });
}

/// A runtime that is dropped in another panics.
fn a_facade_and_all_it_has_made_can_be_dropped_in_async_code(db: &Db) {
    let acme = shop(db, "acme");
    acme.repository::<Order>().insert(new(1)).unwrap();
    let mut unit = acme.begin(Begin::write()).unwrap();
    unit.repository::<Order>().insert(new(2)).unwrap();
    let mut session = acme.session();
    session.repository::<Order>().find(Spec::all()).first().unwrap();
    let last = Db::memory();
    last.repository::<super::shop::Country>().find(Spec::all()).list().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async move { drop((unit, session, last)) });
    let mut orders = acme.repository::<Order>();
    let mut rows = orders.find(Spec::all()).stream(StreamMode::Snapshot);
    assert!(rows.next().unwrap().is_ok());
    runtime.block_on(async move { drop(rows) });
    assert_eq!(acme.repository::<Order>().find(Spec::all()).list().unwrap().len(), 1);
}

#[test]
fn in_memory_a_facade_can_be_dropped_in_async_code() {
    ask(Fresh::memory(), a_facade_and_all_it_has_made_can_be_dropped_in_async_code);
}

#[test]
fn on_sqlite_a_facade_can_be_dropped_in_async_code() {
    ask(Fresh::sqlite(), a_facade_and_all_it_has_made_can_be_dropped_in_async_code);
}

#[test]
fn on_postgres_a_facade_can_be_dropped_in_async_code() {
    ask(Fresh::postgres(), a_facade_and_all_it_has_made_can_be_dropped_in_async_code);
}

#[test]
fn on_mysql_a_facade_can_be_dropped_in_async_code() {
    ask(Fresh::mysql(), a_facade_and_all_it_has_made_can_be_dropped_in_async_code);
}

#[test]
fn the_thread_of_a_facade_ends_with_its_last_handle() {
    let (held, gone) = std::sync::mpsc::channel::<()>();
    let db = Db::memory();
    let clone = db.clone();
    db.in_tx(Retry::none(), |_| {
        let held = held.clone();
        tokio::spawn(async move {
            std::future::pending::<()>().await;
            drop(held);
        });
        Ok::<_, Error>(())
    })
    .unwrap();
    drop((db, held));
    let waited = gone.recv_timeout(std::time::Duration::from_millis(100));
    assert_eq!(waited, Err(std::sync::mpsc::RecvTimeoutError::Timeout), "a clone is left");
    drop(clone);
    let ended = gone.recv_timeout(std::time::Duration::from_secs(20));
    assert_eq!(ended, Err(std::sync::mpsc::RecvTimeoutError::Disconnected));
}
