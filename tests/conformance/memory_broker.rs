//! What the broker in memory promises beyond the contract: no disk, bounded memory, faults on demand.

use std::{collections::HashMap, sync::Arc, time::Duration};

use bailiwick::{
    Clock, Envelope, EventKind, Timestamp,
    bus::{Broker, Delivery, Fault, Inlet, InletSpec, MemoryBroker, MemoryInlet, Published, Receipt},
    envelope::Metadata,
    store::OutboxMessage,
};
use futures_util::{future::join, poll};
use tokio::{
    sync::Mutex,
    time::{sleep, timeout},
};

fn message(key: &str, number: u64) -> OutboxMessage {
    let envelope = Envelope {
        id: Clock::system().message_id(),
        name: "order.counted".into(),
        version: 1,
        kind: EventKind::Notification,
        time: Timestamp::default(),
        key: Some(key.into()),
        metadata: Metadata::default(),
        payload: number.to_string().into_bytes().into(),
    };
    OutboxMessage { topic: "orders".into(), envelope }
}

fn number(delivery: &Delivery) -> u64 {
    std::str::from_utf8(&delivery.message.envelope.payload).unwrap().parse().unwrap()
}

async fn inlet(broker: &MemoryBroker, group: &str) -> MemoryInlet {
    broker.subscribe(InletSpec { group: group.into(), topics: vec!["orders".into()] }).await.unwrap()
}

/// `a` acked, `t` transient, `p` permanent, `n` not tried.
fn letters(answers: &[Published]) -> String {
    let letter = |answer: &Published| match answer {
        Published::Acked => 'a',
        Published::Transient(_) => 't',
        Published::Permanent(_) => 'p',
        Published::NotTried => 'n',
    };
    answers.iter().map(letter).collect()
}

fn receipts(deliveries: &[Delivery]) -> Vec<Receipt> {
    deliveries.iter().map(|delivery| delivery.receipt).collect()
}

async fn quiet(inlet: &mut MemoryInlet) -> bool {
    timeout(Duration::from_millis(50), inlet.next(1)).await.is_err()
}

#[tokio::test(start_paused = true)]
async fn without_a_group_a_message_is_acked_and_forgotten() {
    let broker = MemoryBroker::new();
    assert_eq!(letters(&broker.publish(&[message("k", 1)]).await), "a");
    let mut late = inlet(&broker, "late").await;
    assert!(quiet(&mut late).await);
    assert_eq!(broker.unsettled(), 0);
}

#[tokio::test(start_paused = true)]
async fn what_nobody_took_in_time_is_withdrawn() {
    let broker = MemoryBroker::new();
    let mut inlet = inlet(&broker, "a").await;
    let answers = broker.publish(&[message("k", 1), message("k", 2), message("j", 3)]).await;
    assert_eq!(letters(&answers), "tnt");
    assert!(matches!(&answers[0], Published::Transient(error) if error.code() == "broker/timeout"));
    assert_eq!(broker.unsettled(), 0);
    assert!(quiet(&mut inlet).await);
}

#[tokio::test(start_paused = true)]
async fn an_ack_behind_a_failure_of_the_key_is_held_back() {
    let broker = MemoryBroker::new();
    let mut inlet = inlet(&broker, "a").await;
    let batch = [message("k", 1), message("k", 2), message("j", 3)];
    let settle = async {
        let held = inlet.next(3).await.unwrap();
        inlet.settle(&receipts(&held[1..])).await.unwrap();
    };
    let (answers, ()) = join(broker.publish(&batch), settle).await;
    assert_eq!(letters(&answers), "tna");
}

#[tokio::test(start_paused = true)]
async fn what_an_inlet_still_holds_is_not_delivered_twice() {
    let broker = MemoryBroker::new();
    let mut inlet = inlet(&broker, "a").await;
    let batch = [message("k", 1)];
    let (answers, held) = join(broker.publish(&batch), inlet.next(1)).await;
    assert_eq!((letters(&answers).as_str(), broker.unsettled()), ("t", 1));
    let settle = async {
        assert!(quiet(&mut inlet).await);
        inlet.settle(&receipts(&held.unwrap())).await.unwrap();
    };
    let (answers, ()) = join(broker.publish(&batch), settle).await;
    assert_eq!((letters(&answers).as_str(), broker.unsettled()), ("a", 0));
}

#[tokio::test(start_paused = true)]
async fn a_publish_that_was_dropped_is_withdrawn() {
    let broker = MemoryBroker::new();
    let mut inlet = inlet(&broker, "a").await;
    let batch = [message("k", 1)];
    let mut publish = Box::pin(broker.publish(&batch));
    assert!(poll!(&mut publish).is_pending());
    assert_eq!(broker.unsettled(), 1);
    drop(publish);
    assert_eq!(broker.unsettled(), 0);
    assert!(quiet(&mut inlet).await);
}

#[tokio::test(start_paused = true)]
async fn an_inlet_that_stands_by_goes_on_where_the_first_one_ended() {
    let broker = MemoryBroker::new();
    let (mut first, mut second) = (inlet(&broker, "a").await, inlet(&broker, "a").await);
    let batch = [message("k", 1), message("k", 2), message("k", 3)];
    let work = async {
        let held = first.next(2).await.unwrap();
        assert!(quiet(&mut second).await);
        first.settle(&receipts(&held[..1])).await.unwrap();
        drop(first);
        let rest = second.next(3).await.unwrap();
        second.settle(&receipts(&rest)).await.unwrap();
        rest.iter().map(|delivery| (number(delivery), delivery.attempt)).collect::<Vec<_>>()
    };
    let (answers, rest) = join(broker.publish(&batch), work).await;
    assert_eq!((letters(&answers).as_str(), rest), ("aaa", vec![(2, 2), (3, 1)]));
}

