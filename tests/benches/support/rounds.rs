//! Paired, interleaved rounds.

use std::{fmt, time::Duration};

use super::{Batch, Case, Clock, Judged, Side, Spread, Timer, Verdict};

/// What came out of a case.
#[derive(Debug)]
pub struct Outcome {
    /// The case.
    pub name: String,
    /// The median of the base, in nanoseconds.
    pub base: f64,
    /// Each side, × base; the base itself is the first.
    pub sides: Vec<(&'static str, Spread)>,
    /// The base against itself.
    pub twice: Spread,
    /// The promises.
    pub gates: Vec<Judged>,
}

impl Outcome {
    /// Whether every must is met.
    pub fn met(&self) -> bool {
        self.musts().all(|judged| judged.verdict == Verdict::Met)
    }

    /// The musts.
    pub fn musts(&self) -> impl Iterator<Item = &Judged> {
        self.gates.iter().filter(|judged| judged.gate.must)
    }
}

/// Runs every side once per round, in rotating order; the base twice. Round 0 warms up and is dropped.
pub fn measure(name: &str, mut case: Case, rounds: usize) -> Outcome {
    let times: Vec<u64> = calibrate(&mut case);
    let entries: Vec<usize> = std::iter::once(0).chain(0..case.sides.len()).collect();
    let mut measured: Vec<Vec<f64>> = vec![Vec::new(); entries.len()];
    let mut answer = None;
    for round in 0..=rounds {
        for turn in 0..entries.len() {
            let entry = (turn + round) % entries.len();
            let side = entries[entry];
            let (spent, answered) = run(&mut case.sides[side], case.clock, times[side]);
            let expected = *answer.get_or_insert(answered);
            assert_eq!(answered, expected, "{name}: `{}` did other work than the rest", case.sides[side].name);
            if round > 0 {
                measured[entry].push(spent / case.parts as f64);
            }
        }
    }
    prove(name, &mut case.sides);
    outcome(name, &case, &measured)
}

/// One side's nanoseconds and answer per piece of work.
fn run(side: &mut Side, clock: Clock, times: u64) -> (f64, u64) {
    let mut timer = Timer::new(clock);
    let answer = (side.run)(&mut timer, times);
    side.done += answer;
    assert_eq!(answer % times, 0, "`{}` does not do the same each time", side.name);
    (timer.per_piece(times), answer / times)
}

fn calibrate(case: &mut Case) -> Vec<u64> {
    let (batch, clock) = (case.batch, case.clock);
    let times = |side: &mut Side| match batch {
        Batch::Times(times) => times,
        Batch::Lasting(wanted) => lasting(side, clock, wanted),
    };
    case.sides.iter_mut().map(times).collect()
}

fn lasting(side: &mut Side, clock: Clock, wanted: Duration) -> u64 {
    let mut times = 16;
    loop {
        let spent = run(side, clock, times).0 * times as f64;
        let wanted = wanted.as_nanos() as f64;
        if spent >= wanted / 4.0 {
            return ((times as f64 * wanted / spent).ceil() as u64).max(1);
        }
        times *= 4;
    }
}

fn prove(name: &str, sides: &mut [Side]) {
    for side in sides {
        if let Some(proof) = &mut side.proof {
            assert_eq!(proof(), side.done, "{name}: `{}` did less than it said", side.name);
        }
    }
}

fn outcome(name: &str, case: &Case, measured: &[Vec<f64>]) -> Outcome {
    let ratio = |side: &[f64], against: &[f64]| Spread::of(side.iter().zip(against).map(|(a, b)| a / b).collect());
    let twice = ratio(&measured[1], &measured[0]);
    let tolerance = if case.clock == Clock::Wall { 0.10 } else { 0.05 };
    let void = (twice.median - 1.0).abs() > tolerance;
    // The first two are the base; what is told of it is its first.
    let place = |name: &str| match case.sides.iter().position(|side| side.name == name) {
        Some(0) => 0,
        Some(side) => side + 1,
        None => panic!("no side is named `{name}`"),
    };
    let sides = case.sides.iter().map(|side| (side.name, ratio(&measured[place(side.name)], &measured[0]))).collect();
    let gates = case.gates.iter();
    let gates = gates.map(|gate| gate.judge(ratio(&measured[place(gate.side)], &measured[place(gate.against)]), void));
    let base = Spread::of(measured[0].clone()).median;
    Outcome { name: name.into(), base, sides, twice, gates: gates.collect() }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let base = self.sides.first().map_or("base", |(name, _)| name);
        writeln!(f, "{}: {base} {}, against itself {}", self.name, duration(self.base), self.twice)?;
        for (name, ratio) in self.sides.iter().skip(1) {
            writeln!(f, "    {name:<28} × {ratio}")?;
        }
        for judged in &self.gates {
            writeln!(f, "    {judged}")?;
        }
        Ok(())
    }
}

/// Nanoseconds in the unit that reads best.
pub fn duration(nanos: f64) -> String {
    match nanos {
        n if n < 1_000.0 => format!("{n:.1} ns"),
        n if n < 1_000_000.0 => format!("{:.1} µs", n / 1e3),
        n if n < 1e9 => format!("{:.1} ms", n / 1e6),
        n => format!("{:.2} s", n / 1e9),
    }
}
