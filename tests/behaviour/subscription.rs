//! Subscriptions: the effect of a message happens once, in the order of its key.

use std::time::Duration;

use bailiwick::store::{
    DeadState::{Behind, Failed},
    ModelKey,
};

use crate::delivery::{Desk, Does, discard, letters, note, notes, of_tenant, requeue, state};

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
async fn messages_of_two_tenants_have_a_transaction_each() {
    let desk = Desk::new();
    let message = of_tenant("acme", "a", "a1");
    desk.receive(vec![message, of_tenant("bolt", "a", "a1"), of_tenant("acme", "a", "a2")]).await;
    assert_eq!(desk.faulty.commits(), 2);
    for (tenant, expected) in [("acme", Some("1")), ("bolt", None)] {
        let tenant = Some(bailiwick::TenantId::new(tenant).unwrap());
        let row =
            desk.store.model(ModelKey { tenant, model: "effects", key: "a2".into(), generation: None }).await.unwrap();
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
