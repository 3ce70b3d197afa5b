//! The relay under chance: whatever fails, the first deliveries of each key are in order, and nothing is lost.

use std::time::Duration;

use bailiwick::{
    Clock, ErrorKind,
    relay::Relay,
    store::{AnyStore, Commit, DeadLetterChange, DeadState},
};

use crate::delivery::{Fault, FaultyStore, Wire, first_deliveries, letters, note, send};

const KEYS: [&str; 4] = ["a", "b", "c", "d"];
const ROUNDS: usize = 60;

/// A small generator of chances, the same in each run of a seed (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).unwrap()
    }

    fn is(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

struct World {
    chance: Chance,
    clock: Clock,
    faulty: FaultyStore,
    store: AnyStore,
    wire: Wire,
    relays: Vec<Relay>,
    sent: [usize; KEYS.len()],
}

impl World {
    fn new(seed: u64) -> Self {
        let clock = Clock::fixed_at("2026-01-01T00:00:00Z").unwrap();
        let faulty = FaultyStore::with_clock(clock.clone());
        let (store, wire) = (faulty.any(), Wire::default());
        let mut world = Self {
            chance: Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1),
            clock,
            faulty,
            store,
            wire,
            relays: Vec::new(),
            sent: [0; KEYS.len()],
        };
        world.relays = (0..2).map(|_| world.relay()).collect();
        world
    }

    fn relay(&self) -> Relay {
        Relay::new(self.store.clone(), self.wire.broker(), Clock::system()).batches_of(5)
    }

    async fn round(&mut self) {
        for _ in 0..self.chance.below(6) {
            let key = self.chance.below(KEYS.len());
            self.sent[key] += 1;
            let text = format!("{}{}", KEYS[key], self.sent[key]);
            if self.chance.is(10) {
                self.wire.refuse(&text, true);
            }
            send(&self.store, vec![note(Some(KEYS[key]), &text)]).await;
        }
        match self.chance.below(10) {
            0 => self.faulty.fail(Fault::Refused(ErrorKind::Transient, "store/busy")),
            1 => self.faulty.fail(Fault::AnswerLost),
            2 => self.faulty.fail(Fault::Hangs),
            3 => self.wire.accept_only(self.chance.below(4)),
            4 => self.wire.down(false),
            5 => self.clock.advance(Duration::from_secs(11)),
            6 => self.decide().await,
            _ => {}
        }
        let at = self.chance.below(2);
        let pass = tokio::time::timeout(Duration::from_secs(60), self.relays[at].run_once()).await;
        if pass.is_err() {
            self.relays[at] = self.relay(); // it died in its commit
        }
        tokio::time::sleep(Duration::from_millis(self.chance.below(40_000) as u64)).await;
    }

    /// Somebody looks at the failed messages and has one of them tried again, mended or not.
    async fn decide(&mut self) {
        let failed: Vec<_> = letters(&self.store).await.into_iter().filter(|l| l.state == DeadState::Failed).collect();
        if failed.is_empty() {
            return;
        }
        let letter = &failed[self.chance.below(failed.len())];
        if self.chance.is(70) {
            self.wire.refuse(&crate::delivery::text(&letter.message), false);
        }
        let dead = vec![DeadLetterChange::Mark(letter.no, DeadState::Requeued)];
        self.store.commit(Commit { dead, ..Commit::default() }).await.unwrap();
    }

    /// Everything works again, and everything that failed is mended.
    async fn heal(&mut self) {
        self.wire.down(false);
        self.wire.accept_only(usize::MAX);
        while self.faulty.forget_fault() {}
        for _ in 0..200 {
            for letter in letters(&self.store).await {
                self.wire.refuse(&crate::delivery::text(&letter.message), false);
                let dead = vec![DeadLetterChange::Mark(letter.no, DeadState::Requeued)];
                self.store.commit(Commit { dead, ..Commit::default() }).await.unwrap();
            }
            self.clock.advance(Duration::from_secs(11));
            drop(self.relays[0].run_once().await); // it may have lost its lease to the other one
            tokio::time::sleep(Duration::from_secs(40)).await;
            let counts = self.store.counts().await.unwrap();
            if counts.outbox + counts.dead == 0 {
                return;
            }
        }
        panic!("the outbox does not become empty: {:?}", self.store.counts().await);
    }
}

#[tokio::test(start_paused = true)]
async fn first_deliveries_of_a_key_are_in_order_whatever_fails() {
    for seed in 1..=200 {
        let mut world = World::new(seed);
        for _ in 0..ROUNDS {
            world.round().await;
        }
        world.heal().await;
        let texts = world.wire.texts();
        for (key, sent) in KEYS.iter().zip(world.sent) {
            let expected: Vec<_> = (1..=sent).map(|n| format!("{key}{n}")).collect();
            let first = first_deliveries(&texts, key.chars().next().unwrap());
            assert_eq!(first, expected, "seed {seed}");
        }
    }
}
