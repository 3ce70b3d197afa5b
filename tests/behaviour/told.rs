//! What other processes tell wakes those who wait, in virtual time: the clock stands still while somebody works, and goes on
//! only when all wait for it. So who answers at once was woken, and has not looked by himself.

use std::{future::Future, sync::atomic::Ordering, time::Duration};

use bailiwick::{
    App, Clock,
    projection::Follower,
    relay::Relay,
    store::{AnyStore, Commit, DeadLetter, DeadLetterChange, DeadSource, LeaseRequest, News},
};
use tests::{
    bank::{Account, Later, deposit, open},
    lister::{Lister, PARK_AFTER},
};
use tokio::{sync::oneshot, time::Instant};

use crate::delivery::{FaultyStore, Wire, dead, discard, letters, note, notes, requeue, send};

const LONG: Duration = Duration::from_secs(3_600);

async fn bank(store: AnyStore) -> App {
    App::builder().any_store(store).aggregate::<Account>().projection(Later).build().await.unwrap()
}

/// Runs something, which is told when to stop, beside other work.
async fn beside<T, F: Future<Output = ()>>(
    run: impl FnOnce(oneshot::Receiver<()>) -> F,
    work: impl Future<Output = T>,
) -> T {
    let (stop, stopped) = oneshot::channel::<()>();
    let work = async {
        let done = work.await;
        drop(stop);
        done
    };
    tokio::join!(run(stopped), work).1
}

async fn ends(stopped: oneshot::Receiver<()>) {
    stopped.await.unwrap_or(());
}

#[tokio::test(start_paused = true)]
async fn a_follower_and_who_waits_for_it_are_woken_by_what_other_processes_tell() {
    let faulty = FaultyStore::new();
    let ((follows, events), (waits, moves)) = (faulty.elsewhere(), faulty.elsewhere());
    let (writes, waits) = (bank(faulty.any()).await, bank(waits).await);
    let follower = Follower::new(follows, Later).look_every(LONG);
    writes.send(open("a")).await.unwrap();
    let work = async {
        for cents in 1..20 {
            tokio::time::sleep(Duration::from_secs(cents)).await;
            let done = writes.run(deposit("a", cents)).await.unwrap();
            let told = async {
                tokio::time::sleep(Duration::from_millis(1_700)).await; // nobody looks at a whole number of seconds
                let begun = Instant::now();
                events.tell(News::EVENTS);
                while writes.store().checkpoint("projection/deposits_later/1".into()).await.unwrap()
                    != Some(done.position())
                {
                    tokio::task::yield_now().await;
                }
                moves.tell(News::CHECKPOINTS);
                begun
            };
            let (waited, begun) = tokio::join!(waits.caught_up::<Later>(done.position(), LONG), told);
            waited.unwrap();
            assert_eq!(begun.elapsed(), Duration::ZERO, "somebody looked by himself");
        }
    };
    beside(|stopped| follower.run(ends(stopped)), work).await;
}

#[tokio::test(start_paused = true)]
async fn a_relay_is_woken_by_messages_and_decisions_of_other_processes() {
    let (faulty, wire) = (FaultyStore::new(), Wire::default());
    let ((store, signals), elsewhere) = (faulty.elsewhere(), faulty.any());
    let relay = Relay::new(store.clone(), wire.broker(), Clock::system()).look_every(LONG);
    wire.refuse("a1", true);
    let work = async {
        tokio::time::sleep(Duration::from_secs(60)).await;
        let begun = Instant::now();
        send(&elsewhere, notes("a1 b1")).await;
        signals.tell(News::OUTBOX);
        while dead(&store).await.is_empty() {
            tokio::task::yield_now().await;
        }
        assert_eq!(wire.texts(), ["b1"]);
        wire.refuse("a1", false);
        requeue(&elsewhere, "a1").await;
        signals.tell(News::LETTERS);
        while wire.texts().len() < 2 {
            tokio::task::yield_now().await;
        }
        assert_eq!(begun.elapsed(), Duration::ZERO, "the relay looked by itself");
    };
    beside(|stopped| relay.run(ends(stopped)), work).await;
}

/// How often a store is asked, for leases and for rows, by a relay that is given `rounds` of the processor's time.
async fn asked_in(faulty: &FaultyStore, rounds: usize) -> (usize, usize) {
    let before = (faulty.leases(), faulty.looks());
    for _ in 0..rounds {
        tokio::task::yield_now().await;
    }
    (faulty.leases() - before.0, faulty.looks() - before.1)
}

