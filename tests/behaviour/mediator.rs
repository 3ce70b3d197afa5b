//! Behaviours, queries, streams, savepoints.

use std::{
    any::Any,
    fmt::Debug,
    sync::{Arc, Mutex},
};

use bailiwick::{
    Behaviour, BoxError, Command, Context, Event, Query, ReadModel, Recorded, SendError, command::Handled,
    mediator::Next, service, testing,
};
use futures_util::{Stream, StreamExt as _, stream};
use serde::{Deserialize, Serialize};

type Log = Arc<Mutex<Vec<String>>>;

struct Note(&'static str, Log);

impl Behaviour for Note {
    const NAME: &'static str = "note";

    async fn around<M: Handled, N: Next<M>>(
        &self,
        message: M,
        cx: &mut Context<'_>,
        next: N,
    ) -> Result<M::Output, SendError<M::Error>> {
        let say = |what: &str| self.1.lock().unwrap().push(format!("{} {what}", self.0));
        say(&format!("before {}", cx.message().name));
        let answer = next.run(message, cx).await;
        say(if answer.is_ok() { "ok" } else { "no" });
        answer
    }
}

#[derive(Command, Debug, Clone)]
struct Count(u32);
#[derive(Query, Debug, Clone)]
struct Ask;
#[derive(Query, Debug, Clone)]
struct Each(u32);

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("no: {0}")]
struct No(String);

impl From<bailiwick::Error> for No {
    fn from(error: bailiwick::Error) -> Self {
        Self(error.code().into())
    }
}

#[derive(Event, Debug, Clone, PartialEq, Serialize, Deserialize)]
#[event(name = "counter.counted")]
struct Counted {
    by: u32,
}

const COUNTS: ReadModel<u32> = ReadModel::new("counts");

#[derive(Default, Clone)]
struct Counter {
    heard: Arc<Mutex<Vec<u32>>>,
}

#[service]
impl Counter {
    #[handle]
    async fn count(&self, command: Count, cx: &mut Context) -> Result<u32, No> {
        cx.update(COUNTS, "all", move |sum| *sum += command.0);
        cx.publish(Counted { by: command.0 });
        let part: Result<(), No> = cx
            .savepoint(async |cx: &mut Context| {
                cx.update(COUNTS, "all", |sum| *sum += 1_000);
                cx.publish(Counted { by: 1_000 });
                Err(No("only this part".into()))
            })
            .await;
        assert_eq!(part, Err(No("only this part".into())));
        if command.0 == 13 { Err(No("thirteen".into())) } else { Ok(command.0) }
    }

    #[handle]
    async fn ask(&self, _query: Ask, cx: &Context) -> Result<u32, No> {
        Ok(cx.read(COUNTS).get("all").await?.unwrap_or(0))
    }

    #[handle(stream)]
    fn each(&self, query: Each, _cx: &Context) -> impl Stream<Item = Result<u32, No>> {
        assert_ne!(query.0, 99, "panic before the first item");
        stream::iter(0..query.0).map(move |n| match n {
            2 if query.0 == 98 => panic!("panic at an item"),
            3 => Err(No("three".into())),
            n => Ok(n),
        })
    }

    #[subscribe]
    async fn hear(&self, event: &Recorded<Counted>, cx: &mut Context) -> Result<(), BoxError> {
        self.heard.lock().unwrap().push(event.by);
        if event.by == 7 {
            cx.update(COUNTS, "sevens", |sum| *sum += 1);
        }
        if event.by == 8 {
            return Err("eight".into());
        }
        match event.by {
            9 => std::future::pending().await,
            10 => tokio::time::sleep(std::time::Duration::from_millis(200)).await,
            _ => {}
        }
        Ok(())
    }
}

