//! A broker that keeps the contract, and refuses, or goes away, when told to.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
};

use bailiwick::{
    Error, ErrorKind,
    bus::{AnyBroker, Broker, Delivery, Inlet, InletSpec, Published, Receipt},
    store::{AnyStore, OutboxMessage},
};
use tokio::sync::Semaphore;

use super::text;

#[derive(Clone, Default)]
pub struct Wire(Arc<State>);

#[derive(Default)]
struct State {
    accepted: Mutex<Vec<OutboxMessage>>,
    rules: Mutex<Rules>,
    gate: Mutex<Option<Arc<Semaphore>>>,
}

#[derive(Default)]
struct Rules {
    down: bool,
    calls: usize,
    accepts_only: Option<usize>,
    refused: HashSet<String>,
    away: HashSet<String>,
}

impl Wire {
    pub fn broker(&self) -> AnyBroker {
        AnyBroker::new(self.clone())
    }

    /// Whether it takes nothing at all.
    pub fn down(&self, down: bool) {
        self.0.rules.lock().unwrap().down = down;
    }

    /// Refuses messages with this text for ever, or no longer.
    pub fn refuse(&self, text: &str, refused: bool) {
        let refusals = &mut self.0.rules.lock().unwrap().refused;
        if refused {
            refusals.insert(text.into())
        } else {
            refusals.remove(text)
        };
    }

    /// Takes nothing of this topic for now.
    pub fn away(&self, topic: &str, away: bool) {
        let topics = &mut self.0.rules.lock().unwrap().away;
        if away {
            topics.insert(topic.into())
        } else {
            topics.remove(topic)
        };
    }

    /// Takes so many messages and is down then.
    pub fn accept_only(&self, messages: usize) {
        self.0.rules.lock().unwrap().accepts_only = Some(messages);
    }

    /// Answers no `publish` before the gate has a permit for it; the messages are taken at once.
    pub fn gate(&self) -> Arc<Semaphore> {
        let gate = Arc::new(Semaphore::new(0));
        *self.0.gate.lock().unwrap() = Some(Arc::clone(&gate));
        gate
    }

    pub fn open(&self) {
        *self.0.gate.lock().unwrap() = None;
    }

    /// How often it was asked to publish.
    pub fn calls(&self) -> usize {
        self.0.rules.lock().unwrap().calls
    }

    pub fn accepted(&self) -> Vec<OutboxMessage> {
        self.0.accepted.lock().unwrap().clone()
    }

    pub fn texts(&self) -> Vec<String> {
        self.accepted().iter().map(text).collect()
    }

    fn take(&self, batch: &[OutboxMessage]) -> Vec<Published> {
        let mut rules = self.0.rules.lock().unwrap();
        rules.calls += 1;
        let mut failed = HashSet::new();
        batch.iter().map(|message| self.take_one(message, &mut rules, &mut failed)).collect()
    }

    fn take_one(
        &self,
        message: &OutboxMessage,
        rules: &mut Rules,
        failed: &mut HashSet<(String, String)>,
    ) -> Published {
        let lane = message.envelope.key.clone().map(|key| (message.topic.clone(), key));
        if lane.as_ref().is_some_and(|lane| failed.contains(lane)) {
            return Published::NotTried;
        }
        let transient = || Published::Transient(Error::new(ErrorKind::Transient, "broker/unreachable", "try later"));
        let answer = if rules.down || rules.away.contains(&message.topic) {
            transient()
        } else if rules.refused.contains(&text(message)) {
            Published::Permanent(Error::new(ErrorKind::Invalid, "broker/refused", "never"))
        } else if rules.accepts_only == Some(0) {
            rules.down = true;
            rules.accepts_only = None;
            transient()
        } else {
            rules.accepts_only = rules.accepts_only.map(|left| left - 1);
            self.0.accepted.lock().unwrap().push(message.clone());
            Published::Acked
        };
        if !matches!(answer, Published::Acked) {
            failed.extend(lane);
        }
        answer
    }
}

impl Broker for Wire {
    type Inlet = Silence;

    async fn publish(&self, batch: &[OutboxMessage]) -> Vec<Published> {
        let answers = self.take(batch);
        let gate = self.0.gate.lock().unwrap().clone();
        if let Some(gate) = gate {
            gate.acquire().await.unwrap().forget();
        }
        answers
    }

    async fn subscribe(&self, _: InletSpec) -> Result<Silence, Error> {
        Ok(Silence)
    }

    async fn close(&self) {}
}

/// An inlet that never has anything.
pub struct Silence;

impl Inlet for Silence {
    async fn next(&mut self, _: usize) -> Option<Vec<Delivery>> {
        std::future::pending().await
    }

    async fn settle(&mut self, _: &[Receipt]) -> Result<(), Error> {
        Ok(())
    }
}

/// The rows that wait in the outbox.
impl Wire {
    pub async fn waiting(store: &AnyStore) -> Vec<String> {
        store.outbox(0, 10_000).await.unwrap().iter().map(|row| text(&row.message)).collect()
    }
}
