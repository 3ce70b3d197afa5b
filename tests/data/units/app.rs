//! Entities in the commands and queries of an application.

use std::{
    sync::{Arc, Mutex, OnceLock},
    time::Duration,
};

use bailiwick::{
    App, Command, Context, Error, ErrorKind, Event, Query, Recorded, SendError, TenantId,
    actor::ActorId,
    command,
    mediator::Request,
    repository::{Db, Scope, Scoped},
    service,
    specification::Spec,
    testing,
    unit_of_work::Retry,
};
use serde::{Deserialize, Serialize};

use super::{Placed, written};
use crate::rows::shop::{Order, new, tables};

#[derive(Event, Debug, Clone, PartialEq, Serialize, Deserialize)]
#[event(name = "order.noted")]
struct Noted {
    number: u32,
}

#[derive(Command, Debug, Clone)]
struct Place {
    number: u32,
    fails: bool,
}

#[derive(Command, Debug, Clone)]
struct PlaceBoth(u32);

/// Fails after it has written, at once or as one that lost a race.
#[derive(Command, Debug, Clone, Serialize, Deserialize)]
struct Tried {
    races: bool,
}

#[command(audit, retry = 3)]
impl Tried {
    #[execute]
    async fn execute(&self, cx: &mut Context<'_>) -> Result<(), Error> {
        cx.repository::<Order>().insert(new(7)).await?;
        let kind = if self.races { ErrorKind::Conflict } else { ErrorKind::Invalid };
        Err(Error::new(kind, "test/no", "no"))
    }
}

#[derive(Query, Debug, Clone)]
struct HowMany;

#[derive(Default, Clone)]
struct Counter {
    heard: Arc<Mutex<Vec<u32>>>,
}

#[service]
impl Counter {
    #[handle]
    async fn place(&self, command: Place, cx: &mut Context) -> Result<(), Error> {
        let order = cx.repository::<Order>().insert(new(command.number)).await?;
        assert_eq!(order.created_by, Some(ActorId::new("ada")));
        cx.publish(Placed { number: command.number });
        cx.publish(Noted { number: command.number });
        if command.fails { cx.repository::<Order>().insert(new(command.number)).await.map(drop) } else { Ok(()) }
    }

    /// The second may fail alone.
    #[handle]
    async fn place_both(&self, command: PlaceBoth, cx: &mut Context) -> Result<(), Error> {
        cx.repository::<Order>().insert(new(command.0)).await?;
        let second: Result<(), Error> = cx
            .savepoint(async |cx: &mut Context| {
                cx.publish(Noted { number: 0 });
                cx.repository::<Order>().insert(new(1)).await.map(drop)
            })
            .await;
        assert!(second.is_err_and(|error| error.is_conflict()));
        assert!(error_of(cx.send(Place { number: 1, fails: false }).await).is_conflict());
        cx.repository::<Order>().insert(new(command.0 + 1)).await.map(drop)
    }

    #[handle]
    async fn how_many(&self, _query: HowMany, cx: &Context) -> Result<usize, Error> {
        let refused = cx.rows::<Order>()?.insert(new(99)).await.unwrap_err();
        assert_eq!(refused.code(), "unit/read_only");
        cx.rows::<Order>()?.find(Spec::all()).list().await.map(|orders| orders.len())
    }

    #[subscribe]
    async fn noted(&self, event: &Recorded<Noted>, _cx: &mut Context) -> Result<(), Error> {
        self.heard.lock().unwrap().push(event.number);
        Ok(())
    }
}

#[derive(Command, Debug, Clone)]
struct PlaceBeside(u32);

/// Goes past its unit of work.
#[derive(Default, Clone)]
struct Astray(Arc<OnceLock<Scoped>>);

#[service]
impl Astray {
    #[handle]
    async fn place_beside(&self, command: PlaceBeside, cx: &mut Context) -> Result<(), Error> {
        let beside = self.0.get().expect("it was told");
        beside.repository::<Order>().insert(new(command.0)).await?;
        cx.repository::<Order>().insert(new(command.0 + 1)).await?;
        beside.repository::<Order>().insert(new(command.0 + 2)).await.map(drop)
    }
}

fn error_of(answer: Result<(), SendError<Error>>) -> Error {
    match answer.unwrap_err() {
        SendError::Rejected(error) | SendError::Runtime(error) => error,
    }
}

fn request() -> Request {
    Request::new().tenant(TenantId::new("acme").unwrap()).actor(bailiwick::Actor::new("ada"))
}

fn shop(app: &App) -> Scoped {
    app.db().unwrap().scoped(Scope::tenant("acme").unwrap())
}

