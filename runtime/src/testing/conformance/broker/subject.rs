//! What a case for brokers gets, and how it speaks with it.

use std::{fmt, future::Future, sync::Arc, time::Duration};

use futures_util::future::join;
use tokio::time::timeout;

use crate::{
    bus::{AnyBroker, AnyInlet, Delivery, InletSpec, Published},
    store::OutboxMessage,
    testing::conformance::{
        case::{Failure, Outcome, check},
        samples::number,
    },
};

type Poison = dyn Fn(&mut OutboxMessage) + Send + Sync;

/// A broker that nobody has used, and what a suite must know of it.
#[derive(Clone)]
pub struct BrokerSubject {
    pub(super) broker: AnyBroker,
    pub(super) poison: Option<Arc<Poison>>,
    patience: Duration,
}

impl BrokerSubject {
    /// A broker that delivers within ten seconds and takes every message.
    #[must_use]
    pub fn new(broker: AnyBroker) -> Self {
        Self { broker, poison: None, patience: Duration::from_secs(10) }
    }

    /// Says how to make a message into one that this broker refuses for ever.
    #[must_use]
    pub fn refuses(self, poison: impl Fn(&mut OutboxMessage) + Send + Sync + 'static) -> Self {
        Self { poison: Some(Arc::new(poison)), ..self }
    }

    /// Says how long a delivery may take.
    #[must_use]
    pub fn patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Closes the broker.
    pub(in crate::testing::conformance) async fn end(self) {
        let _ = timeout(self.patience, self.broker.close()).await; // the case is over, whatever it does
    }

    /// Opens an inlet for the topic `conformance`.
    pub(super) async fn inlet(&self, group: &str) -> Result<AnyInlet, Failure> {
        self.inlet_to(group, &["conformance"]).await
    }

    pub(super) async fn inlet_to(&self, group: &str, topics: &[&str]) -> Result<AnyInlet, Failure> {
        let topics = topics.iter().map(|topic| (*topic).to_owned()).collect();
        Ok(self.broker.subscribe(InletSpec { group: group.into(), topics }).await?)
    }

    /// The next deliveries.
    pub(super) async fn next(&self, inlet: &mut AnyInlet, limit: usize) -> Result<Vec<Delivery>, Failure> {
        match timeout(self.patience, inlet.next(limit)).await {
            Ok(Some(deliveries)) if deliveries.is_empty() => Err("next answered without a delivery".into()),
            Ok(Some(deliveries)) => Ok(deliveries),
            Ok(None) => Err("the inlet ended".into()),
            Err(_) => Err(format!("no delivery within {:?}", self.patience).into()),
        }
    }

    /// Takes and settles so many deliveries.
    pub(super) async fn take(&self, inlet: &mut AnyInlet, count: usize) -> Result<Vec<Delivery>, Failure> {
        let mut taken = Vec::new();
        while taken.len() < count {
            let deliveries = self.next(inlet, 16).await?;
            let receipts: Vec<_> = deliveries.iter().map(|delivery| delivery.receipt).collect();
            inlet.settle(&receipts).await?;
            taken.extend(deliveries);
        }
        Ok(taken)
    }

    /// What the work answers, if it ends within the patience.
    pub(super) async fn within<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        timeout(self.patience, work).await.ok()
    }

    /// Whether nothing comes for a while.
    pub(super) async fn is_quiet(&self, inlet: &mut AnyInlet) -> bool {
        timeout(Duration::from_millis(200), inlet.next(1)).await.is_err()
    }

    /// Publishes a batch and holds the answers against the rules for every answer.
    pub(super) async fn publish(&self, batch: &[OutboxMessage]) -> Result<Vec<Published>, Failure> {
        let answers = timeout(self.patience * 2, self.broker.publish(batch)).await;
        let answers = answers.map_err(|_| Failure::from("publish did not end"))?;
        check(answers.len() == batch.len(), format!("{} answers to {} messages", answers.len(), batch.len()))?;
        for (at, message) in batch.iter().enumerate().filter(|(_, message)| message.envelope.key.is_some()) {
            let of_key =
                |other: &OutboxMessage| other.topic == message.topic && other.envelope.key == message.envelope.key;
            let lost = batch.iter().zip(&answers).take(at).any(|(other, answer)| of_key(other) && !is_acked(answer));
            let acked = answers.get(at).is_some_and(is_acked);
            check(!(lost && acked), format!("message {} is acked behind a failure of its key: {answers:?}", at + 1))?;
        }
        Ok(answers)
    }

    /// Publishes a batch that must be acked while a group takes all of it.
    pub(super) async fn exchange(
        &self,
        inlet: &mut AnyInlet,
        batch: &[OutboxMessage],
    ) -> Result<Vec<Delivery>, Failure> {
        let (answers, deliveries) = join(self.publish(batch), self.take(inlet, batch.len())).await;
        let deliveries = deliveries?;
        all_acked(&answers?)?;
        Ok(deliveries)
    }
}

impl fmt::Debug for BrokerSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BrokerSubject").field("patience", &self.patience).finish_non_exhaustive()
    }
}

pub(super) fn is_acked(answer: &Published) -> bool {
    matches!(answer, Published::Acked)
}

pub(super) fn all_acked(answers: &[Published]) -> Outcome {
    check(answers.iter().all(is_acked), format!("not every message was acked: {answers:?}"))
}

/// The numbers that deliveries carry.
pub(super) fn numbers(deliveries: &[Delivery]) -> Vec<u64> {
    deliveries.iter().map(|delivery| number(&delivery.message.envelope)).collect()
}
