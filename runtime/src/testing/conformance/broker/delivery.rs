//! Groups, order, redelivery, settling.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use futures_util::{
    future::{Either, join, join_all, select},
    poll,
};

use super::subject::{BrokerSubject, all_acked, numbers};
use crate::{
    bus::{AnyInlet, Delivery},
    store::OutboxMessage,
    testing::conformance::{
        case::{Failure, Outcome, check, same},
        samples::message,
    },
};

fn of_one_key(count: u64) -> Vec<OutboxMessage> {
    (1..=count).map(|number| message(Some("k"), number)).collect()
}

pub(super) async fn each_group_gets_every_message(subject: BrokerSubject) -> Outcome {
    let (mut one, mut two) = (subject.inlet("one").await?, subject.inlet("two").await?);
    let sent = of_one_key(5);
    let takes = join(subject.take(&mut one, 5), subject.take(&mut two, 5));
    let (answers, (one, two)) = join(subject.publish(&sent), takes).await;
    all_acked(&answers?)?;
    same("what the first group got", &numbers(&one?), &(1..=5).collect())?;
    same("what the second group got", &numbers(&two?), &(1..=5).collect())
}

/// The next delivery of either inlet, and whether it is the first one's.
async fn next_of(
    subject: &BrokerSubject,
    one: &mut AnyInlet,
    two: &mut AnyInlet,
) -> Result<(bool, Vec<Delivery>), Failure> {
    match select(Box::pin(subject.next(one, 1)), Box::pin(subject.next(two, 1))).await {
        Either::Left((deliveries, _)) => Ok((true, deliveries?)),
        Either::Right((deliveries, _)) => Ok((false, deliveries?)),
    }
}

/// Takes and settles so many deliveries from two inlets, each as it comes.
async fn take_from_both(subject: &BrokerSubject, count: usize) -> Result<Vec<Delivery>, Failure> {
    let (mut one, mut two) = (subject.inlet("a").await?, subject.inlet("a").await?);
    let mut taken = Vec::new();
    while taken.len() < count {
        let (first, deliveries) = next_of(subject, &mut one, &mut two).await?;
        let receipts: Vec<_> = deliveries.iter().map(|delivery| delivery.receipt).collect();
        (if first { &mut one } else { &mut two }).settle(&receipts).await?;
        taken.extend(deliveries);
    }
    check(subject.is_quiet(&mut one).await && subject.is_quiet(&mut two).await, "a message came to both inlets")?;
    Ok(taken)
}

pub(super) async fn inlets_of_one_group_share_its_messages(subject: BrokerSubject) -> Outcome {
    let keys = ["i", "j", "k", "l"];
    let sent: Vec<_> = (0..40).map(|number| message(Some(keys[number as usize % 4]), number)).collect();
    let taking = take_from_both(&subject, sent.len());
    let publishing = async {
        tokio::time::sleep(Duration::from_millis(50)).await; // both inlets are open by then
        subject.publish(&sent).await
    };
    let (answers, taken) = join(publishing, taking).await;
    all_acked(&answers?)?;
    let all: BTreeSet<u64> = numbers(&taken?).into_iter().collect();
    same("what both inlets got", &all, &(0..40).collect())
}

/// Deliveries in their order, by key.
fn by_key(deliveries: &[Delivery]) -> BTreeMap<Option<String>, Vec<u64>> {
    let mut keys: BTreeMap<_, Vec<u64>> = BTreeMap::new();
    for (delivery, number) in deliveries.iter().zip(numbers(deliveries)) {
        keys.entry(delivery.message.envelope.key.clone()).or_default().push(number);
    }
    keys
}

pub(super) async fn the_order_of_a_key_is_kept_under_eight_publishers(subject: BrokerSubject) -> Outcome {
    let mut inlet = subject.inlet("a").await?;
    let publishers = join_all((0..8).map(|publisher| {
        let subject = subject.clone();
        async move {
            let key = format!("key-{publisher}");
            for round in 0..5 {
                let batch: Vec<_> = (1..=5).map(|at| message(Some(&key), round * 5 + at)).collect();
                all_acked(&subject.publish(&batch).await?)?;
            }
            Ok::<(), Failure>(())
        }
    }));
    let (published, taken) = join(publishers, subject.take(&mut inlet, 200)).await;
    let taken = taken?;
    published.into_iter().collect::<Result<Vec<()>, _>>()?;
    let keys = by_key(&taken);
    same("the number of keys", &keys.len(), &8)?;
    keys.values().try_for_each(|numbers| same("the messages of a key", numbers, &(1..=25).collect()))
}

