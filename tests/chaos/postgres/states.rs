//! The wire cut at the moment at which a state is stored.

use std::time::Duration;

use bailiwick::{
    App, ErrorKind, Root, SendError, Version, envelope::Metadata, projection::Follower, sql::PostgresStore,
    store::AnyStore,
};
use futures_util::future::join_all;
use tests::{
    bank::{self, Account, Later},
    proxy::{Fate, Proxy},
    servers::{self, Room, Server},
};

use super::support::open;
use crate::keeper::{Open, Ring, Till, TillEvent, keeper, taken, tills};

const COMMIT: &[u8] = b"COMMIT\0";
const FATES: [Fate; 3] = [Fate::Lost, Fate::Sent, Fate::Answered];

async fn behind_a_proxy(room: &Room) -> (App, Proxy) {
    let (proxy, url) = Proxy::before(&room.url()).await;
    (keeper(AnyStore::new(open(&url, room.name()).await)).await, proxy)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_state_whose_answer_was_lost_is_settled_and_stored_once() {
    let Some(server) = servers::postgres() else { return };
    let room = server.room();
    let (app, proxy) = behind_a_proxy(&room).await;
    for (round, fate) in FATES.into_iter().cycle().take(6).enumerate() {
        let till = format!("{round}");
        proxy.cut_at(COMMIT, fate);
        app.send(Open { till: till.clone() }).await.unwrap();
        proxy.cut_at(COMMIT, fate);
        app.send(Ring { till: till.clone() }).await.unwrap();
        assert_eq!(proxy.cuts(), 2 * (round + 1), "{fate:?}");
        assert_eq!(tills(&app).await.get(&till), Some(&2), "{fate:?}");
    }
    app.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_state_of_which_nobody_can_tell_is_unknown_and_repeating_it_has_one_effect() {
    let Some(server) = servers::postgres() else { return };
    // At once: each of them is asked after for seconds.
    let opened = join_all(FATES.map(|fate| opened_once(&server, fate)));
    let rung = join_all(FATES.map(|fate| rung_once(&server, fate)));
    tokio::join!(opened, rung);
}

async fn opened_once(server: &Server, fate: Fate) {
    let room = server.room();
    let (app, proxy) = behind_a_proxy(&room).await;
    let open = || app.send(Open { till: "a".into() });
    proxy.refuse_after_cut();
    proxy.cut_at(COMMIT, fate);
    let Err(SendError::Runtime(error)) = open().await else { panic!("{fate:?}") };
    assert_eq!((error.code(), error.kind()), ("db/commit_unknown", ErrorKind::UnknownOutcome), "{fate:?}");
    proxy.admit();
    match (fate, open().await) {
        (Fate::Lost | Fate::Sent, Ok(())) => {}
        (Fate::Sent | Fate::Answered, Err(SendError::Runtime(error))) => {
            assert!(error.code() == "aggregate/exists" || error.is_conflict(), "{error:?}");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(tills(&app).await.get("a"), Some(&1), "{fate:?}");
    app.close().await.unwrap();
}

/// What was decided on one state is committed, and committed again: as the store cannot tell.
async fn rung_once(server: &Server, fate: Fate) {
    let room = server.room();
    let (app, proxy) = behind_a_proxy(&room).await;
    app.send(Open { till: "a".into() }).await.unwrap();
    let ring = async || {
        let mut unit = app.mediator().units().begin(Metadata::default());
        let mut till = Root::<Till>::restore("a".into(), Till::default(), Version::new(1));
        till.raise(TillEvent::Rung { till: "a".into() });
        unit.save(&mut till).unwrap();
        unit.commit().await
    };
    proxy.refuse_after_cut();
    proxy.cut_at(COMMIT, fate);
    assert!(ring().await.unwrap_err().is_unknown_outcome(), "{fate:?}");
    proxy.admit();
    match (fate, ring().await) {
        (Fate::Lost | Fate::Sent, Ok(_)) => {}
        (Fate::Sent | Fate::Answered, Err(error)) => assert_eq!(error.code(), "store/conflict", "{fate:?}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(tills(&app).await.get("a"), Some(&2), "{fate:?}");
    app.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_follower_is_woken_by_a_commit_of_which_nobody_can_tell() {
    let Some(server) = servers::postgres() else { return };
    let room = server.room();
    let (proxy, url) = Proxy::before(&room.url()).await;
    open(&room.url(), room.name()).await;
    let options = PostgresStore::options(&url).unwrap().schema(room.name()).unwrap().notices(false);
    let store = AnyStore::new(options.connect().unwrap());
    let app = App::builder().any_store(store.clone()).aggregate::<Account>().build().await.unwrap();
    // It never looks by itself.
    let follower = Follower::new(store, Later).look_every(Duration::from_secs(3_600));
    app.send(bank::open("a")).await.unwrap();
    let work = async {
        taken(&app, &follower).await;
        proxy.refuse_after_cut();
        proxy.cut_at(b"\"cents\":7".as_slice(), Fate::Answered);
        let Err(SendError::Runtime(error)) = app.send(bank::deposit("a", 7)).await else { panic!("it is unknown") };
        assert!(error.is_unknown_outcome(), "{error:?}");
        proxy.admit();
        taken(&app, &follower).await;
    };
    follower.run(work).await;
    app.close().await.unwrap();
}