async fn commands_and_entities(app: &App, counter: &Counter) {
    let db = app.db().unwrap();
    db.migrate(tables()).await.unwrap();
    let shop = shop(app);
    let send = async |number, fails| app.dispatch(request()).send(Place { number, fails }).await;
    send(1, false).await.unwrap();
    assert_eq!(written(&db, &shop).await, (1, 1));
    assert!(error_of(send(2, true).await).is_conflict());
    assert_eq!((written(&db, &shop).await, counter.heard.lock().unwrap().clone()), ((1, 1), vec![1]));
    assert_eq!(app.dispatch(request()).query(HowMany).await.unwrap(), 1);
    let error = error_of(app.send(Place { number: 3, fails: false }).await);
    assert_eq!(error.code(), "repository/tenant_required");
    app.dispatch(request()).send(PlaceBoth(10)).await.unwrap();
    assert_eq!((written(&db, &shop).await, counter.heard.lock().unwrap().clone()), ((3, 1), vec![1]));
    let placed: Result<(), Error> = shop
        .in_tx(Retry::default(), async |unit| {
            unit.publish(Noted { number: 20 });
            unit.repository::<Order>().insert(new(20)).await.map(drop)
        })
        .await;
    placed.unwrap();
    assert_eq!(*counter.heard.lock().unwrap(), [1, 20], "the events of a unit go the way of the application's");
}

#[tokio::test]
async fn what_a_command_writes_of_entities_is_committed_with_its_events() {
    let counter = Counter::default();
    let app = testing::app().service(counter.clone()).build().await;
    commands_and_entities(app.app(), &counter).await;
    let folder = tempfile::tempdir().unwrap();
    let counter = Counter::default();
    let path = folder.path().join("shop.db");
    let app = App::builder().sqlite(path).service(counter.clone()).build().await.unwrap();
    commands_and_entities(&app, &counter).await;
    app.close().await.unwrap();
}

#[tokio::test]
async fn a_command_that_failed_holds_the_database_neither_against_its_audit_row_nor_against_its_next_attempt() {
    let folder = tempfile::tempdir().unwrap();
    let app = App::builder().sqlite(folder.path().join("shop.db")).command::<Tried>().build().await.unwrap();
    app.db().unwrap().migrate(tables()).await.unwrap();
    for races in [false, true] {
        let sent = async { app.dispatch(request()).send(Tried { races }).await };
        let answer = tokio::time::timeout(Duration::from_secs(30), sent).await.expect("it waits for itself");
        assert_eq!(error_of(answer).code(), "test/no");
    }
    assert_eq!(app.audit().commands().list(9).await.unwrap().len(), 2, "an audit row for each run");
    assert_eq!(written(&app.db().unwrap(), &shop(&app)).await, (0, 0));
    app.close().await.unwrap();
}

#[tokio::test]
async fn a_domain_event_that_nobody_can_hear_is_refused_and_nothing_is_written() {
    let db = Db::memory();
    let shop = db.scoped(Scope::tenant("acme").unwrap());
    let answer: Result<(), Error> = shop
        .in_tx(Retry::default(), async |unit| {
            unit.publish(Noted { number: 1 });
            unit.repository::<Order>().insert(new(1)).await.map(drop)
        })
        .await;
    assert_eq!(answer.unwrap_err().code(), "db/config");
    assert_eq!(written(&db, &shop).await, (0, 0));
}

#[tokio::test]
async fn hooks_and_subscribers_are_called_though_the_caller_went_away() {
    let folder = tempfile::tempdir().unwrap();
    let counter = Counter::default();
    let app = App::builder().sqlite(folder.path().join("shop.db")).service(counter.clone()).build().await.unwrap();
    app.db().unwrap().migrate(tables()).await.unwrap();
    let mut unit = shop(&app).begin(bailiwick::unit_of_work::Begin::write()).await.unwrap();
    unit.repository::<Order>().insert(new(1)).await.unwrap();
    unit.publish(Noted { number: 1 });
    let heard = Arc::clone(&counter.heard);
    unit.after_commit(move || heard.lock().unwrap().push(100));
    {
        let mut commit = Box::pin(unit.commit());
        assert!(futures_util::poll!(&mut commit).is_pending());
    }
    app.close().await.unwrap();
    assert_eq!(*counter.heard.lock().unwrap(), [1, 100]);
}

#[tokio::test]
async fn a_handler_that_writes_past_its_unit_is_refused_at_once_where_it_would_wait_for_itself() {
    let (folder, astray) = (tempfile::tempdir().unwrap(), Astray::default());
    let app = App::builder().sqlite(folder.path().join("shop.db")).service(astray.clone()).build().await.unwrap();
    let db = app.db().unwrap();
    db.migrate(tables()).await.unwrap();
    astray.0.set(shop(&app)).unwrap();
    for (sent, number) in [10, 20].into_iter().enumerate() {
        let error = error_of(app.dispatch(request()).send(PlaceBeside(number)).await);
        assert_eq!(error.code(), "unit/nested");
        assert_eq!(
            written(&db, &shop(&app)).await.0,
            sent + 1,
            "what was written before the unit began is no part of it"
        );
    }
    shop(&app).repository::<Order>().insert(new(1)).await.expect("what failed holds nothing");
    app.close().await.unwrap();
}
