//! Subscriptions while things fail: what is settled was written, and what was written has its effect once.

use std::time::Duration;

use bailiwick::{
    ErrorKind,
    store::DeadState::{Behind, Failed},
};

use crate::delivery::{Desk, Does, Fault, beside, letters, notes, requeue, state};

#[tokio::test(start_paused = true)]
async fn a_panic_or_a_handler_that_hangs_is_a_failed_attempt() {
    for does in [Does::Panics, Does::Hangs] {
        let desk = Desk::new();
        desk.notary.on("a1", does);
        desk.post.deliver(notes("a1 b1 a2"));
        let worker = desk.worker().await.within(Duration::from_secs(1));
        beside(worker, tokio::time::sleep(Duration::from_secs(20))).await;
        assert_eq!(desk.published().await, ["b1"]);
        assert_eq!(desk.dead().await, [state(Failed, "a1"), state(Behind, "a2")]);
        let letter = &letters(&desk.store).await[0];
        assert_eq!(letter.attempts, 3, "{}", letter.error);
    }
}

#[tokio::test(start_paused = true)]
async fn effect_and_mark_are_one_transaction() {
    let desk = Desk::new();
    desk.faulty.fail(Fault::Hangs);
    desk.post.deliver(notes("a1 a2"));
    let dying = desk.worker().await.run(std::future::pending());
    tokio::time::timeout(Duration::from_secs(1), dying).await.unwrap_err(); // the process dies in the commit
    assert_eq!((desk.effect("a1").await, desk.post.settled().len()), (None, 0));
    assert_eq!(desk.post.redeliver(), 2);
    desk.work(Duration::from_secs(5)).await;
    assert_eq!((desk.effect("a1").await, desk.effect("a2").await), (Some(1), Some(1)));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_settled_or_parked_while_the_database_is_away() {
    let desk = Desk::new();
    for _ in 0..30 {
        desk.faulty.fail(Fault::Refused(ErrorKind::Transient, "store/busy"));
    }
    desk.post.deliver(notes("a1 a2"));
    desk.work(Duration::from_secs(5)).await;
    assert!(desk.post.settled().is_empty() && desk.dead().await.is_empty());
    assert_eq!(desk.post.redeliver(), 2);
    desk.work(Duration::from_secs(1_000)).await;
    assert_eq!(desk.published().await, ["a1", "a2"]);
    assert_eq!(desk.post.settled(), ["a1", "a2"]);
}

#[tokio::test(start_paused = true)]
async fn a_commit_whose_answer_is_lost_has_its_effect_once() {
    let desk = Desk::new();
    desk.faulty.fail(Fault::AnswerLost);
    desk.receive(notes("a1 a2")).await;
    assert_eq!((desk.effect("a1").await, desk.effect("a2").await), (Some(1), Some(1)));
    assert_eq!(desk.post.settled(), ["a1", "a2"]);
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_finds_the_database_away_is_tried_more_patiently() {
    let desk = Desk::new();
    desk.notary.on("a1", Does::FindsNoDatabase(6));
    desk.post.deliver(notes("a1 a2"));
    desk.work(Duration::from_secs(300)).await;
    assert_eq!(desk.published().await, ["a1", "a2"]);
}

#[tokio::test(start_paused = true)]
async fn a_conflict_makes_the_work_again_on_what_the_other_wrote() {
    let desk = Desk::new();
    desk.notary.on("a1", Does::Conflicts);
    desk.receive(notes("a1 b1")).await;
    assert_eq!((desk.effect("a1").await, desk.effect("b1").await), (Some(1), Some(1)));
    assert_eq!(desk.effect("shared").await, Some(7));
    assert!(desk.dead().await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_message_that_spoils_its_commit_is_found_among_the_others() {
    let desk = Desk::new();
    desk.notary.on("b1", Does::StagesNonsense);
    desk.receive(notes("a1 b1 c1 b2")).await;
    assert_eq!(desk.dead().await, [state(Failed, "b1"), state(Behind, "b2")]);
    assert_eq!(desk.published().await, ["a1", "c1"]);
    assert_eq!((desk.effect("a1").await, desk.effect("b1").await), (Some(1), None));
}

#[tokio::test(start_paused = true)]
async fn of_two_workers_that_see_a_requeued_message_one_handles_it() {
    let desk = Desk::new();
    desk.notary.on("a1", Does::Fails);
    desk.receive(notes("a1")).await;
    desk.notary.heal("a1");
    requeue(&desk.store, "a1").await;
    desk.faulty.delay_lease(Duration::from_secs(3));
    tokio::join!(desk.work(Duration::from_secs(10)), desk.work(Duration::from_secs(10)));
    assert_eq!(desk.effect("a1").await, Some(1));
    assert!(desk.dead().await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_does_not_wait_for_the_tries_of_a_requeued_message() {
    let desk = Desk::new();
    desk.notary.on("a1", Does::Fails);
    desk.receive(notes("a1")).await;
    desk.notary.on("a1", Does::FindsNoDatabase(100));
    requeue(&desk.store, "a1").await;
    let begun = tokio::time::Instant::now();
    desk.work(Duration::from_secs(10)).await;
    assert!(begun.elapsed() < Duration::from_secs(11), "{:?}", begun.elapsed());
    desk.notary.heal("a1");
    desk.work(Duration::from_secs(5)).await;
    assert_eq!(desk.effect("a1").await, Some(1), "its letter is still requeued, and nobody holds the lease");
}
