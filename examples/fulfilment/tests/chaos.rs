//! The program, killed at random moments: what it had acknowledged is in the store as it was left, and whatever was begun, a
//! further run ends with the same figures.
#![allow(clippy::unwrap_used, reason = "plain speech in tests")]

#[allow(dead_code, reason = "each test takes what it needs")]
mod support;

use std::{
    collections::HashSet,
    hash::{BuildHasher as _, RandomState},
    path::{Path, PathBuf},
    process::Stdio,
    thread::sleep,
    time::Duration,
};

use support::{Shop, stored, text};

/// How often the program is killed: by turns at any moment, and as soon as it has acknowledged some new orders.
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

/// The lines of the orders that the program had answered for.
fn acknowledged(journal: &Path) -> HashSet<u64> {
    let said = std::fs::read_to_string(journal).unwrap_or_default();
    said.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n')).map(|line| line.parse().unwrap()).collect()
}

/// How many lines the journal has.
fn lines(journal: &Path) -> usize {
    std::fs::read(journal).unwrap_or_default().iter().filter(|byte| **byte == b'\n').count()
}

/// The import and what is known of it.
struct World {
    shop: Shop,
    journal: PathBuf,
    random: Random,
    /// Milliseconds after which the latest kill comes.
    longest: u64,
    /// The orders in the store after the last kill.
    stored: HashSet<u64>,
}

impl World {
    fn new() -> Self {
        let shop = Shop::new();
        let journal = shop.path("journal.txt");
        Self { shop, journal, random: Random::new(), longest: 1_500, stored: HashSet::new() }
    }

    /// Imports so many orders and is killed; whether that met it at work.
    fn kill(&mut self, kill: u64) -> bool {
        let limit = (kill * STEP).to_string();
        let mut command = self.shop.command(&["--json", "--limit", &limit, "--journal", text(&self.journal)]);
        let mut import = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        if kill.is_multiple_of(2) {
            let new = usize::try_from(self.random.below(STEP)).unwrap();
            let enough = lines(&self.journal) + self.stored.len() + new; // those that are there are answered again
            while lines(&self.journal) < enough && import.try_wait().unwrap().is_none() {
                sleep(Duration::from_millis(1));
            }
        } else {
            sleep(Duration::from_millis(self.random.below(self.longest)));
        }
        let at_work = import.try_wait().unwrap().is_none();
        if !at_work {
            self.longest = (self.longest * 3 / 4).max(100); // it was faster than thought
        }
        import.kill().unwrap();
        import.wait().unwrap();
        at_work
    }

    /// Every order that was acknowledged is in the store, and so is what was there before; whether one of them is new.
    fn judge(&mut self, kill: u64) -> bool {
        let (acknowledged, stored) = (acknowledged(&self.journal), stored(&self.shop));
        let lost: Vec<_> = acknowledged.difference(&stored).collect();
        assert!(lost.is_empty(), "after kill {kill}, orders are lost that were acknowledged, of lines {lost:?}");
        assert!(self.stored.is_subset(&stored), "after kill {kill}, orders are lost that were there before");
        let new = !acknowledged.is_subset(&self.stored);
        self.stored = stored;
        new
    }
}

#[test]
fn a_killed_import_has_lost_no_acknowledged_order_and_is_finished_by_the_next() {
    let mut world = World::new();
    let (mut at_work, mut after_new) = (0, 0);
    for kill in 1..=KILLS {
        at_work += u64::from(world.kill(kill));
        after_new += u64::from(world.judge(kill));
    }
    assert!(at_work >= KILLS / 2, "{at_work} of {KILLS} kills met the program at work");
    assert!(after_new >= KILLS / 4, "{after_new} of {KILLS} kills met it after it had acknowledged a new order");
    same_figures(&world.shop);
}

/// The next run ends with the figures of an import in peace, and one more finds nothing to do.
fn same_figures(shop: &Shop) {
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
