//! The end of a broker.

use std::time::Duration;

use futures_util::future::join;
use tokio::time::sleep;

use super::subject::{BrokerSubject, is_acked};
use crate::{
    bus::{InletSpec, Published},
    testing::conformance::{
        case::{Outcome, check, refused},
        samples::message,
    },
};

const SOON: Duration = Duration::from_millis(50);

pub(super) async fn a_closed_broker_says_so(subject: BrokerSubject) -> Outcome {
    let mut inlet = subject.inlet("a").await?;
    subject.broker.close().await;
    let sent = [message(None, 1), message(Some("k"), 2)];
    for answer in subject.publish(&sent).await? {
        let says = matches!(&answer, Published::Transient(error) if error.code() == "broker/closed");
        check(says, format!("expected a transient answer with the code broker/closed, found {answer:?}"))?;
    }
    let spec = InletSpec { group: "b".into(), topics: vec!["conformance".into()] };
    refused(subject.broker.subscribe(spec).await, "broker/closed")?;
    let next = subject.within(inlet.next(1)).await;
    check(matches!(next, Some(None)), "an inlet of a closed broker did not end")?;
    subject.broker.close().await;
    Ok(())
}

pub(super) async fn closing_ends_a_reader_that_waits(subject: BrokerSubject) -> Outcome {
    let mut inlet = subject.inlet("a").await?;
    let close = async {
        sleep(SOON).await;
        subject.broker.close().await;
    };
    let (next, ()) = join(subject.within(inlet.next(1)), close).await;
    check(matches!(next, Some(None)), "a reader still waits, or got something from nowhere")
}

pub(super) async fn closing_leaves_no_publisher_waiting(subject: BrokerSubject) -> Outcome {
    let inlet = subject.inlet("a").await?;
    let sent = [message(Some("k"), 1), message(Some("k"), 2)];
    let close = async {
        sleep(SOON).await;
        subject.broker.close().await;
    };
    let (answers, ()) = join(subject.within(subject.broker.publish(&sent)), close).await;
    drop(inlet);
    let answers = answers.ok_or("a publisher still waits")?;
    let fits = answers.len() == 2 && (is_acked(&answers[0]) || !is_acked(&answers[1]));
    check(fits, format!("the answers were {answers:?}"))
}
