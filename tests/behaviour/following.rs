//! A follower from one batch to the next.

use std::time::Duration;

use bailiwick::{
    App, BoxError, Position, ReadModel, Recorded, Transaction, projection,
    store::{AnyStore, CheckpointMove, Commit, MemoryStore},
};
use tests::bank::{Account, AccountEvent, open};
use tokio::{
    sync::oneshot,
    time::{Instant, sleep},
};

const LONG: Duration = Duration::from_secs(60);
const COUNTED: ReadModel<u64> = ReadModel::new("counted");

/// Counts events.
struct Counter;

#[projection(name = "counter", version = 1)]
impl Counter {
    #[project]
    async fn any(&self, _event: &Recorded<AccountEvent>, tx: &mut Transaction) -> Result<(), BoxError> {
        tx.update(COUNTED, "all", |count| *count += 1);
        Ok(())
    }
}

/// An application with so many events.
async fn with_events(count: u64) -> App {
    let app = App::builder().any_store(AnyStore::new(MemoryStore::new())).aggregate::<Account>();
    let app = app.projection(Counter).build().await.unwrap();
    for number in 1..=count {
        app.send(open(&format!("a-{number}"))).await.unwrap();
    }
    app
}

/// Runs something beside the workers, then stops them.
async fn beside_workers(app: &App, work: impl Future<Output = ()>) {
    let (stop, stopped) = oneshot::channel::<()>();
    let workers = app.run_workers(async { stopped.await.unwrap_or(()) });
    let work = async {
        work.await;
        drop(stop);
    };
    tokio::join!(workers, work).0.unwrap();
}

async fn counted(app: &App) -> Option<u64> {
    app.read(COUNTED).get("all").await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_follower_that_is_behind_goes_from_batch_to_batch_without_a_pause() {
    let app = with_events(3_200).await; // six full batches, and one more
    beside_workers(&app, async {
        let begun = Instant::now();
        app.caught_up::<Counter>(Position::new(3_200), LONG).await.unwrap();
        assert_eq!(begun.elapsed(), Duration::ZERO);
    })
    .await;
    assert_eq!(counted(&app).await, Some(3_200));
}

/// Moves the checkpoint, as somebody who wants the events to be taken again.
async fn moved_back(app: &App, from: u64) {
    let moved =
        CheckpointMove { name: "projection/counter/1".into(), from: Some(Position::new(from)), to: Position::new(1) };
    app.store().commit(Commit { checkpoints: vec![moved], ..Commit::default() }).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_checkpoint_that_is_moved_back_is_noticed_by_who_knows_where_it_stood() {
    let app = with_events(3).await;
    beside_workers(&app, async {
        app.caught_up::<Counter>(Position::new(3), LONG).await.unwrap();
        moved_back(&app, 3).await;
        sleep(Duration::from_secs(2)).await;
        assert_eq!(counted(&app).await, Some(5), "nothing was new: it has looked by itself");
        app.send(open("b")).await.unwrap();
        app.caught_up::<Counter>(Position::new(4), LONG).await.unwrap();
        moved_back(&app, 4).await;
        app.send(open("c")).await.unwrap();
        sleep(Duration::from_secs(2)).await;
        assert_eq!(counted(&app).await, Some(10), "its commit was refused, and it began where the checkpoint stands");
    })
    .await;
}
