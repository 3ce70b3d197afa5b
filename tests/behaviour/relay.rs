//! The relay: order per key at first delivery, whatever fails.

use std::{future::Future, time::Duration};

use bailiwick::{
    Clock, ErrorKind,
    relay::{Progress, Relay, Wake},
    store::{
        AnyStore,
        DeadState::{Behind, Failed},
        LeaseRequest,
    },
};

use crate::delivery::{Fault, FaultyStore, Wire, dead, discard, first_deliveries, note, notes, requeue, send, topical};

fn relay(store: &AnyStore, wire: &Wire) -> Relay {
    Relay::new(store.clone(), wire.broker(), Clock::system())
}

/// Makes passes until one has nothing to do.
async fn drain(relay: &mut Relay) {
    while relay.run_once().await.unwrap() != (Progress { leads: true, ..Progress::default() }) {}
}

/// Runs a relay while `work` goes on.
async fn beside<T>(relay: Relay, work: impl Future<Output = T>) -> T {
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = relay.run(async { drop(stopped.await) });
    let work = async {
        let answer = work.await;
        drop(stop);
        answer
    };
    tokio::join!(running, work).1
}

fn fixed() -> Clock {
    Clock::fixed_at("2026-01-01T00:00:00Z").unwrap()
}

#[tokio::test]
async fn what_the_broker_acknowledges_leaves_the_outbox_in_order() {
    let (store, wire) = (FaultyStore::new().any(), Wire::default());
    send(&store, notes("a1 b1 a2 b2 a3")).await;
    let progress = relay(&store, &wire).run_once().await.unwrap();
    assert_eq!(progress, Progress { leads: true, published: 5, parked: 0, waiting: 0 });
    assert_eq!(wire.texts(), ["a1", "b1", "a2", "b2", "a3"]);
    assert!(Wire::waiting(&store).await.is_empty());
}

#[tokio::test]
async fn a_thousand_messages_take_two_publishes_and_two_commits() {
    let (faulty, wire) = (FaultyStore::new(), Wire::default());
    let store = faulty.any();
    send(&store, (0..1_000).map(|n| note(None, &n.to_string())).collect()).await;
    drain(&mut relay(&store, &wire).batches_of(500)).await;
    assert_eq!((wire.calls(), faulty.commits()), (2, 1 + 2));
}

#[tokio::test]
async fn a_refused_message_blocks_its_key_and_nothing_else() {
    let (store, wire) = (FaultyStore::new().any(), Wire::default());
    let mut relay = relay(&store, &wire);
    wire.refuse("a1", true);
    send(&store, notes("a1 b1 a2 b2 a3")).await;
    drain(&mut relay).await;
    assert_eq!(wire.texts(), ["b1", "b2"]);
    send(&store, notes("a4 b3")).await;
    drain(&mut relay).await;
    assert_eq!(wire.texts(), ["b1", "b2", "b3"]);
    let parked = [(Failed, "a1"), (Behind, "a2"), (Behind, "a3"), (Behind, "a4")];
    assert_eq!(dead(&store).await, parked.map(|(state, text)| (state, text.to_owned())));
    assert!(Wire::waiting(&store).await.is_empty(), "the hot table stays short");
}

#[tokio::test]
async fn a_requeued_key_is_sent_again_in_order_before_anything_new() {
    let (store, wire) = (FaultyStore::new().any(), Wire::default());
    let mut relay = relay(&store, &wire).batches_of(2);
    wire.refuse("a1", true);
    send(&store, notes("a1 a2 a3")).await;
    drain(&mut relay).await;
    wire.refuse("a1", false);
    requeue(&store, "a1").await;
    send(&store, notes("a4 a5 b1")).await;
    drain(&mut relay).await;
    assert_eq!(first_deliveries(&wire.texts(), 'a'), ["a1", "a2", "a3", "a4", "a5"]);
    assert_eq!(wire.texts().len(), 6, "nothing twice");
    assert!(dead(&store).await.is_empty());
}

#[tokio::test]
async fn a_requeued_message_that_is_refused_again_blocks_again() {
    let (store, wire) = (FaultyStore::new().any(), Wire::default());
    let mut relay = relay(&store, &wire);
    wire.refuse("a1", true);
    send(&store, notes("a1 a2")).await;
    drain(&mut relay).await;
    requeue(&store, "a1").await;
    drain(&mut relay).await;
    assert!(wire.texts().is_empty());
    assert_eq!(dead(&store).await, [(Failed, "a1".to_owned()), (Behind, "a2".to_owned())]);
    assert_eq!(crate::delivery::letters(&store).await[0].attempts, 2);
}

#[tokio::test]
async fn discarding_the_refused_message_lets_the_rest_follow() {
    let (store, wire) = (FaultyStore::new().any(), Wire::default());
    let mut relay = relay(&store, &wire);
    wire.refuse("a1", true);
    send(&store, notes("a1 a2 a3")).await;
    drain(&mut relay).await;
    discard(&store, "a1").await;
    drain(&mut relay).await;
    assert_eq!(wire.texts(), ["a2", "a3"]);
    assert!(dead(&store).await.is_empty());
}