pub(super) async fn next_keeps_its_limit(subject: BrokerSubject) -> Outcome {
    let mut inlet = subject.inlet("a").await?;
    let sent = of_one_key(6);
    let take = async {
        let mut taken = Vec::new();
        for limit in [1, 2, 3, 6, 6, 6] {
            let deliveries = subject.next(&mut inlet, limit).await?;
            check(deliveries.len() <= limit, format!("{} deliveries with a limit of {limit}", deliveries.len()))?;
            inlet.settle(&deliveries.iter().map(|delivery| delivery.receipt).collect::<Vec<_>>()).await?;
            taken.extend(deliveries);
            if taken.len() >= 6 {
                break;
            }
        }
        Ok::<_, Failure>(taken)
    };
    let (answers, taken) = join(subject.publish(&sent), take).await;
    same("the deliveries", &numbers(&taken?), &(1..=6).collect())?;
    all_acked(&answers?)
}

pub(super) async fn dropping_next_loses_nothing(subject: BrokerSubject) -> Outcome {
    let mut inlet = subject.inlet("a").await?;
    let sent = of_one_key(5);
    let take = async {
        let mut taken = Vec::new();
        for _ in 0..200 {
            let polled = {
                let mut next = Box::pin(inlet.next(1));
                poll!(&mut next)
            };
            match polled {
                std::task::Poll::Ready(Some(deliveries)) => {
                    inlet.settle(&deliveries.iter().map(|delivery| delivery.receipt).collect::<Vec<_>>()).await?;
                    taken.extend(deliveries);
                }
                std::task::Poll::Ready(None) => return Err("the inlet ended".into()),
                std::task::Poll::Pending => tokio::task::yield_now().await,
            }
        }
        let rest = sent.len().saturating_sub(taken.len());
        taken.extend(subject.take(&mut inlet, rest).await?);
        Ok::<_, Failure>(taken)
    };
    let (answers, taken) = join(subject.publish(&sent), take).await;
    same("the deliveries", &numbers(&taken?), &(1..=5).collect())?;
    all_acked(&answers?)
}

/// Takes so many deliveries without settling them.
async fn hold(subject: &BrokerSubject, inlet: &mut AnyInlet, count: usize) -> Result<Vec<Delivery>, Failure> {
    let mut held = Vec::new();
    while held.len() < count {
        held.extend(subject.next(inlet, count - held.len()).await?);
    }
    Ok(held)
}

/// Publishes five messages of one key; an inlet takes all, settles those at the given places and is dropped. Answers what
/// was held and what the next inlet gets.
async fn settled_in_part(
    subject: &BrokerSubject,
    settled: &[usize],
) -> Result<(Vec<Delivery>, Vec<Delivery>), Failure> {
    let mut inlet = subject.inlet("a").await?;
    let sent = of_one_key(5);
    let take = async {
        let held = hold(subject, &mut inlet, 5).await?;
        let receipts: Vec<_> = settled.iter().filter_map(|at| held.get(*at)).map(|held| held.receipt).collect();
        inlet.settle(&receipts).await?;
        drop(inlet);
        let mut next = subject.inlet("a").await?;
        let again = subject.take(&mut next, 5 - settled.len()).await?;
        check(subject.is_quiet(&mut next).await, "something was delivered once more")?;
        Ok::<_, Failure>((held, again))
    };
    let (answers, taken) = join(subject.publish(&sent), take).await;
    let taken = taken?;
    all_acked(&answers?)?;
    Ok(taken)
}

pub(super) async fn what_was_not_settled_comes_again(subject: BrokerSubject) -> Outcome {
    let (held, again) = settled_in_part(&subject, &[]).await?;
    let messages = |deliveries: &[Delivery]| deliveries.iter().map(|one| one.message.clone()).collect::<Vec<_>>();
    same("what came again", &messages(&again), &messages(&held))?;
    check(again.iter().all(|delivery| delivery.attempt > 1), "a redelivery counts as a first attempt")
}

pub(super) async fn what_was_settled_does_not_come_again(subject: BrokerSubject) -> Outcome {
    let (_, again) = settled_in_part(&subject, &[0, 1]).await?;
    same("what came again", &numbers(&again), &vec![3, 4, 5])
}

pub(super) async fn deliveries_settle_in_any_order(subject: BrokerSubject) -> Outcome {
    let (_, again) = settled_in_part(&subject, &[3, 1]).await?;
    same("what came again", &numbers(&again), &vec![1, 3, 5])
}
