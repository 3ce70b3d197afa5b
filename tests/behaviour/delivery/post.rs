//! An inlet that delivers what it is given, and again what was not settled.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use bailiwick::{
    Error,
    bus::{AnyInlet, Broker, Delivery, Inlet, InletSpec, Published, Receipt},
    store::OutboxMessage,
};
use tokio::sync::Notify;

use super::text;

#[derive(Clone, Default)]
pub struct Post(Arc<State>);

#[derive(Default)]
struct State {
    waiting: Mutex<VecDeque<OutboxMessage>>,
    out: Mutex<Vec<(Receipt, OutboxMessage)>>,
    settled: Mutex<Vec<String>>,
    receipts: Mutex<u64>,
    arrived: Notify,
}

impl Post {
    pub async fn inlet(&self) -> AnyInlet {
        let spec = InletSpec { group: "test".into(), topics: vec!["notes".into()] };
        bailiwick::bus::AnyBroker::new(self.clone()).subscribe(spec).await.unwrap()
    }

    pub fn deliver(&self, messages: impl IntoIterator<Item = OutboxMessage>) {
        self.0.waiting.lock().unwrap().extend(messages);
        self.0.arrived.notify_one();
    }

    /// What was delivered and not settled is delivered again, as after a reconnect.
    pub fn redeliver(&self) -> usize {
        let out = std::mem::take(&mut *self.0.out.lock().unwrap());
        let count = out.len();
        self.deliver(out.into_iter().map(|(_, message)| message));
        count
    }

    pub fn settled(&self) -> Vec<String> {
        self.0.settled.lock().unwrap().clone()
    }
}

impl Broker for Post {
    type Inlet = Self;

    async fn publish(&self, batch: &[OutboxMessage]) -> Vec<Published> {
        self.deliver(batch.to_vec());
        batch.iter().map(|_| Published::Acked).collect()
    }

    async fn subscribe(&self, _: InletSpec) -> Result<Self, Error> {
        Ok(self.clone())
    }

    async fn close(&self) {}
}

impl Inlet for Post {
    async fn next(&mut self, limit: usize) -> Option<Vec<Delivery>> {
        while self.0.waiting.lock().unwrap().is_empty() {
            self.0.arrived.notified().await;
        }
        let mut waiting = self.0.waiting.lock().unwrap();
        let count = limit.min(waiting.len());
        let mut receipts = self.0.receipts.lock().unwrap();
        let deliveries = waiting.drain(..count).map(|message| {
            *receipts += 1;
            self.0.out.lock().unwrap().push((Receipt(*receipts), message.clone()));
            Delivery { message, attempt: 1, receipt: Receipt(*receipts) }
        });
        Some(deliveries.collect())
    }

    async fn settle(&mut self, receipts: &[Receipt]) -> Result<(), Error> {
        self.0.out.lock().unwrap().retain(|(receipt, message)| {
            let done = receipts.contains(receipt);
            if done {
                self.0.settled.lock().unwrap().push(text(message));
            }
            !done
        });
        Ok(())
    }
}
