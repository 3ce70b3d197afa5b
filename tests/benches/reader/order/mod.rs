//! Eight writers with rollbacks and long transactions, and readers beside them: what they lose, how far they are behind, how
//! long they stand still.

mod foreign;
mod readers;
mod writers;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use self::{
    foreign::Foreign,
    readers::{Read, Reader},
};
use super::{
    postgres::database::Ours,
    setting::together,
    support::{Area, Gate, Mode, Outcome, Size, Unit},
};

/// Transactions; the promise speaks of a million.
const SMALL: u64 = 30_000;
const FULL: u64 = 1_000_000;

const LOST: &str = "ours, lost";
const BEHIND: &str = "ours, behind";
const LONGEST: &str = "longest own transaction";

pub fn cases(area: &mut Area) {
    let many = if area.args().size == Size::Full { FULL } else { SMALL };
    for (name, transactions, foreign) in
        [("8 writers", many, false), ("8 writers beside a foreign write transaction of 3 s", SMALL, true)]
    {
        if area.args().wants(name) {
            area.measure(|| outcomes(name, &run(transactions, foreign)));
        }
    }
}

/// What came of a run.
struct Run {
    /// The positions that are stored.
    stored: Vec<u64>,
    /// The longest transaction of the writers.
    longest: Duration,
    ours: Read,
    /// `position > last`.
    above: Read,
    /// Behind the oldest transaction of the server.
    oldest: Read,
}

fn run(transactions: u64, foreign: bool) -> Run {
    let (runtime, ours) = (together(), Ours::new(Mode::Relaxed));
    let foreign = foreign.then(Foreign::new);
    let (done, over) = (Arc::new(AtomicBool::new(false)), tokio::sync::watch::Sender::new(false));
    let run = runtime.block_on(async {
        let aside = foreign.as_ref().map(|foreign| tokio::spawn(foreign.transactions(over.subscribe())));
        let reads = Reader::all(&ours).await.map(|reader| tokio::spawn(readers::follow(reader, done.clone())));
        let longest = writers::write(&ours, transactions).await;
        done.store(true, Ordering::SeqCst);
        let [read, above, oldest] = reads;
        let (read, above, oldest) = (read.await.unwrap(), above.await.unwrap(), oldest.await.unwrap());
        over.send_replace(true);
        if let Some(aside) = aside {
            aside.await.unwrap();
        }
        Run { stored: readers::stored(&ours).await, longest, ours: read, above, oldest }
    });
    drop(foreign);
    run
}

fn outcomes(name: &str, run: &Run) -> Vec<Outcome> {
    let Run { stored, longest, ours, above, oldest } = run;
    let events = ("events", stored.len() as f64);
    let lost = [events, (LOST, ours.lost(stored)), ("position > last, lost", above.lost(stored))];
    let behind = [
        events,
        (BEHIND, ours.behind(stored)),
        ("position > last, behind", above.behind(stored)),
        ("behind the oldest transaction, behind", oldest.behind(stored)),
    ];
    let nanos = |duration: Duration| duration.as_nanos() as f64;
    let still = [
        (LONGEST, nanos(*longest)),
        ("ours", nanos(ours.standstill)),
        ("position > last", nanos(above.standstill)),
        ("behind the oldest transaction", nanos(oldest.standstill)),
    ];
    let limits = [
        Gate::must("ours", 1.1, LONGEST).and(Duration::from_millis(20)),
        Gate::moonshot("ours", 1.1, LONGEST).and(Duration::from_millis(5)),
    ];
    // Where a reader without care loses nothing, it shows nothing that ours does not either.
    let easy = above.lost(stored) == 0.0;
    vec![
        Outcome::once(&format!("{name}, events lost"), Unit::Events, &lost, &[Gate::count(LOST, 0)], easy),
        Outcome::once(
            &format!("{name}, behind after one poll"),
            Unit::Events,
            &behind,
            &[Gate::count(BEHIND, 0)],
            false,
        ),
        Outcome::once(&format!("{name}, longest standstill"), Unit::Time, &still, &limits, false),
    ]
}
