//! Rebuilds during which somebody is forgotten whose values they have opened.

use std::{
    future::pending,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bailiwick::{
    App, BoxError, Error, ErrorKind, Event, ReadModel, Recorded, Transaction,
    app::{AppBuilder, Sealed},
    projection,
    projection::Rebuild,
    sensitive::MemoryKeys,
};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use super::{
    everywhere,
    keys::toy::{Call, ToyKeys},
    people::{Close, Person, PersonEvent, master, register},
};

const PLAIN: ReadModel<Option<String>> = ReadModel::new("plain_text");
const CLOSED: ReadModel<u32> = ReadModel::new("closed");

/// What happens once, when a rebuild has taken p-2 out, and p-1 before.
#[derive(Default)]
enum Then {
    #[default]
    Nothing,
    /// P-1 is forgotten.
    Forget(App),
    /// Somebody is forgotten, in each pass.
    Always(App),
    /// It is interrupted there.
    Rest(Arc<Notify>),
}

async fn then(then: &Mutex<Then>, tx: &Transaction) -> Result<(), BoxError> {
    if !tx.is_rebuilding() {
        return Ok(());
    }
    let now = std::mem::take(&mut *then.lock().unwrap());
    match now {
        Then::Nothing => Ok(()),
        Then::Forget(app) => Ok(app.forget("p-1").await?),
        Then::Always(app) => {
            app.forget("p-3").await?;
            *then.lock().unwrap() = Then::Always(app);
            Ok(())
        }
        Then::Rest(reached) => {
            reached.notify_one();
            pending().await
        }
    }
}

/// The addresses, taken out.
#[derive(Clone, Default)]
struct Plain {
    then: Arc<Mutex<Then>>,
}

#[projection(name = "plain_text", version = 1, inline)]
impl Plain {
    #[project]
    async fn any(&self, event: &Recorded<PersonEvent>, tx: &mut Transaction) -> Result<(), BoxError> {
        let PersonEvent::Registered { person, email, .. } = event.event() else { return Ok(()) };
        if person == "p-2" {
            then(&self.then, tx).await?;
        }
        Ok(tx.put(PLAIN, person, &email.expose().ok().cloned())?)
    }
}

/// An event without anything sensitive, by a type of its own.
#[derive(Event, Debug, Clone, Serialize, Deserialize)]
#[event(name = "person.closed")]
struct Gone {
    person: String,
}

/// How many were closed.
#[derive(Clone, Default)]
struct Closed {
    then: Arc<Mutex<Then>>,
    calls: Arc<AtomicU64>,
}

#[projection(name = "closed", version = 1, inline)]
impl Closed {
    #[project]
    async fn closed(&self, event: &Recorded<Gone>, tx: &mut Transaction) -> Result<(), BoxError> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        then(&self.then, tx).await?;
        tx.update(CLOSED, &event.person, |closed| *closed += 1);
        Ok(())
    }
}

fn wired(url: &str, plain: &Plain) -> AppBuilder<(), Sealed> {
    let builder = App::builder().database(url).master_key(master());
    builder.aggregate::<Person>().projection(plain.clone())
}

async fn with_people(app: App) -> App {
    for person in ["p-1", "p-2"] {
        app.send(register(person, "ada@example.org")).await.unwrap();
    }
    app
}

/// One event at a time.
fn rebuild(app: &App) -> Rebuild {
    app.rebuild::<Plain>().unwrap().batches_of(1).lease(Duration::from_millis(300))
}

async fn plain(app: &App) -> [Option<Option<String>>; 2] {
    [app.read(PLAIN).get("p-1").await.unwrap(), app.read(PLAIN).get("p-2").await.unwrap()]
}

fn left() -> [Option<Option<String>>; 2] {
    [Some(None), Some(Some("ada@example.org".into()))]
}