#[tokio::test]
async fn an_unkeyed_refused_message_blocks_nothing() {
    let (store, wire) = (FaultyStore::new().any(), Wire::default());
    wire.refuse("1", true);
    send(&store, vec![note(None, "1"), note(None, "2")]).await;
    let mut relay = relay(&store, &wire);
    drain(&mut relay).await;
    assert_eq!((wire.texts(), dead(&store).await), (vec!["2".to_owned()], vec![(Failed, "1".to_owned())]));
    wire.refuse("1", false);
    requeue(&store, "1").await;
    drain(&mut relay).await;
    assert_eq!(wire.texts(), ["2", "1"]);
}

#[tokio::test]
async fn a_new_relay_knows_the_blocked_keys() {
    let (store, wire) = (FaultyStore::new().any(), Wire::default());
    wire.refuse("a1", true);
    send(&store, notes("a1")).await;
    relay(&store, &wire).holder("one").run_once().await.unwrap();
    send(&store, notes("a2")).await;
    relay(&store, &wire).holder("one").run_once().await.unwrap();
    assert!(wire.texts().is_empty());
    assert_eq!(dead(&store).await.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_broker_that_is_away_for_long_parks_nothing_and_keeps_the_order() {
    let (store, wire) = (FaultyStore::new().any(), Wire::default());
    wire.down(true);
    send(&store, notes("a1 b1 a2")).await;
    beside(relay(&store, &wire), async {
        tokio::time::sleep(Duration::from_secs(3_600)).await;
        send(&store, notes("a3 b2")).await;
        assert!(dead(&store).await.is_empty() && wire.texts().is_empty());
        assert!(wire.calls() < 1_000, "it backs off: {} calls in an hour", wire.calls());
        wire.down(false);
        tokio::time::sleep(Duration::from_secs(31)).await;
    })
    .await;
    assert_eq!(first_deliveries(&wire.texts(), 'a'), ["a1", "a2", "a3"]);
    assert_eq!(first_deliveries(&wire.texts(), 'b'), ["b1", "b2"]);
}

#[tokio::test(start_paused = true)]
async fn a_broker_that_dies_in_the_middle_of_a_batch_is_sent_the_rest_later() {
    let (store, wire) = (FaultyStore::new().any(), Wire::default());
    wire.accept_only(3);
    send(&store, notes("a1 b1 a2 b2 a3 b3")).await;
    beside(relay(&store, &wire), async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        wire.down(false);
        tokio::time::sleep(Duration::from_secs(31)).await;
    })
    .await;
    assert_eq!(first_deliveries(&wire.texts(), 'a'), ["a1", "a2", "a3"]);
    assert_eq!(first_deliveries(&wire.texts(), 'b'), ["b1", "b2", "b3"]);
    assert_eq!(wire.texts().len(), 6);
}

#[tokio::test(start_paused = true)]
async fn a_topic_that_is_missing_holds_up_no_other() {
    let (store, wire) = (FaultyStore::new().any(), Wire::default());
    wire.away("missing", true);
    send(&store, (0..100).map(|n| topical("missing", Some("a"), &format!("a{n}"))).collect()).await;
    let wake = Wake::new();
    beside(relay(&store, &wire).batches_of(10).woken_by(wake.clone()), async {
        tokio::time::sleep(Duration::from_secs(600)).await;
        send(&store, notes("b1")).await;
        wake.sent();
        tokio::time::sleep(Duration::from_millis(1)).await;
        assert_eq!(wire.texts(), ["b1"], "at once, not after the back-off of the other topic");
        wire.away("missing", false);
        tokio::time::sleep(Duration::from_secs(31)).await;
    })
    .await;
    let expected: Vec<_> = (0..100).map(|n| format!("a{n}")).collect();
    assert_eq!(first_deliveries(&wire.texts(), 'a'), expected);
}

#[tokio::test(start_paused = true)]
async fn more_waiting_messages_than_a_pass_reads_hold_up_no_other_topic() {
    let (store, wire) = (FaultyStore::new().any(), Wire::default());
    wire.away("missing", true);
    send(&store, (0..200).map(|n| topical("missing", Some("a"), &format!("a{n}"))).collect()).await;
    send(&store, notes("b1 b2 b3")).await;
    beside(relay(&store, &wire).batches_of(2), async {
        tokio::time::sleep(Duration::from_secs(120)).await;
        assert_eq!(wire.texts(), ["b1", "b2", "b3"]);
        wire.away("missing", false);
        tokio::time::sleep(Duration::from_secs(31)).await;
    })
    .await;
    let expected: Vec<_> = (0..200).map(|n| format!("a{n}")).collect();
    assert_eq!(first_deliveries(&wire.texts(), 'a'), expected);
}

#[tokio::test(start_paused = true)]
async fn an_idle_relay_is_woken_by_a_commit() {
    let (store, wire) = (FaultyStore::new().any(), Wire::default());
    let wake = Wake::new();
    beside(relay(&store, &wire).woken_by(wake.clone()), async {
        tokio::time::sleep(Duration::from_secs(60)).await;
        send(&store, notes("a1")).await;
        wake.sent();
        tokio::time::sleep(Duration::from_millis(1)).await;
        assert_eq!(wire.texts(), ["a1"]);
        send(&store, notes("a2")).await; // from another process: found by the next poll
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(wire.texts(), ["a1", "a2"]);
    })
    .await;
}

#[tokio::test]
async fn of_two_relays_one_works_and_the_other_follows_when_it_goes() {
    let (store, wire) = (FaultyStore::new().any(), Wire::default());
    send(&store, notes("a1")).await;
    let (mut one, mut two) = (relay(&store, &wire), relay(&store, &wire));
    assert!(one.run_once().await.unwrap().leads);
    assert!(!two.run_once().await.unwrap().leads);
    one.run(async {}).await; // gives the lease back
    assert!(two.run_once().await.unwrap().leads);
}

#[tokio::test(start_paused = true)]
async fn a_relay_with_nothing_to_do_gives_its_lease_back_and_works_again_when_there_is() {
    let (store, wire) = (FaultyStore::new().any(), Wire::default());
    send(&store, notes("a1")).await;
    let request =
        || LeaseRequest { resource: "outbox".into(), holder: "somebody else".into(), ttl: Duration::from_secs(60) };
    let work = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(wire.texts(), ["a1"]);
        assert_eq!(store.lease(request()).await.unwrap(), None, "it works, or may at any moment");
        tokio::time::sleep(Duration::from_secs(5)).await;
        let lease = store.lease(request()).await.unwrap().expect("it has been idle for long");
        store.release(lease).await.unwrap();
        send(&store, notes("a2")).await;
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert_eq!(wire.texts(), ["a1", "a2"]);
    };
    beside(relay(&store, &wire), work).await;
}

