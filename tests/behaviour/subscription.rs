//! Subscriptions: the effect of a message happens once, in the order of its key.

use std::{
    collections::HashMap,
    future::Future,
    sync::{Arc, Mutex},
    time::Duration,
};

use bailiwick::{
    AnyStore, Bus, Clock, Envelope, Error, ErrorKind, Event, EventKind, EventSpec, ReadModel,
    store::DeadState::{Behind, Failed},
    store::{ModelKey, OutboxMessage},
    subscription::{Receiver, Worker},
    unit_of_work::{UnitOfWork, Units},
};
use serde::{Deserialize, Serialize};

use crate::delivery::{Fault, FaultyStore, Post, Wire, dead, discard, letters, note, notes, of_tenant, requeue};

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
enum Does {
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
struct Notary {
    calls: Arc<Mutex<Vec<String>>>,
    does: Arc<Mutex<HashMap<String, Does>>>,
}

impl Notary {
    fn on(&self, text: &str, does: Does) {
        self.does.lock().unwrap().insert(text.into(), does);
    }

    fn heal(&self, text: &str) {
        self.does.lock().unwrap().remove(text);
    }

    fn calls(&self) -> Vec<String> {
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
                let rival = bailiwick::store::Commit {
                    models: vec![bailiwick::store::ModelWrite {
                        model: "effects",
                        key: "shared".into(),
                        change: bailiwick::store::ModelChange::Put(b"7".to_vec()),
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
struct Desk {
    faulty: FaultyStore,
    store: AnyStore,
    post: Post,
    notary: Notary,
}

impl Desk {
    fn new() -> Self {
        let faulty = FaultyStore::new();
        Self { store: faulty.any(), faulty, post: Post::default(), notary: Notary::default() }
    }

    async fn worker(&self) -> Worker {
        let units = Units::new(self.store.clone(), Bus::new(), Clock::system());
        Worker::new(units, self.post.inlet().await, self.notary.clone())
    }

    /// Delivers messages and works for a while.
    async fn receive(&self, messages: Vec<OutboxMessage>) {
        self.post.deliver(messages);
        self.work(Duration::from_secs(5)).await;
    }

    async fn work(&self, time: Duration) {
        beside(self.worker().await, tokio::time::sleep(time)).await;
    }

    async fn effect(&self, text: &str) -> Option<u64> {
        let key = ModelKey { tenant: None, model: "effects", key: text.into() };
        let row = self.store.model(key).await.unwrap()?;
        Some(String::from_utf8(row.value).unwrap().parse().unwrap())
    }

    /// The texts whose events were published, in order.
    async fn published(&self) -> Vec<String> {
        Wire::waiting(&self.store).await.iter().map(|text| text.trim_matches('"').to_owned()).collect()
    }

    async fn dead(&self) -> Vec<(bailiwick::store::DeadState, String)> {
        dead(&self.store).await
    }
}

async fn beside(worker: Worker, work: impl Future<Output = ()>) {
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let work = async {
        work.await;
        drop(stop);
    };
    tokio::join!(worker.run(async { drop(stopped.await) }), work);
}

fn state(state: bailiwick::store::DeadState, text: &str) -> (bailiwick::store::DeadState, String) {
    (state, text.into())
}

#[tokio::test(start_paused = true)]
async fn a_batch_is_handled_in_order_in_one_transaction_and_settled() {
    let desk = Desk::new();
    desk.receive(notes("a1 b1 a2")).await;
    assert_eq!(desk.notary.calls(), ["a1", "b1", "a2"]);
    assert_eq!(desk.published().await, ["a1", "b1", "a2"]);
    assert_eq!(desk.post.settled(), ["a1", "b1", "a2"]);
    assert_eq!(desk.faulty.commits(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_message_has_its_effect_once_however_often_it_comes() {
    let desk = Desk::new();
    let messages = notes("a1 b1");
    let twice = [messages.clone(), messages.clone()].concat();
    desk.receive(twice).await;
    desk.receive(messages).await;
    assert_eq!((desk.effect("a1").await, desk.effect("b1").await), (Some(1), Some(1)));
    assert_eq!(desk.notary.calls(), ["a1", "b1"]);
    assert_eq!(desk.post.redeliver(), 0, "duplicates are settled");
}

#[tokio::test(start_paused = true)]
async fn an_event_that_the_subscription_does_not_know_is_settled_and_left_alone() {
    let desk = Desk::new();
    let mut foreign = note(Some("a"), "a1");
    foreign.envelope.name = "note.burnt".into();
    desk.receive(vec![foreign, note(Some("a"), "a2")]).await;
    assert_eq!(desk.notary.calls(), ["a2"]);
    assert_eq!(desk.post.settled(), ["a1", "a2"]);
    assert!(desk.dead().await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn poison_blocks_its_key_and_nothing_else() {
    let desk = Desk::new();
    desk.notary.on("a1", Does::Fails);
    desk.receive(notes("a1 b1 a2 b2")).await;
    desk.receive(notes("a3 b3")).await;
    assert_eq!(desk.published().await, ["b1", "b2", "b3"]);
    assert_eq!(desk.dead().await, [state(Failed, "a1"), state(Behind, "a2"), state(Behind, "a3")]);
    let letter = &letters(&desk.store).await[0];
    assert_eq!((letter.attempts, &*letter.code), (3, "notary/broken"));
    assert_eq!(desk.effect("a1").await, None, "what it staged is rolled back");
    assert_eq!(desk.post.settled().len(), 6);
}

#[tokio::test(start_paused = true)]
async fn other_keys_go_on_while_a_message_waits_for_its_next_attempt() {
    let desk = Desk::new();
    desk.notary.on("a1", Does::Fails);
    desk.post.deliver(notes("a1 a2 b1"));
    desk.work(Duration::from_millis(50)).await;
    assert_eq!(desk.published().await, ["b1"]);
    assert_eq!(desk.post.settled(), ["b1"]);
}

#[tokio::test(start_paused = true)]
async fn a_message_that_succeeds_at_its_second_attempt_keeps_its_place() {
    let desk = Desk::new();
    desk.notary.on("a1", Does::FailsOnce);
    desk.receive(notes("a1 a2 a3")).await;
    assert_eq!(desk.published().await, ["a1", "a2", "a3"]);
    assert!(desk.dead().await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_message_that_cannot_be_read_is_parked_at_once() {
    let desk = Desk::new();
    desk.notary.on("a1", Does::FailsFinally);
    desk.receive(notes("a1 a2 b1")).await;
    assert_eq!(desk.notary.calls(), ["a1", "b1"]);
    assert_eq!(desk.dead().await, [state(Failed, "a1"), state(Behind, "a2")]);
}

#[tokio::test(start_paused = true)]
async fn a_panic_or_a_handler_that_hangs_is_a_failed_attempt() {
    for does in [Does::Panics, Does::Hangs] {
        let desk = Desk::new();
        desk.notary.on("a1", does);
        desk.post.deliver(notes("a1 b1 a2"));
        let worker = desk.worker().await.within(Duration::from_secs(1));
        beside(worker, tokio::time::sleep(Duration::from_secs(20))).await;
        assert_eq!(desk.published().await, ["b1"]);
        assert_eq!(desk.dead().await, [state(Failed, "a1"), state(Behind, "a2")]);
        let letter = &letters(&desk.store).await[0];
        assert_eq!(letter.attempts, 3, "{}", letter.error);
    }
}

#[tokio::test(start_paused = true)]
async fn an_unkeyed_poison_message_blocks_nothing() {
    let desk = Desk::new();
    desk.notary.on("x", Does::Fails);
    desk.receive(vec![note(None, "x"), note(None, "y")]).await;
    assert_eq!(desk.published().await, ["y"]);
    assert_eq!(desk.dead().await, [state(Failed, "x")]);
}

#[tokio::test(start_paused = true)]
async fn a_parked_message_that_comes_again_is_a_duplicate() {
    let desk = Desk::new();
    desk.notary.on("a1", Does::Fails);
    let messages = notes("a1 a2");
    desk.receive(messages.clone()).await;
    desk.notary.heal("a1");
    desk.receive(messages).await;
    assert!(desk.published().await.is_empty());
    assert_eq!(desk.dead().await, [state(Failed, "a1"), state(Behind, "a2")]);
}

#[tokio::test(start_paused = true)]
async fn a_requeued_key_is_handled_again_in_order() {
    let desk = Desk::new();
    desk.notary.on("a1", Does::Fails);
    desk.receive(notes("a1 a2")).await;
    desk.notary.heal("a1");
    requeue(&desk.store, "a1").await;
    desk.receive(notes("a3")).await;
    assert_eq!(desk.published().await, ["a1", "a2", "a3"]);
    assert!(desk.dead().await.is_empty());
    for text in ["a1", "a2", "a3"] {
        assert_eq!(desk.effect(text).await, Some(1));
    }
}

#[tokio::test(start_paused = true)]
async fn a_requeued_message_that_fails_again_blocks_again() {
    let desk = Desk::new();
    desk.notary.on("a1", Does::Fails);
    desk.receive(notes("a1 a2")).await;
    requeue(&desk.store, "a1").await;
    desk.work(Duration::from_secs(5)).await;
    assert_eq!(desk.dead().await, [state(Failed, "a1"), state(Behind, "a2")]);
    assert_eq!(letters(&desk.store).await[0].attempts, 6);
    discard(&desk.store, "a1").await;
    desk.work(Duration::from_secs(5)).await;
    assert_eq!(desk.published().await, ["a2"]);
}

#[tokio::test(start_paused = true)]
async fn effect_and_mark_are_one_transaction() {
    let desk = Desk::new();
    desk.faulty.fail(Fault::Hangs);
    desk.post.deliver(notes("a1 a2"));
    let dying = desk.worker().await.run(std::future::pending());
    tokio::time::timeout(Duration::from_secs(1), dying).await.unwrap_err(); // the process dies in the commit
    assert_eq!((desk.effect("a1").await, desk.post.settled().len()), (None, 0));
    assert_eq!(desk.post.redeliver(), 2);
    desk.work(Duration::from_secs(5)).await;
    assert_eq!((desk.effect("a1").await, desk.effect("a2").await), (Some(1), Some(1)));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_settled_or_parked_while_the_database_is_away() {
    let desk = Desk::new();
    for _ in 0..30 {
        desk.faulty.fail(Fault::Refused(ErrorKind::Transient, "store/busy"));
    }
    desk.post.deliver(notes("a1 a2"));
    desk.work(Duration::from_secs(5)).await;
    assert!(desk.post.settled().is_empty() && desk.dead().await.is_empty());
    assert_eq!(desk.post.redeliver(), 2);
    desk.work(Duration::from_secs(1_000)).await;
    assert_eq!(desk.published().await, ["a1", "a2"]);
    assert_eq!(desk.post.settled(), ["a1", "a2"]);
}

#[tokio::test(start_paused = true)]
async fn a_commit_whose_answer_is_lost_has_its_effect_once() {
    let desk = Desk::new();
    desk.faulty.fail(Fault::AnswerLost);
    desk.receive(notes("a1 a2")).await;
    assert_eq!((desk.effect("a1").await, desk.effect("a2").await), (Some(1), Some(1)));
    assert_eq!(desk.post.settled(), ["a1", "a2"]);
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_finds_the_database_away_is_tried_more_patiently() {
    let desk = Desk::new();
    desk.notary.on("a1", Does::FindsNoDatabase(6));
    desk.post.deliver(notes("a1 a2"));
    desk.work(Duration::from_secs(300)).await;
    assert_eq!(desk.published().await, ["a1", "a2"]);
}

#[tokio::test(start_paused = true)]
async fn a_conflict_makes_the_work_again_on_what_the_other_wrote() {
    let desk = Desk::new();
    desk.notary.on("a1", Does::Conflicts);
    desk.receive(notes("a1 b1")).await;
    assert_eq!((desk.effect("a1").await, desk.effect("b1").await), (Some(1), Some(1)));
    assert_eq!(desk.effect("shared").await, Some(7));
    assert!(desk.dead().await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_message_that_spoils_its_commit_is_found_among_the_others() {
    let desk = Desk::new();
    desk.notary.on("b1", Does::StagesNonsense);
    desk.receive(notes("a1 b1 c1 b2")).await;
    assert_eq!(desk.dead().await, [state(Failed, "b1"), state(Behind, "b2")]);
    assert_eq!(desk.published().await, ["a1", "c1"]);
    assert_eq!((desk.effect("a1").await, desk.effect("b1").await), (Some(1), None));
}

#[tokio::test(start_paused = true)]
async fn messages_of_two_tenants_have_a_transaction_each() {
    let desk = Desk::new();
    let message = of_tenant("acme", "a", "a1");
    desk.receive(vec![message, of_tenant("bolt", "a", "a1"), of_tenant("acme", "a", "a2")]).await;
    assert_eq!(desk.faulty.commits(), 2);
    for (tenant, expected) in [("acme", Some("1")), ("bolt", None)] {
        let tenant = Some(bailiwick::TenantId::new(tenant).unwrap());
        let row = desk.store.model(ModelKey { tenant, model: "effects", key: "a2".into() }).await.unwrap();
        assert_eq!(row.map(|row| String::from_utf8(row.value).unwrap()).as_deref(), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_handler_publishes_belongs_to_the_conversation_of_its_message() {
    let desk = Desk::new();
    let messages = notes("a1 b1");
    desk.receive(messages.clone()).await;
    let sent = desk.store.outbox(0, 10).await.unwrap();
    for (row, message) in sent.iter().zip(&messages) {
        let metadata = &row.message.envelope.metadata;
        assert_eq!(metadata.causation, Some(message.envelope.id));
        assert_eq!(metadata.correlation, Some(message.envelope.id));
    }
}