#[tokio::test]
async fn behaviours_run_outermost_first_around_commands_and_queries() {
    let log = Log::default();
    let app = testing::app()
        .behaviour(Note("outer", log.clone()))
        .behaviour(Note("inner", log.clone()))
        .service(Counter::default())
        .build()
        .await;
    app.send(Count(1)).await.unwrap();
    let _ = app.send(Count(13)).await.unwrap_err();
    app.query(Ask).await.unwrap();
    let expected = "outer before Count, inner before Count, inner ok, outer ok, outer before Count, inner before Count, \
                    inner no, outer no, outer before Ask, inner before Ask, inner ok, outer ok";
    assert_eq!(log.lock().unwrap().join(", "), expected);
}

#[tokio::test]
async fn a_savepoint_that_fails_loses_its_writes_and_events_alone() {
    let counter = Counter::default();
    let app = testing::app().service(counter.clone()).build().await;
    assert_eq!(app.send(Count(5)).await.unwrap(), 5);
    assert_eq!(app.query(Ask).await.unwrap(), 5);
    assert_eq!(*counter.heard.lock().unwrap(), [5]);
}

#[tokio::test]
async fn a_rejected_command_publishes_nothing() {
    let counter = Counter::default();
    let app = testing::app().service(counter.clone()).build().await;
    assert!(app.send(Count(13)).await.is_err());
    assert!(counter.heard.lock().unwrap().is_empty());
    app.events().assert_nothing_published();
}

#[tokio::test]
async fn a_subscriber_has_a_unit_of_work_of_its_own_and_its_failure_does_not_change_the_commands_ok() {
    let app = testing::app().service(Counter::default()).build().await;
    app.send(Count(7)).await.unwrap();
    assert_eq!(app.read(COUNTS).get("sevens").await.unwrap(), Some(1));
    let run = app.run(Count(8)).await.unwrap();
    assert_eq!(run.dispatch_errors().len(), 1);
    assert!(run.dispatch_errors()[0].to_string().contains("counter.hear"), "{:?}", run.dispatch_errors());
}

#[tokio::test(start_paused = true)]
async fn a_subscriber_that_hangs_is_dropped_and_named() {
    let app = testing::app().service(Counter::default()).build().await;
    let run = tokio::time::timeout(std::time::Duration::from_secs(60), app.run(Count(9))).await.unwrap().unwrap();
    assert!(run.dispatch_errors()[0].to_string().contains("did not end in time"), "{:?}", run.dispatch_errors());
}

#[tokio::test]
async fn a_close_that_is_given_up_stops_nothing_that_follows_a_commit() {
    let app = testing::app().service(Counter::default()).build().await;
    let sender = app.app().clone();
    let sending = tokio::spawn(async move { sender.send(Count(10)).await.map_err(|error| error.to_string()) });
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    assert!(tokio::time::timeout(std::time::Duration::from_millis(20), app.close()).await.is_err());
    assert_eq!(sending.await.unwrap(), Ok(10));
}

#[tokio::test]
async fn a_stream_runs_on_demand_and_ends_with_its_error() {
    let app = testing::app().service(Counter::default()).build().await;
    let items: Vec<_> = app.stream(Each(10)).collect().await;
    assert_eq!(items.len(), 4);
    assert_eq!(items[..3].iter().map(|item| *item.as_ref().unwrap()).collect::<Vec<_>>(), [0, 1, 2]);
    assert_eq!(items[3].as_ref().unwrap_err().rejection(), Some(&No("three".into())));
    let two: Vec<_> = app.stream(Each(2)).collect().await;
    assert_eq!(two.len(), 2);
}

#[tokio::test]
async fn a_panic_in_a_stream_is_its_last_item() {
    let app = testing::app().service(Counter::default()).build().await;
    for (panics, items) in [(99, 1), (98, 3)] {
        let answers: Vec<_> = app.stream(Each(panics)).collect().await;
        assert_eq!(answers.len(), items);
        let error = answers.last().unwrap().as_ref().unwrap_err().runtime().unwrap();
        assert_eq!((error.code(), error.field("handler")), ("mediator/panic", Some("Each")), "{error:?}");
    }
}

