//! One run of a command, part by part: checks, attempts, commands inside of it.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    time::Duration,
};

use bailiwick::{Actor, App, Command, Context, ReadModel, command, testing};
use serde::Serialize;

const COUNTS: ReadModel<u32> = ReadModel::new("counts");

#[derive(Debug, thiserror::Error)]
#[error("no")]
struct No;

#[derive(Default, Debug)]
struct Tally {
    validated: AtomicU32,
    authorized: AtomicU32,
    executed: AtomicU32,
    app: OnceLock<App>,
}

/// Loses its first two races, because another command changes what it has read.
#[derive(Command, Debug, Clone, Serialize)]
struct Raced {
    #[serde(skip)]
    tally: Arc<Tally>,
}

#[command(audit, retry = 5)]
impl Raced {
    #[validate]
    fn check(&self) -> Result<(), No> {
        self.tally.validated.fetch_add(1, Relaxed);
        Ok(())
    }

    #[authorize]
    async fn allowed(&self, _actor: &Actor) -> bool {
        tokio::task::yield_now().await;
        self.tally.authorized.fetch_add(1, Relaxed);
        true
    }

    #[execute]
    async fn execute(&self, cx: &mut Context) -> Result<u32, No> {
        let read = cx.get(COUNTS, "row").await.map_err(|_| No)?.unwrap_or_default();
        if self.tally.executed.fetch_add(1, Relaxed) < 2 {
            self.tally.app.get().unwrap().send(Bump).await.unwrap();
        }
        cx.put(COUNTS, "row", &(read + 10)).map_err(|_| No)?;
        Ok(read)
    }
}

#[derive(Command, Debug, Clone)]
struct Bump;

#[command]
impl Bump {
    #[execute]
    fn execute(&self, cx: &mut Context) -> Result<(), No> {
        cx.update(COUNTS, "row", |count| *count += 1);
        Ok(())
    }
}

#[tokio::test]
async fn a_lost_race_is_repeated_without_asking_the_checks_again() {
    let app = testing::app().command::<Raced>().command::<Bump>().build().await;
    let tally = Arc::new(Tally::default());
    tally.app.set(App::clone(&app)).unwrap();
    assert_eq!(app.send(Raced { tally: Arc::clone(&tally) }).await.unwrap(), 2);
    let counts = [&tally.validated, &tally.authorized, &tally.executed].map(|count| count.load(Relaxed));
    assert_eq!(counts, [1, 1, 3]);
    assert_eq!(app.read(COUNTS).get("row").await.unwrap(), Some(12));
    let outcomes: Vec<_> =
        app.audit().commands().list(10).await.unwrap().iter().map(|row| row.outcome.as_str()).collect();
    assert_eq!(outcomes, ["ok"]);
}

/// Nobody ever says whether it may.
#[derive(Command, Debug, Clone, Serialize)]
struct Undecided;

#[command(audit, timeout = "20ms")]
impl Undecided {
    #[authorize]
    async fn allowed(&self, _actor: &Actor) -> bool {
        std::future::pending().await
    }

    #[execute]
    fn execute(&self, cx: &mut Context) -> Result<(), No> {
        cx.update(COUNTS, "undecided", |count| *count += 1);
        Ok(())
    }
}

#[tokio::test]
async fn the_timeout_bounds_the_checks_and_leaves_an_audit_row() {
    let app = testing::app().command::<Undecided>().build().await;
    let answer = tokio::time::timeout(Duration::from_secs(10), app.send(Undecided)).await.unwrap();
    assert_eq!(answer.unwrap_err().runtime().unwrap().code(), "mediator/timeout");
    let rows = app.audit().commands().list(10).await.unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].outcome.as_str(), rows[0].error.as_deref()), ("failed", Some("mediator/timeout")));
    assert!(app.read(COUNTS).all().await.unwrap().is_empty());
}

/// Stages, waits, panics.
#[derive(Command, Debug, Clone, Serialize)]
struct Inner;

#[command(audit)]
impl Inner {
    #[execute]
    async fn execute(&self, cx: &mut Context) -> Result<(), No> {
        cx.update(COUNTS, "inner", |count| *count += 1);
        tokio::task::yield_now().await;
        panic!("after the wait")
    }
}

/// Goes on where the inner one failed.
#[derive(Command, Debug, Clone, Serialize)]
struct Outer;

#[command(audit)]
impl Outer {
    #[execute]
    async fn execute(&self, cx: &mut Context) -> Result<(String, String), No> {
        cx.update(COUNTS, "outer", |count| *count += 1);
        let error = cx.send(Inner).await.unwrap_err();
        let error = error.runtime().ok_or(No)?;
        Ok((error.code().into(), error.field("handler").unwrap_or_default().into()))
    }
}

#[tokio::test]
async fn a_panic_of_an_inner_command_after_a_wait_is_its_error_and_the_outer_one_goes_on() {
    let app = testing::app().command::<Inner>().command::<Outer>().build().await;
    assert_eq!(app.send(Outer).await.unwrap(), ("mediator/panic".into(), "Inner".into()));
    let counts = app.read(COUNTS);
    assert_eq!((counts.get("outer").await.unwrap(), counts.get("inner").await.unwrap()), (Some(1), None));
    let names: Vec<_> = app.audit().commands().list(10).await.unwrap().into_iter().map(|row| row.name).collect();
    assert_eq!(names, ["Outer"]);
}
