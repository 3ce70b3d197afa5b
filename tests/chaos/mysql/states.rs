//! The wire cut at the moment at which a state is stored.

use std::time::Duration;

use bailiwick::{App, SendError, projection::Follower, sql::MysqlStore, store::AnyStore};
use tests::bank::{self, Account, Later};

use super::{World, wire::Cut};
use crate::keeper::{Open, Ring, keeper, taken, tills};

fn store(world: &World) -> AnyStore {
    AnyStore::new(MysqlStore::connect(&world.wire.url()).unwrap())
}

/// An application whose connections are open.
async fn open_keeper(world: &World) -> App {
    let app = keeper(store(world)).await;
    app.send(Open { till: "first".into() }).await.unwrap();
    app
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_state_whose_answer_is_lost_is_stored_once_wherever_the_wire_is_cut() {
    let Some(world) = World::new().await else { return };
    let app = open_keeper(&world).await;
    for cut in [Cut::Behind, Cut::Before, Cut::Frozen] {
        let till = format!("{cut:?}");
        world.wire.arm(cut);
        app.send(Open { till: till.clone() }).await.unwrap();
        assert!(world.wire.was_cut(), "{cut:?}");
        world.wire.arm(cut);
        app.send(Ring { till: till.clone() }).await.unwrap();
        assert!(world.wire.was_cut(), "{cut:?}");
        assert_eq!(tills(&app).await.get(&till), Some(&2), "{cut:?}");
    }
    app.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_state_of_which_nobody_can_tell_is_unknown_and_opened_once() {
    let Some(world) = World::new().await else { return };
    let app = open_keeper(&world).await;
    let open = || app.send(Open { till: "a".into() });
    world.wire.arm(Cut::ForGood);
    let Err(SendError::Runtime(error)) = open().await else { panic!("it is unknown") };
    assert_eq!(error.code(), "db/commit_unknown");
    world.wire.mend();
    let Err(SendError::Runtime(error)) = open().await else { panic!("it had happened") };
    assert_eq!(error.code(), "aggregate/exists");
    assert_eq!(tills(&app).await.get("a"), Some(&1));
    app.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_follower_is_woken_by_a_commit_of_which_nobody_can_tell() {
    let Some(world) = World::new().await else { return };
    let store = store(&world);
    let app = App::builder().any_store(store.clone()).aggregate::<Account>().build().await.unwrap();
    // It never looks by itself.
    let follower = Follower::new(store, Later).look_every(Duration::from_secs(3_600));
    app.send(bank::open("a")).await.unwrap();
    let work = async {
        taken(&app, &follower).await;
        world.wire.arm(Cut::ForGood);
        let Err(SendError::Runtime(error)) = app.send(bank::deposit("a", 7)).await else { panic!("it is unknown") };
        assert!(error.is_unknown_outcome(), "{error:?}");
        world.wire.mend();
        taken(&app, &follower).await;
    };
    follower.run(work).await;
    app.close().await.unwrap();
}
