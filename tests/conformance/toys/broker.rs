//! A broker in memory with one flaw.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use bailiwick::{
    Error,
    bus::{Broker, Delivery, Inlet, InletSpec, MemoryBroker, MemoryInlet, Published, Receipt},
    envelope::Metadata,
    store::OutboxMessage,
};
use tokio::time::sleep;

/// A promise that a toy breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BrokerFlaw {
    Nothing,
    AnswersEmptyBatches,
    AcksWithoutDelivery,
    CountsAttemptsFromZero,
    LosesMetadata,
    CutsPayloads,
    DropsEmptyPayloads,
    OneTopicForAll,
    IgnoresPrefix,
    StallsAfterDrop,
    OneGroupForAll,
    EachInletGetsAll,
    ReordersBatches,
    IgnoresLimit,
    LosesOnDrop,
    SettlesByItself,
    AttemptStays,
    RedeliversSettled,
    SettlesAllBefore,
    CloseIsNothing,
}

use BrokerFlaw::*;

/// Each flaw and the cases that name it. Others may fail as well.
pub const BROKER_FLAWS: &[(BrokerFlaw, &[&str])] = &[
    (AnswersEmptyBatches, &["publishing::an_empty_batch_is_answered_empty"]),
    (AcksWithoutDelivery, &["publishing::each_message_is_acked_and_delivered"]),
    (CountsAttemptsFromZero, &["publishing::each_message_is_acked_and_delivered"]),
    (LosesMetadata, &["publishing::a_message_comes_as_it_was_sent"]),
    (CutsPayloads, &["publishing::a_payload_of_900_kib_comes"]),
    (DropsEmptyPayloads, &["publishing::an_empty_payload_comes"]),
    (OneTopicForAll, &["publishing::a_topic_goes_to_the_groups_that_want_it"]),
    (IgnoresPrefix, &["publishing::what_is_refused_for_ever_stops_its_key_alone"]),
    (StallsAfterDrop, &["publishing::a_publish_that_was_dropped_can_be_repeated"]),
    (OneGroupForAll, &["delivery::each_group_gets_every_message"]),
    (EachInletGetsAll, &["delivery::inlets_of_one_group_share_its_messages"]),
    (ReordersBatches, &["delivery::the_order_of_a_key_is_kept_under_eight_publishers"]),
    (IgnoresLimit, &["delivery::next_keeps_its_limit"]),
    (LosesOnDrop, &["delivery::dropping_next_loses_nothing"]),
    (SettlesByItself, &["delivery::what_was_not_settled_comes_again"]),
    (AttemptStays, &["delivery::what_was_not_settled_comes_again"]),
    (RedeliversSettled, &["delivery::what_was_settled_does_not_come_again"]),
    (SettlesAllBefore, &["delivery::deliveries_settle_in_any_order"]),
    (
        CloseIsNothing,
        &[
            "closing::a_closed_broker_says_so",
            "closing::closing_ends_a_reader_that_waits",
            "closing::closing_leaves_no_publisher_waiting",
        ],
    ),
];

/// A broker that keeps the contract but for its flaw.
#[derive(Debug)]
pub struct ToyBroker {
    flaw: BrokerFlaw,
    inner: MemoryBroker,
    begun: Arc<Mutex<Option<usize>>>,
    inlets: Mutex<u32>,
    settled: Arc<Mutex<Vec<Delivery>>>,
}

/// An inlet of it.
#[derive(Debug)]
pub struct ToyInlet {
    flaw: BrokerFlaw,
    inner: MemoryInlet,
    again: Vec<Delivery>,
    handed: Vec<Delivery>,
    settled: Arc<Mutex<Vec<Delivery>>>,
}

impl ToyBroker {
    pub fn new(flaw: BrokerFlaw, inner: MemoryBroker) -> Self {
        Self { flaw, inner, begun: Arc::default(), inlets: Mutex::default(), settled: Arc::default() }
    }