#[tokio::test(start_paused = true)]
async fn an_idle_relay_looks_once_when_a_letter_is_discarded() {
    let (faulty, wire) = (FaultyStore::new(), Wire::default());
    let store = faulty.any();
    let relay = Relay::new(store.clone(), wire.broker(), Clock::system());
    wire.refuse("a1", true);
    let work = async {
        send(&store, notes("a1")).await;
        tokio::time::sleep(LONG).await; // it has parked the message, and rests
        discard(&store, "a1").await;
        assert_eq!(asked_in(&faulty, 1_000).await, (0, 2), "once: the outbox, and the letters");
    };
    beside(|stopped| relay.run(ends(stopped)), work).await;
}

#[tokio::test(start_paused = true)]
async fn a_relay_that_stands_by_asks_for_the_lease_once_when_a_letter_is_discarded_and_looks_when_it_leads() {
    let (faulty, wire) = (FaultyStore::new(), Wire::default());
    let store = faulty.any();
    wire.refuse("a1", true);
    wire.refuse("b1", true);
    send(&store, notes("a1 b1")).await;
    Relay::new(store.clone(), wire.broker(), Clock::system()).holder("leader").run_once().await.unwrap();
    let leader = LeaseRequest { resource: "outbox".into(), holder: "leader".into(), ttl: LONG * 1_000 };
    let leader = store.lease(leader).await.unwrap().unwrap();
    let relay = Relay::new(store.clone(), wire.broker(), Clock::system());
    let work = async {
        tokio::time::sleep(LONG).await;
        wire.refuse("a1", false);
        requeue(&store, "a1").await;
        discard(&store, "b1").await;
        let (leases, _) = asked_in(&faulty, 1_000).await;
        assert!(leases <= 2, "asked for {leases} times after two decisions");
        store.release(leader).await.unwrap();
        while !dead(&store).await.is_empty() {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        assert_eq!(wire.texts(), ["a1"]);
    };
    beside(|stopped| relay.run(ends(stopped)), work).await;
}

/// Parks so many other messages, for somebody else.
async fn park_for_others(store: &AnyStore, letter: &DeadLetter, count: usize) {
    let others = (0..count).map(|_| DeadLetter {
        no: 0,
        source: DeadSource::Outbox,
        message: note(None, "other"),
        ..letter.clone()
    });
    let dead = others.map(|letter| DeadLetterChange::Park(Box::new(letter))).collect();
    store.commit(Commit { dead, ..Commit::default() }).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_decision_wakes_a_follower_to_read_all_letters_however_long_their_table() {
    let (store, lister) = (FaultyStore::new().any(), Lister::default());
    let app = bank(store.clone()).await;
    let follower = Follower::new(store.clone(), lister.clone()).look_every(LONG);
    lister.refuses.store(13, Ordering::SeqCst);
    app.send(open("a")).await.unwrap();
    app.send(deposit("a", 13)).await.unwrap();
    let work = async {
        tokio::time::sleep(LONG / 2).await;
        let letter = letters(&store).await.remove(0);
        park_for_others(&store, &letter, 2_000).await;
        for tried in PARK_AFTER + 1..PARK_AFTER + 5 {
            let begun = Instant::now();
            app.requeue(letter.no).await.unwrap();
            while lister.tried.load(Ordering::SeqCst) < tried {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            assert!(begun.elapsed() < LONG / 8, "the follower looked by itself");
        }
    };
    beside(|stopped| follower.run(ends(stopped)), work).await;
}

#[tokio::test(start_paused = true)]
async fn a_follower_looks_less_often_only_while_its_store_hears() {
    let faulty = FaultyStore::new();
    let (store, signals) = faulty.elsewhere();
    let (writes, follower) = (bank(faulty.any()).await, Follower::new(store, Later));
    let taken_after = async |cents: u64| {
        tokio::time::sleep(Duration::from_secs(60)).await; // its pauses are as long as they get
        let position = writes.run(deposit("a", cents)).await.unwrap().position();
        let begun = Instant::now();
        while writes.store().checkpoint("projection/deposits_later/1".into()).await.unwrap() != Some(position) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        begun.elapsed()
    };
    writes.send(open("a")).await.unwrap();
    let work = async {
        let mut longest = [Duration::ZERO; 2];
        for cents in 1..=30 {
            signals.set_hearing(cents % 2 == 0);
            let place = &mut longest[usize::from(cents % 2 == 0)];
            *place = (*place).max(taken_after(cents).await);
            tokio::time::sleep(Duration::from_millis(cents * 37)).await;
        }
        let [deaf, hearing] = longest;
        assert!(deaf <= Duration::from_millis(252), "{deaf:?}");
        assert!(hearing <= Duration::from_millis(1_002) && hearing > Duration::from_millis(252), "{hearing:?}");
    };
    beside(|stopped| follower.run(ends(stopped)), work).await;
}
