//! A subscription with everything around it, and a handler that does as it is told.

use std::{
    collections::HashMap,
    future::Future,
    sync::{Arc, Mutex},
    time::Duration,
};

use bailiwick::{
    Clock, Envelope, Error, ErrorKind, Event, EventKind, ReadModel,
    bus::Bus,
    event::EventSpec,
    store::{AnyStore, Commit, DeadState, ModelChange, ModelKey, ModelWrite, OutboxMessage},
    subscription::{Receiver, Worker},
    unit_of_work::{UnitOfWork, Units},
};
use serde::{Deserialize, Serialize};

use super::{FaultyStore, Post, Wire, dead};

/// What the handler has written, by text of the message.
const EFFECTS: ReadModel<u64> = ReadModel::new("effects");

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Noted(String);

impl Event for Noted {
    const SPECS: &'static [EventSpec] =
        &[EventSpec::domain("note.noted", 1).kind(EventKind::Notification).publish("noted")];
    const IS_ENUM: bool = false;

    fn index(&self) -> usize {
        0
    }
}

/// What the handler does with one message.
#[derive(Clone, Copy)]
pub enum Does {
    Fails,
    FailsFinally,
    FailsOnce,
    Panics,
    Hangs,
    FindsNoDatabase(u32),
    Conflicts,
    StagesNonsense,
}

/// Writes an effect and publishes an event for each message, unless told otherwise; notes each successful call.
#[derive(Clone, Default)]
pub struct Notary {
    calls: Arc<Mutex<Vec<String>>>,
    does: Arc<Mutex<HashMap<String, Does>>>,
}

impl Notary {
    pub fn on(&self, text: &str, does: Does) {
        self.does.lock().unwrap().insert(text.into(), does);
    }

    pub fn heal(&self, text: &str) {
        self.does.lock().unwrap().remove(text);
    }

    pub fn calls(&self) -> Vec<String> {
        self.calls.lock().unwrap().clone()
    }

    async fn work(&self, text: &str, unit: &mut UnitOfWork) -> Result<(), Error> {
        self.calls.lock().unwrap().push(text.into());
        unit.transaction().update(EFFECTS, text, |count| *count += 1);
        unit.publish(Noted(text.into()));
        let does = self.does.lock().unwrap().get(text).copied();
        match does {
            None => Ok(()),
            Some(Does::Fails) => Err(Error::new(ErrorKind::Internal, "notary/broken", "no ink")),
            Some(Does::FailsFinally) => Err(Error::new(ErrorKind::Corrupt, "message/undecodable", "no letters")),
            Some(Does::FailsOnce) => {
                self.heal(text);
                Err(Error::new(ErrorKind::Internal, "notary/broken", "no ink"))
            }
            Some(Does::Panics) => panic!("no desk"),
            Some(Does::Hangs) => std::future::pending().await,
            Some(Does::FindsNoDatabase(0)) => Ok(()),
            Some(Does::FindsNoDatabase(times)) => {
                self.on(text, Does::FindsNoDatabase(times - 1));
                let busy = Error::new(ErrorKind::Transient, "store/busy", "later");
                Err(Error::new(ErrorKind::Internal, "notary/broken", "no ink").caused_by(busy))
            }
            Some(Does::Conflicts) => {
                self.heal(text);
                unit.transaction().get(EFFECTS, "shared").await?;
                unit.transaction().put(EFFECTS, "shared", &1)?;
                let rival = Commit {
                    models: vec![ModelWrite {
                        model: "effects",
                        key: "shared".into(),
                        change: ModelChange::Put(b"7".to_vec()),
                    }],
                    ..Default::default()
                };
                unit.units().store().commit(rival).await.map(drop)
            }
            Some(Does::StagesNonsense) => {
                unit.transaction().update(EFFECTS, "nonsense", |_| panic!("inside the commit"));
                Ok(())
            }
        }
    }
}

impl Receiver for Notary {
    fn name(&self) -> &str {
        "notary"
    }

    fn knows(&self, event: &str) -> bool {
        event == "note.added"
    }

    async fn receive(&self, envelope: &Envelope, mut unit: UnitOfWork) -> (UnitOfWork, Result<(), Error>) {
        let text = String::from_utf8(envelope.payload.to_vec()).unwrap();
        let answer = self.work(&text, &mut unit).await;
        (unit, answer)
    }
}

/// A subscription with everything around it.
pub struct Desk {
    pub faulty: FaultyStore,
    pub store: AnyStore,
    pub post: Post,
    pub notary: Notary,
}

impl Desk {
    pub fn new() -> Self {
        let faulty = FaultyStore::new();
        Self { store: faulty.any(), faulty, post: Post::default(), notary: Notary::default() }
    }

    pub async fn worker(&self) -> Worker {
        let units = Units::new(self.store.clone(), Bus::new(), Clock::system());
        Worker::new(units, self.post.inlet().await, self.notary.clone())
    }

    /// Delivers messages and works for a while.
    pub async fn receive(&self, messages: Vec<OutboxMessage>) {
        self.post.deliver(messages);
        self.work(Duration::from_secs(5)).await;
    }

    pub async fn work(&self, time: Duration) {
        beside(self.worker().await, tokio::time::sleep(time)).await;
    }

    pub async fn effect(&self, text: &str) -> Option<u64> {
        let key = ModelKey { tenant: None, model: "effects", key: text.into(), generation: None };
        let row = self.store.model(key).await.unwrap()?;
        Some(String::from_utf8(row.value).unwrap().parse().unwrap())
    }

    /// The texts whose events were published, in order.
    pub async fn published(&self) -> Vec<String> {
        Wire::waiting(&self.store).await.iter().map(|text| text.trim_matches('"').to_owned()).collect()
    }

    pub async fn dead(&self) -> Vec<(DeadState, String)> {
        dead(&self.store).await
    }
}

pub async fn beside(worker: Worker, work: impl Future<Output = ()>) {
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let work = async {
        work.await;
        drop(stop);
    };
    tokio::join!(worker.run(async { drop(stopped.await) }), work);
}

pub fn state(state: DeadState, text: &str) -> (DeadState, String) {
    (state, text.into())
}