async fn in_memory_and_everywhere(test: impl AsyncFn(&str)) {
    test("memory:").await;
    everywhere(test).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_rebuild_took_out_does_not_go_live_once_it_was_forgotten() {
    in_memory_and_everywhere(async |url| {
        let projection = Plain::default();
        let app = with_people(wired(url, &projection).build().await.unwrap()).await;
        for _ in 0..2 {
            *projection.then.lock().unwrap() = Then::Forget(app.clone());
            let rebuilt = rebuild(&app).run().await.unwrap();
            assert_eq!(plain(&app).await, left());
            assert_eq!((rebuilt.events, rebuilt.resumed.get()), (2, 0), "of the last pass");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rebuild_that_is_gone_on_with_knows_what_it_took_out_before() {
    in_memory_and_everywhere(async |url| {
        let (projection, reached) = (Plain::default(), Arc::new(Notify::new()));
        let app = with_people(wired(url, &projection).build().await.unwrap()).await;
        *projection.then.lock().unwrap() = Then::Rest(Arc::clone(&reached));
        tokio::select! {
            _ = rebuild(&app).run() => panic!("it is interrupted"),
            () = reached.notified() => {}
        }
        assert_eq!(app.projections().await.unwrap()[0].rebuilt.map(|at| at.get()), Some(1), "p-1 lies in the shadow");
        app.forget("p-1").await.unwrap();
        let rebuilt = rebuild(&app).run().await.unwrap();
        assert_eq!((plain(&app).await, rebuilt.resumed.get()), (left(), 0), "it began again");
    })
    .await;
}

#[tokio::test]
async fn a_rebuild_whose_keys_lie_elsewhere_is_told_too() {
    let projection = Plain::default();
    let builder = wired("memory:", &projection).key_store(MemoryKeys::new());
    let app = with_people(builder.build().await.unwrap()).await;
    *projection.then.lock().unwrap() = Then::Forget(app.clone());
    rebuild(&app).run().await.unwrap();
    assert_eq!(plain(&app).await, left());
}

#[tokio::test]
async fn a_forget_whose_answer_was_lost_is_told_to_a_rebuild_all_the_same() {
    let lost = || Error::new(ErrorKind::Transient, "keys/lost", "the answer was lost");
    let keys = ToyKeys::new(move |call| if call == Call::Other { Err(lost()) } else { Ok(()) });
    let (projection, reached) = (Plain::default(), Arc::new(Notify::new()));
    let app = with_people(wired("memory:", &projection).key_store(keys).build().await.unwrap()).await;
    *projection.then.lock().unwrap() = Then::Rest(Arc::clone(&reached));
    tokio::select! {
        _ = rebuild(&app).run() => panic!("it is interrupted"),
        () = reached.notified() => {}
    }
    assert_eq!(app.forget("p-1").await.unwrap_err().code(), "keys/lost");
    rebuild(&app).run().await.unwrap();
    assert_eq!(plain(&app).await, left());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rebuild_in_each_of_whose_passes_somebody_is_forgotten_gives_up_and_leaves_nothing() {
    in_memory_and_everywhere(async |url| {
        let projection = Plain::default();
        let app = with_people(wired(url, &projection).build().await.unwrap()).await;
        *projection.then.lock().unwrap() = Then::Always(app.clone());
        assert_eq!(rebuild(&app).run().await.unwrap_err().code(), "projection/forgotten");
        assert_eq!(app.projections().await.unwrap()[0].rebuilt, None, "nobody goes on with what was taken out");
    })
    .await;
}

#[tokio::test]
async fn a_rebuild_that_opens_nothing_is_not_disturbed() {
    let projection = Closed::default();
    let builder = App::builder().memory().master_key(master());
    let app = with_people(builder.aggregate::<Person>().projection(projection.clone()).build().await.unwrap()).await;
    app.send(Close { person: "p-1".into() }).await.unwrap();
    *projection.then.lock().unwrap() = Then::Forget(app.clone());
    app.rebuild::<Closed>().unwrap().run().await.unwrap();
    assert_eq!(projection.calls.load(Ordering::SeqCst), 2, "when it was closed, and in one pass");
    assert!(app.load::<Person>("p-1").await.unwrap().email.is_forgotten());
}
