//! What becomes of what is published.

use std::sync::Arc;

use futures_util::{future::join, poll};

use super::subject::{BrokerSubject, is_acked, numbers};
use crate::{
    bus::Published,
    envelope::Envelope,
    store::OutboxMessage,
    testing::conformance::{
        case::{Outcome, check, same},
        samples::{full_envelope, message},
    },
};

fn numbered(count: u64) -> Vec<OutboxMessage> {
    (1..=count).map(|number| message(None, number)).collect()
}

pub(super) async fn an_empty_batch_is_answered_empty(subject: BrokerSubject) -> Outcome {
    let mut inlet = subject.inlet("a").await?;
    same("the number of answers", &subject.publish(&[]).await?.len(), &0)?;
    check(subject.is_quiet(&mut inlet).await, "something was delivered")
}

pub(super) async fn each_message_is_acked_and_delivered(subject: BrokerSubject) -> Outcome {
    let mut inlet = subject.inlet("a").await?;
    let sent = [numbered(3), vec![message(Some("k"), 4), message(Some("k"), 5), message(Some("j"), 6)]].concat();
    let deliveries = subject.exchange(&mut inlet, &sent).await?;
    let mut found = numbers(&deliveries);
    found.sort_unstable();
    same("the deliveries", &found, &(1..=6).collect())?;
    check(deliveries.iter().all(|delivery| delivery.attempt == 1), "a first delivery is not the first attempt")
}

async fn comes_as_it_was(subject: &BrokerSubject, sent: OutboxMessage) -> Outcome {
    let mut inlet = subject.inlet("a").await?;
    let deliveries = subject.exchange(&mut inlet, std::slice::from_ref(&sent)).await?;
    let found: Vec<_> = deliveries.into_iter().map(|delivery| delivery.message).collect();
    same("what was delivered", &found, &vec![sent])
}

pub(super) async fn a_message_comes_as_it_was_sent(subject: BrokerSubject) -> Outcome {
    comes_as_it_was(&subject, OutboxMessage { topic: "conformance".into(), envelope: full_envelope()? }).await
}

pub(super) async fn a_payload_of_900_kib_comes(subject: BrokerSubject) -> Outcome {
    let plain = message(Some("k"), 1);
    let text = format!("\"{}\"", "x".repeat(900 * 1024 - 2));
    let envelope = Envelope { payload: Arc::from(text.into_bytes()), ..plain.envelope };
    comes_as_it_was(&subject, OutboxMessage { envelope, ..plain }).await
}

pub(super) async fn an_empty_payload_comes(subject: BrokerSubject) -> Outcome {
    let plain = message(Some("k"), 1);
    let envelope = Envelope { payload: Arc::from(Vec::new()), ..plain.envelope };
    comes_as_it_was(&subject, OutboxMessage { envelope, ..plain }).await
}

pub(super) async fn a_topic_goes_to_the_groups_that_want_it(subject: BrokerSubject) -> Outcome {
    let (mut one, mut both) = (subject.inlet("one").await?, subject.inlet_to("both", &["conformance", "other"]).await?);
    let other = OutboxMessage { topic: "other".into(), ..message(None, 2) };
    let sent = [message(None, 1), other];
    let (answers, first) =
        join(subject.publish(&sent), join(subject.take(&mut one, 1), subject.take(&mut both, 2))).await;
    super::subject::all_acked(&answers?)?;
    same("what the group of one topic got", &numbers(&first.0?), &vec![1])?;
    let mut found = numbers(&first.1?);
    found.sort_unstable();
    same("what the group of both topics got", &found, &vec![1, 2])?;
    check(subject.is_quiet(&mut one).await, "a group got a message of a topic that it did not ask for")
}

pub(super) async fn what_is_refused_for_ever_stops_its_key_alone(subject: BrokerSubject) -> Outcome {
    let Some(poison) = subject.poison.clone() else { return Ok(()) }; // a broker that takes every message
    let mut bad = message(Some("k"), 2);
    poison(&mut bad);
    let sent = [message(Some("k"), 1), bad, message(Some("k"), 3), message(Some("j"), 4), message(None, 5)];
    let mut inlet = subject.inlet("a").await?;
    let (answers, taken) = join(subject.publish(&sent), subject.take(&mut inlet, 3)).await;
    let answers = answers?;
    let mut found = numbers(&taken?);
    found.sort_unstable();
    same("the deliveries", &found, &vec![1, 4, 5])?;
    let fits = matches!(answers.get(1), Some(Published::Permanent(_)))
        && matches!(answers.get(2), Some(Published::NotTried))
        && [0, 3, 4].iter().all(|at| answers.get(*at).is_some_and(is_acked));
    check(fits, format!("expected acked, permanent, not tried, acked, acked, found {answers:?}"))?;
    check(subject.is_quiet(&mut inlet).await, "a message behind a failure of its key was delivered")
}

pub(super) async fn a_publish_that_was_dropped_can_be_repeated(subject: BrokerSubject) -> Outcome {
    let mut inlet = subject.inlet("a").await?;
    let sent = [message(Some("k"), 1), message(Some("k"), 2)];
    for polls in 0..3 {
        let mut publish = Box::pin(subject.broker.publish(&sent));
        for _ in 0..polls {
            if poll!(&mut publish).is_ready() {
                break;
            }
        }
    }
    let publish = subject.publish(&sent);
    let (answers, taken) = join(publish, subject.take(&mut inlet, 2)).await;
    super::subject::all_acked(&answers?)?;
    let mut found = numbers(&taken?);
    found.dedup();
    check(found.starts_with(&[1]) && found.contains(&2), format!("the deliveries were {found:?}"))
}
