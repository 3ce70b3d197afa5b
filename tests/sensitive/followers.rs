//! Asynchronous projections: which keys they get, and what they do with what is forgotten meanwhile.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use bailiwick::{
    App, BoxError, Error, ErrorKind, ReadModel, Recorded, Timestamp, Transaction, projection,
    projection::Follower,
    sensitive::{KeyStore as _, Subject},
    store::StoreKeys,
    testing,
};

use super::{
    everywhere,
    keys::toy::ToyKeys,
    people::{Person, PersonEvent, app, master, register},
};

const PLAIN: ReadModel<Option<String>> = ReadModel::new("plain");
const PARKING: ReadModel<Option<String>> = ReadModel::new("parking");

type Registered<'a> = (&'a str, Option<&'a String>);

fn registered(event: &Recorded<PersonEvent>) -> Option<Registered<'_>> {
    match event.event() {
        PersonEvent::Registered { person, email, .. } => Some((person, email.expose().ok())),
        _ => None,
    }
}

/// What a person is stored as, once it was taken out: plain text. Its subject is forgotten after that, and before it is stored.
async fn forgotten_meanwhile(person: &str, once: &AtomicBool, tx: &Transaction) -> Result<(), Error> {
    if once.swap(false, Ordering::SeqCst) {
        StoreKeys::new(tx.store().clone()).forget(Subject::new(None, person)?, Timestamp::from_micros(1)).await?;
    }
    Ok(())
}

#[derive(Clone, Default)]
struct Plain {
    forgets: Arc<AtomicBool>,
}

#[projection(name = "plain", version = 1)]
impl Plain {
    #[project]
    async fn any(&self, event: &Recorded<PersonEvent>, tx: &mut Transaction) -> Result<(), BoxError> {
        let Some((person, email)) = registered(event) else { return Ok(()) };
        forgotten_meanwhile(person, &self.forgets, tx).await?;
        Ok(tx.put(PLAIN, person, &email.cloned())?)
    }
}

#[derive(Clone, Default)]
struct Parks {
    forgets: Arc<AtomicBool>,
    refuses: Arc<AtomicBool>,
}

#[projection(name = "parks", version = 1, park_after = 1)]
impl Parks {
    #[project]
    async fn any(&self, event: &Recorded<PersonEvent>, tx: &mut Transaction) -> Result<(), BoxError> {
        let Some((person, email)) = registered(event) else { return Ok(()) };
        if self.refuses.load(Ordering::SeqCst) {
            return Err("not now".into());
        }
        forgotten_meanwhile(person, &self.forgets, tx).await?;
        Ok(tx.put(PARKING, person, &email.cloned())?)
    }
}

async fn letters(app: &App) -> usize {
    app.dead_letters(0, 9).await.unwrap().len()
}

async fn parking(app: &App, person: &str) -> Option<Option<String>> {
    app.read(PARKING).get(person).await.unwrap()
}

async fn until<F: Future<Output = bool> + Send>(app: &App, done: impl Fn() -> F + Send + Sync) {
    let done = async {
        while !done().await {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    app.run_workers(done).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_projection_that_parks_reads_what_a_rebuild_reads() {
    let parks = Parks::default();
    let app = testing::app().aggregate::<Person>().projection(parks.clone()).build().await;
    app.send(register("p-1", "ada@example.org")).await.unwrap();
    app.settle().await;
    parks.refuses.store(true, Ordering::SeqCst);
    app.send(register("p-2", "bob@example.org")).await.unwrap();
    app.settle().await;
    assert_eq!(letters(&app).await, 1);
    parks.refuses.store(false, Ordering::SeqCst);
    app.requeue(app.dead_letters(0, 9).await.unwrap()[0].no).await.unwrap();
    until(&app, || async { letters(&app).await == 0 }).await;
    let rows = async || (parking(&app, "p-1").await, parking(&app, "p-2").await);
    let live = rows().await;
    assert_eq!(live, (Some(Some("ada@example.org".into())), Some(Some("bob@example.org".into()))));
    app.rebuild::<Parks>().unwrap().run().await.unwrap();
    assert_eq!(rows().await, live);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_follower_took_out_is_not_stored_once_it_was_forgotten() {
    everywhere(async |url| {
        let app = app(url).await;
        app.send(register("p-1", "ada@example.org")).await.unwrap();
        app.send(register("p-2", "bob@example.org")).await.unwrap();
        let plain = Plain::default();
        plain.forgets.store(true, Ordering::SeqCst);
        let follower = Follower::new(app.store().clone(), plain);
        assert_eq!(follower.step().await.unwrap_err().code(), "store/seen_changed");
        assert_eq!(app.read(PLAIN).get("p-1").await.unwrap(), None);
        follower.step().await.unwrap();
        assert_eq!(app.read(PLAIN).get("p-1").await.unwrap(), Some(None));
        assert_eq!(app.read(PLAIN).get("p-2").await.unwrap(), Some(Some("bob@example.org".into())));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_projection_that_parks_does_not_count_that_a_subject_was_forgotten_meanwhile() {
    let parks = Parks::default();
    let app = testing::app().aggregate::<Person>().projection(parks.clone()).build().await;
    parks.forgets.store(true, Ordering::SeqCst);
    app.send(register("p-1", "ada@example.org")).await.unwrap();
    until(&app, || async { parking(&app, "p-1").await.is_some() }).await;
    assert_eq!((parking(&app, "p-1").await, letters(&app).await), (Some(None), 0));
}

#[tokio::test]
async fn no_event_is_parked_because_keys_cannot_be_had() {
    let (away, parks) = (Arc::new(AtomicBool::new(false)), Parks::default());
    let is_away = Arc::clone(&away);
    let keys = ToyKeys::new(move |_| match is_away.load(Ordering::SeqCst) {
        true => Err(Error::new(ErrorKind::Config, "keys/away", "no")),
        false => Ok(()),
    });
    let builder = App::builder().memory().master_key(master()).key_store(keys);
    let app = builder.aggregate::<Person>().projection(parks).build().await.unwrap();
    app.send(register("p-1", "ada@example.org")).await.unwrap();
    away.store(true, Ordering::SeqCst);
    until(&app, || async { app.projections().await.unwrap()[0].standstill.is_some() }).await;
    assert_eq!((parking(&app, "p-1").await, letters(&app).await), (None, 0));
    away.store(false, Ordering::SeqCst);
    until(&app, || async { parking(&app, "p-1").await.is_some() }).await;
    assert_eq!(parking(&app, "p-1").await, Some(Some("ada@example.org".into())));
}