fn assert_send<T: Send + Debug>(value: T) -> T {
    value
}

#[tokio::test]
async fn a_dispatch_can_be_spawned() {
    let app = testing::app().service(Counter::default()).build().await;
    let app = app.app().clone();
    let answer = tokio::spawn(async move { app.send(Count(2)).await.map_err(|error| error.to_string()) });
    assert_eq!(assert_send(answer.await.unwrap()), Ok(2));
}

#[derive(Command, Debug, Clone)]
struct Fussy(String);

#[bailiwick::command]
impl Fussy {
    #[validate]
    fn check(&self) -> Result<(), No> {
        assert_ne!(self.0, "panic in validate");
        Ok(())
    }

    #[authorize]
    fn allowed(&self, _actor: &bailiwick::Actor) -> bool {
        assert_ne!(self.0, "panic in authorize");
        true
    }

    #[execute]
    async fn execute(&self, cx: &mut Context) -> Result<(), No> {
        cx.update(COUNTS, "fussy", |sum| *sum += 1);
        if self.0 == "no" { Err(No("no".into())) } else { Ok(()) }
    }
}

#[tokio::test]
async fn a_panic_in_a_check_is_an_error_that_names_the_message() {
    let app = testing::app().command::<Fussy>().build().await;
    for check in ["panic in validate", "panic in authorize"] {
        let error = app.send(Fussy(check.into())).await.unwrap_err();
        let error = error.runtime().unwrap();
        assert_eq!((error.code(), error.field("handler")), ("mediator/panic", Some("Fussy")), "{error:?}");
    }
    app.send(Fussy("fine".into())).await.unwrap();
    assert_eq!(app.read(COUNTS).get("fussy").await.unwrap(), Some(1));
}

/// Runs a command again: once after its future was dropped, once after it failed.
struct Again;

impl Behaviour for Again {
    const NAME: &'static str = "again";

    async fn around<M: Handled, N: Next<M>>(
        &self,
        message: M,
        cx: &mut Context<'_>,
        next: N,
    ) -> Result<M::Output, SendError<M::Error>> {
        let limit = std::time::Duration::from_millis(20);
        let _dropped = tokio::time::timeout(limit, next.run(copy(&message), cx)).await;
        let _failed = next.run(copy(&message), cx).await;
        next.run(message, cx).await
    }
}

fn copy<M: Handled>(message: &M) -> M {
    let message = (message as &dyn Any).downcast_ref::<Unsteady>().unwrap().clone();
    *(Box::new(message) as Box<dyn Any>).downcast().unwrap()
}

#[derive(Command, Debug, Clone, Serialize)]
struct Unsteady(#[serde(skip)] Arc<Mutex<u32>>);

#[bailiwick::command(audit)]
impl Unsteady {
    #[execute]
    async fn execute(&self, cx: &mut Context) -> Result<(), No> {
        cx.update(COUNTS, "unsteady", |sum| *sum += 1);
        cx.publish(Counted { by: 1 });
        let attempt = {
            let mut attempts = self.0.lock().unwrap();
            *attempts += 1;
            *attempts
        };
        match attempt {
            1 => std::future::pending().await,
            2 => Err(No("not yet".into())),
            _ => Ok(()),
        }
    }
}

#[tokio::test]
async fn a_behaviour_that_runs_a_command_again_commits_the_last_run_alone() {
    let counter = Counter::default();
    let app = testing::app().behaviour(Again).service(counter.clone()).command::<Unsteady>().build().await;
    app.send(Unsteady(Arc::default())).await.unwrap();
    assert_eq!(app.read(COUNTS).get("unsteady").await.unwrap(), Some(1));
    assert_eq!(*counter.heard.lock().unwrap(), [1]);
    let outcomes: Vec<_> =
        app.audit().commands().list(10).await.unwrap().iter().map(|row| row.outcome.as_str()).collect();
    assert_eq!(outcomes, ["ok", "rejected"]);
}
