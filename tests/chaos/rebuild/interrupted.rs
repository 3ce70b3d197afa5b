//! Rebuilds dropped at any await, beside an appender, a follower and readers.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use bailiwick::{
    App, Projection, ReadModel,
    projection::{Rebuild, Rebuilt},
    store::{Commit, GenerationChange, ModelChange, ModelWrite},
};
use tests::{bank::deposit, drop_at::after_polls};
use tokio::sync::Notify;

use super::{
    Home, app,
    tally::{FORMER, INLINE, InlineTally, Line, TALLY, Tally, fill, judge, rows},
};

/// A rebuild that another can soon go on with.
fn rebuild<P: Projection>(app: &App) -> Rebuild {
    app.rebuild::<P>().unwrap().batches_of(9).lease(Duration::from_millis(60))
}

/// A row of a model that the projection once had.
async fn leave_former(app: &App, owner: &str) {
    let change = ModelChange::Put(b"1".to_vec());
    let models = vec![ModelWrite { model: FORMER.name(), key: "a".into(), change }];
    let generations = vec![GenerationChange::Own { model: FORMER.name(), owner: owner.into() }];
    app.store().commit(Commit { models, generations, ..Commit::default() }).await.unwrap();
}

/// Reads until the end: what was counted is never less than before.
async fn read(app: &App, model: ReadModel<Line>, end: &AtomicBool) -> u64 {
    let (mut least, mut reads) = (rows(app, model).await["all"].events, 0);
    while !end.load(Ordering::SeqCst) {
        let events = rows(app, model).await["all"].events;
        assert!(events >= least, "{} of {least} events", events);
        (least, reads) = (events, reads + 1);
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    reads
}

async fn append(app: &App, end: &AtomicBool) {
    let mut number = 0;
    while !end.load(Ordering::SeqCst) {
        number += 1;
        app.send(deposit(&(number % 3).to_string(), number)).await.unwrap();
        tokio::time::sleep(Duration::from_millis(4)).await;
    }
}

/// Drops a rebuild when it has come somewhere.
async fn begin<P: Projection>(app: &App) {
    let begun = Arc::new(Notify::new());
    let tell = Arc::clone(&begun);
    tokio::select! {
        biased;
        () = begun.notified() => {}
        done = rebuild::<P>(app).on_progress(move |_| tell.notify_one()).run() => panic!("{done:?} at once"),
    }
    tokio::time::sleep(Duration::from_millis(70)).await;
}

/// Drops rebuilds at one await after the other, then lets one go to its end.
async fn interrupt<P: Projection>(app: &App) -> Rebuilt {
    let mut resumed = 0;
    begin::<P>(app).await;
    for polls in [1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 89, 55] {
        if let Some(done) = after_polls(polls, rebuild::<P>(app).run()).await {
            resumed += u64::from(done.unwrap().resumed.get() > 0);
        }
        tokio::time::sleep(Duration::from_millis(70)).await; // so that the next one need not wait for the lease
    }
    let mut done = rebuild::<P>(app).run().await.unwrap();
    // Of those that were dropped some had come to their end, and the next one begins.
    for _ in 0..20 {
        if resumed + done.resumed.get() > 0 {
            return done;
        }
        begin::<P>(app).await;
        done = rebuild::<P>(app).run().await.unwrap();
    }
    panic!("no rebuild went on where another was dropped");
}

async fn play(home: Home) {
    let app = app(home.place.store()).await;
    fill(&app, 3, 60).await;
    app.run_workers(async { app.drained().await.unwrap() }).await.unwrap();
    leave_former(&app, "tally/1").await;
    let end = AtomicBool::new(false);
    let rebuilds = async {
        interrupt::<Tally>(&app).await;
        let done = interrupt::<InlineTally>(&app).await;
        end.store(true, Ordering::SeqCst);
        done
    };
    let workers = app.run_workers(async {
        let beside = async { tokio::join!(read(&app, TALLY, &end), read(&app, INLINE, &end), append(&app, &end)) };
        let (done, (tallies, inlines, ())) = tokio::join!(rebuilds, beside);
        assert!(tallies > 3 && inlines > 3, "{tallies} and {inlines} reads");
        assert!(done.position.get() >= 183, "{done:?}");
        app.drained().await.unwrap();
    });
    workers.await.unwrap();
    judge(&app).await;
    app.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rebuilt_is_live_is_folded_in_memory() {
    play(Home::memory()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rebuilt_is_live_is_folded_on_sqlite() {
    play(Home::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rebuilt_is_live_is_folded_on_postgres() {
    let Some(home) = Home::postgres() else { return };
    play(home).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rebuilt_is_live_is_folded_on_mysql() {
    let Some(home) = Home::mysql() else { return };
    play(home).await;
}

/// One that begins anew is dropped at each of its awaits; the next one goes on with nothing that was half deleted.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rebuild_goes_on_with_no_shadow_that_was_given_up() {
    let home = Home::sqlite();
    let app = app(home.place.store()).await;
    fill(&app, 2, 30).await;
    app.run_workers(async { app.drained().await.unwrap() }).await.unwrap();
    for polls in 1..=30 {
        assert!(after_polls(24, rebuild::<InlineTally>(&app).run()).await.is_none());
        tokio::time::sleep(Duration::from_millis(70)).await;
        after_polls(polls, rebuild::<InlineTally>(&app).anew().run()).await;
        tokio::time::sleep(Duration::from_millis(70)).await;
        rebuild::<InlineTally>(&app).run().await.unwrap();
        judge(&app).await;
    }
}