#[tokio::test]
async fn a_crash_between_publish_and_settle_repeats_with_equal_ids() {
    let clock = fixed();
    let (faulty, wire) = (FaultyStore::with_clock(clock.clone()), Wire::default());
    let store = faulty.any();
    send(&store, notes("a1 a2 b1")).await;
    faulty.fail(Fault::Hangs);
    let mut dying = relay(&store, &wire);
    let crashed = tokio::time::timeout(Duration::from_millis(20), dying.run_once()).await;
    assert!(crashed.is_err() && wire.texts().len() == 3);
    drop(dying);
    let mut next = relay(&store, &wire);
    assert!(!next.run_once().await.unwrap().leads, "the lease of the dead one still runs");
    clock.advance(Duration::from_secs(11));
    drain(&mut next).await;
    let accepted = wire.accepted();
    assert_eq!(wire.texts(), ["a1", "a2", "b1", "a1", "a2", "b1"]);
    assert!((0..3).all(|n| accepted[n].envelope.id == accepted[n + 3].envelope.id));
    assert!(Wire::waiting(&store).await.is_empty());
}

#[tokio::test]
async fn a_relay_that_lost_its_lease_while_it_published_settles_nothing() {
    let clock = fixed();
    let (store, wire) = (FaultyStore::with_clock(clock.clone()).any(), Wire::default());
    send(&store, notes("a1 a2")).await;
    let (mut old, mut new) = (relay(&store, &wire), relay(&store, &wire));
    let gate = wire.gate();
    let slow = tokio::spawn(async move { old.run_once().await });
    while wire.calls() == 0 {
        tokio::task::yield_now().await;
    }
    wire.open();
    clock.advance(Duration::from_secs(11));
    send(&store, notes("a3")).await;
    drain(&mut new).await;
    gate.add_permits(1);
    let lost = slow.await.unwrap().unwrap_err();
    assert_eq!(lost.code(), "lease/lost");
    assert_eq!(first_deliveries(&wire.texts(), 'a'), ["a1", "a2", "a3"]);
}

#[tokio::test]
async fn a_settle_that_fails_or_whose_answer_is_lost_leads_to_repeats_only() {
    let refused = Fault::Refused(ErrorKind::Transient, "store/busy");
    for (fault, published) in [(refused, 6), (Fault::AnswerLost, 3)] {
        let (faulty, wire) = (FaultyStore::new(), Wire::default());
        let store = faulty.any();
        wire.refuse("c1", true);
        send(&store, notes("a1 c1 a2 c2 b1")).await;
        faulty.fail(fault);
        let mut relay = relay(&store, &wire);
        relay.run_once().await.unwrap_err();
        drain(&mut relay).await;
        assert_eq!(wire.texts().len(), published);
        assert_eq!(first_deliveries(&wire.texts(), 'a'), ["a1", "a2"]);
        assert_eq!(dead(&store).await, [(Failed, "c1".to_owned()), (Behind, "c2".to_owned())]);
    }
}