#[tokio::test(start_paused = true)]
async fn a_group_without_an_inlet_is_waited_for_until_it_unsubscribes() {
    let broker = MemoryBroker::new();
    drop(inlet(&broker, "a").await);
    assert_eq!(letters(&broker.publish(&[message("k", 1)]).await), "t");
    let batch = [message("k", 1)];
    let mut publish = Box::pin(broker.publish(&batch));
    assert!(poll!(&mut publish).is_pending());
    broker.unsubscribe("a");
    assert_eq!(letters(&publish.await), "a");
    assert_eq!(letters(&broker.publish(&[message("k", 1)]).await), "a");
}

#[tokio::test(start_paused = true)]
async fn faults_come_when_they_are_asked_for() {
    let broker = MemoryBroker::new();
    let mut inlet = inlet(&broker, "a").await;
    let batch = [message("i", 1), message("i", 2), message("j", 3), message("k", 4)];
    let take = async {
        let mut found = Vec::new();
        while let Ok(Some(deliveries)) = timeout(Duration::from_millis(50), inlet.next(9)).await {
            inlet.settle(&receipts(&deliveries)).await.unwrap();
            found.extend(deliveries.iter().map(number));
        }
        found
    };
    for fault in [Fault::Transient, Fault::LostAck, Fault::Duplicate] {
        broker.fail_next(1, fault);
    }
    // The fault of the first message leaves the second one untried; the other faults hit the two after it.
    let (answers, found) = join(broker.publish(&batch), take).await;
    assert_eq!((letters(&answers).as_str(), found), ("tnta", vec![3, 4, 4]));
    assert_eq!(broker.unsettled(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_outage_is_told_at_once_and_ends() {
    let broker = MemoryBroker::new();
    let mut inlet = inlet(&broker, "a").await;
    let batch = [message("k", 1)];
    let outage = async {
        let held = inlet.next(1).await.unwrap();
        broker.down(true);
        let code = inlet.settle(&receipts(&held)).await.unwrap_err().code();
        assert_eq!(code, "broker/down");
    };
    let (answers, ()) = join(broker.publish(&batch), outage).await;
    assert!(matches!(&answers[0], Published::Transient(error) if error.code() == "broker/down"));
    assert_eq!(letters(&broker.publish(&batch).await), "t");
    broker.down(false);
    let work = async {
        let held = inlet.next(1).await.unwrap();
        inlet.settle(&receipts(&held)).await.unwrap();
    };
    let (answers, ()) = join(broker.publish(&batch), work).await;
    assert_eq!(letters(&answers), "a");
}

/// Publishes as a relay does: again, from the first message that was not acked.
async fn relay(broker: MemoryBroker, key: &'static str, count: u64) {
    let mut rows: Vec<OutboxMessage> = (1..=count).map(|number| message(key, number)).collect();
    while !rows.is_empty() {
        let answers = broker.publish(&rows[..rows.len().min(7)]).await;
        let acked = answers.iter().take_while(|answer| matches!(answer, Published::Acked)).count();
        rows.drain(..acked);
        tokio::task::yield_now().await;
    }
}

type Handled = Arc<Mutex<HashMap<String, Vec<u64>>>>;

/// Handles each message once, as a subscription does, and loses its inlet every now and then.
async fn consume(broker: MemoryBroker, group: &'static str, handled: Handled) {
    for round in 0_u64.. {
        let mut inlet = inlet(&broker, group).await;
        for turn in 0..(round % 5 + 2) {
            let next = timeout(Duration::from_millis(5), inlet.next((turn % 4 + 1) as usize)).await;
            let Ok(next) = next else { break };
            let Some(deliveries) = next else { return };
            for delivery in &deliveries {
                let mut handled = handled.lock().await;
                let of_key = handled.entry(delivery.message.envelope.key.clone().unwrap()).or_default();
                if !of_key.contains(&number(delivery)) {
                    of_key.push(number(delivery));
                }
            }
            if (round + turn) % 7 == 3 {
                sleep(Duration::from_millis(3)).await; // longer than publish waits
            }
            let settled = deliveries.len() - usize::from((round + turn) % 3 == 0);
            let _ = inlet.settle(&receipts(&deliveries[..settled])).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whatever_is_dropped_or_late_each_key_is_handled_in_order() {
    let broker = MemoryBroker::new().with_timeout(Duration::from_millis(2));
    let handled: Vec<Handled> = (0..2).map(|_| Handled::default()).collect();
    drop((inlet(&broker, "one").await, inlet(&broker, "two").await));
    let readers = [("one", 0), ("two", 1)]
        .map(|(group, at)| tokio::spawn(consume(broker.clone(), group, Arc::clone(&handled[at]))));
    let relays = ["i", "j", "k"].map(|key| tokio::spawn(relay(broker.clone(), key, 150)));
    for relay in relays {
        timeout(Duration::from_secs(50), relay).await.unwrap().unwrap();
    }
    broker.close().await;
    for reader in readers {
        reader.abort();
    }
    for handled in handled {
        for (key, numbers) in &*handled.lock().await {
            assert_eq!(*numbers, (1..=150).collect::<Vec<_>>(), "key {key}");
        }
    }
}
