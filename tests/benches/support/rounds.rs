//! Paired, interleaved rounds.

use std::{fmt, time::Duration};

use super::{Batch, Case, Clock, Gate, Judged, Side, Spread, Timer, Verdict};

/// In what something is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Nanoseconds; sides are told as ratios.
    Time,
    /// A number of events; sides are told as they are.
    Events,
}

/// What came out of a case.
#[derive(Debug)]
pub struct Outcome {
    /// The case.
    pub name: String,
    /// In what it was measured.
    pub unit: Unit,
    /// The median of the base, in that unit.
    pub base: f64,
    /// Each side, × base, or as it was counted; the base itself is the first.
    pub sides: Vec<(&'static str, Spread)>,
    /// The base against itself.
    pub twice: Spread,
    /// The promises.
    pub gates: Vec<Judged>,
}

impl Outcome {
    /// What was measured as a whole and once; the first value is the base. `void` if it says nothing.
    pub fn once(name: &str, unit: Unit, values: &[(&'static str, f64)], gates: &[Gate], void: bool) -> Self {
        let of = |name: &str| values.iter().find(|value| value.0 == name).map(|value| std::slice::from_ref(&value.1));
        let base = values[0].1;
        let told = |value: f64| if unit == Unit::Time { value / base } else { value };
        Self {
            name: name.into(),
            unit,
            base,
            sides: values.iter().map(|(name, value)| (*name, Spread::exactly(told(*value)))).collect(),
            twice: Spread::exactly(f64::NAN),
            gates: gates.iter().map(|gate| gate.hold(|name| of(name).unwrap(), void)).collect(),
        }
    }

    /// The base in its unit.
    pub(super) fn told(&self) -> String {
        match self.unit {
            Unit::Time => duration(self.base),
            Unit::Events => self.base.to_string(),
        }
    }

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
            let (spent, answered) = run(&mut case.sides[side], (case.clock, case.percentile), times[side]);
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
fn run(side: &mut Side, (clock, percentile): (Clock, usize), times: u64) -> (f64, u64) {
    let mut timer = Timer::new(clock, percentile);
    let answer = (side.run)(&mut timer, times);
    side.done += answer;
    assert_eq!(answer % times, 0, "`{}` does not do the same each time", side.name);
    (timer.per_piece(times), answer / times)
}

fn calibrate(case: &mut Case) -> Vec<u64> {
    let (batch, clock) = (case.batch, (case.clock, case.percentile));
    let times = |side: &mut Side| match batch {
        Batch::Times(times) => times,
        Batch::Lasting(wanted) => lasting(side, clock, wanted),
    };
    case.sides.iter_mut().map(times).collect()
}

fn lasting(side: &mut Side, clock: (Clock, usize), wanted: Duration) -> u64 {
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
    let gates = case.gates.iter().map(|gate| gate.hold(|name| &measured[place(name)], void));
    let base = Spread::of(measured[0].clone()).median;
    Outcome { name: name.into(), unit: Unit::Time, base, sides, twice, gates: gates.collect() }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let base = self.sides.first().map_or("base", |(name, _)| name);
        let twice = Some(self.twice).filter(|twice| twice.median.is_finite());
        let twice = twice.map_or_else(String::new, |twice| format!(", against itself {twice}"));
        writeln!(f, "{}: {base} {}{twice}", self.name, self.told())?;
        let times = if self.unit == Unit::Time { "× " } else { "" };
        for (name, value) in self.sides.iter().skip(1) {
            writeln!(f, "    {name:<28} {times}{value}")?;
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
