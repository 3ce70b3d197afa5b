//! The program, killed at random moments: whatever was begun, a further run ends with the same figures.
#![allow(clippy::unwrap_used, reason = "plain speech in tests")]

#[allow(dead_code, reason = "each test takes what it needs")]
mod support;

use std::{
    hash::{BuildHasher as _, RandomState},
    process::Stdio,
    thread::sleep,
    time::Duration,
};

use support::Shop;

/// How often the program is killed.
const KILLS: u64 = 20;

/// Each run may import so many orders more than the one before, so that there is something to interrupt.
const STEP: u64 = 300;

/// Random numbers that can be had again: `FULFILMENT_SEED=… cargo test -p fulfilment --test chaos`.
struct Random(u64);

impl Random {
    fn new() -> Self {
        let given = std::env::var("FULFILMENT_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = given.unwrap_or_else(|| RandomState::new().hash_one("seed"));
        eprintln!("FULFILMENT_SEED={seed}");
        Self(seed | 1)
    }

    /// A number below `end`.
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

#[test]
fn a_killed_import_is_finished_by_the_next() {
    let (shop, mut random) = (Shop::new(), Random::new());
    let mut killed_at_work = 0;
    let mut longest = 1_500;
    for kill in 1..=KILLS {
        let limit = (kill * STEP).to_string();
        let mut command = shop.command(&["--json", "--limit", &limit]);
        let mut import = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        sleep(Duration::from_millis(random.below(longest)));
        match import.try_wait().unwrap() {
            None => killed_at_work += 1,
            Some(_) => longest = (longest * 3 / 4).max(100), // it was faster than thought
        }
        import.kill().unwrap();
        import.wait().unwrap();
    }
    assert!(killed_at_work >= KILLS / 2, "{killed_at_work} of {KILLS} kills met the program at work");

    let limit = (KILLS * STEP).to_string();
    let survived = shop.figures(&["--limit", &limit]);
    let unharmed = Shop::new().figures(&["--limit", &limit]);
    let names = ["orders", "customers", "items", "revenue_cents", "projection_orders", "projection_customers"];
    let more =
        ["projection_revenue_cents", "tiers", "events", "months", "best_customers", "outbox_pending", "dead_letters"];
    for name in names.iter().chain(&more) {
        assert_eq!(survived[name], unharmed[name], "{name}");
    }
    assert_eq!((&survived["both_sides_agree"], &survived["outbox_pending"]), (&true.into(), &0.into()));
    assert_eq!(shop.figures(&["--limit", &limit])["new_events"], 0);
}