    fn bend(&self, message: &OutboxMessage) -> OutboxMessage {
        let mut message = message.clone();
        let envelope = &mut message.envelope;
        match self.flaw {
            LosesMetadata => envelope.metadata = Metadata::default(),
            CutsPayloads => envelope.payload = envelope.payload.iter().take(65_536).copied().collect(),
            OneTopicForAll => message.topic = "all".into(),
            _ => {}
        }
        message
    }
}

impl Broker for ToyBroker {
    type Inlet = ToyInlet;

    async fn publish(&self, batch: &[OutboxMessage]) -> Vec<Published> {
        let mut bent: Vec<OutboxMessage> = batch.iter().map(|message| self.bend(message)).collect();
        match self.flaw {
            AnswersEmptyBatches if batch.is_empty() => return vec![Published::Acked],
            AcksWithoutDelivery => return batch.iter().map(|_| Published::Acked).collect(),
            DropsEmptyPayloads => {
                bent.retain(|message| !message.envelope.payload.is_empty());
                self.inner.publish(&bent).await;
                return batch.iter().map(|_| Published::Acked).collect();
            }
            ReordersBatches => bent.reverse(),
            IgnoresPrefix => {
                let mut answers = Vec::new();
                for message in &bent {
                    answers.extend(self.inner.publish(std::slice::from_ref(message)).await);
                }
                return answers;
            }
            StallsAfterDrop => {
                let held = self.begun.lock().unwrap().replace(batch.len());
                if held.is_some() {
                    std::future::pending::<()>().await;
                }
                let answers = self.inner.publish(&bent).await;
                *self.begun.lock().unwrap() = None;
                return answers;
            }
            _ => {}
        }
        self.inner.publish(&bent).await
    }

    async fn subscribe(&self, mut spec: InletSpec) -> Result<ToyInlet, Error> {
        let number = {
            let mut inlets = self.inlets.lock().unwrap();
            *inlets += 1;
            *inlets
        };
        match self.flaw {
            OneGroupForAll => spec.group = "all".into(),
            EachInletGetsAll => spec.group = format!("{}-{number}", spec.group),
            OneTopicForAll => spec.topics = vec!["all".into()],
            _ => {}
        }
        let again = if self.flaw == RedeliversSettled { self.settled.lock().unwrap().clone() } else { Vec::new() };
        let (inner, settled) = (self.inner.subscribe(spec).await?, Arc::clone(&self.settled));
        Ok(ToyInlet { flaw: self.flaw, inner, again, handed: Vec::new(), settled })
    }

    async fn close(&self) {
        if self.flaw != CloseIsNothing {
            self.inner.close().await;
        }
    }
}

impl Inlet for ToyInlet {
    async fn next(&mut self, limit: usize) -> Option<Vec<Delivery>> {
        if !self.again.is_empty() {
            return Some(vec![self.again.remove(0)]);
        }
        let limit = if self.flaw == IgnoresLimit { usize::MAX } else { limit };
        let mut deliveries = self.inner.next(limit).await?;
        self.handed.extend(deliveries.clone());
        match self.flaw {
            CountsAttemptsFromZero => deliveries.iter_mut().for_each(|delivery| delivery.attempt -= 1),
            AttemptStays => deliveries.iter_mut().for_each(|delivery| delivery.attempt = 1),
            LosesOnDrop => sleep(Duration::from_millis(1)).await,
            SettlesByItself => {
                let receipts: Vec<Receipt> = deliveries.iter().map(|delivery| delivery.receipt).collect();
                self.inner.settle(&receipts).await.ok()?;
            }
            _ => {}
        }
        Some(deliveries)
    }

    async fn settle(&mut self, receipts: &[Receipt]) -> Result<(), Error> {
        let handed = self.handed.iter().filter(|delivery| receipts.contains(&delivery.receipt)).cloned();
        self.settled.lock().unwrap().extend(handed);
        if self.flaw != SettlesAllBefore {
            return self.inner.settle(receipts).await;
        }
        let last = receipts.iter().max().copied();
        let before = self.handed.iter().map(|delivery| delivery.receipt).filter(|receipt| Some(*receipt) <= last);
        self.inner.settle(&before.collect::<Vec<_>>()).await
    }
}
