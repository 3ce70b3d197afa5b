//! What the macros cost who compiles: their own build, and a hundred uses of each beside the same written by hand.
//!
//! Packages are written into the target folder and built by cargo; what counts is the CPU time of cargo and everything it
//! starts.

mod support;

#[path = "expand/cargo.rs"]
mod cargo;
#[path = "expand/machines.rs"]
mod machines;
#[path = "expand/uses.rs"]
mod uses;

use std::process::ExitCode;

use cargo::{Packages, Work};
use support::{Area, Gate, Outcome, Spread, Unit};

/// Derives and attributes, and what each may cost to build, in times of syn: see ARCHITECTURE.md, 40.
const MACROS: f64 = 12.0;
const PER_MACRO: f64 = 0.2;

const ABOUT: &str = "CPU seconds of cargo and rustc, dev profile, one job. Cold builds in an empty target folder, three \
rounds. A hundred uses: `cargo check` of a package that holds nothing but a hundred uses of one macro, or the same impls \
written by hand, less that of an empty package with the same dependencies; both hold the same types around them, with the \
same derives of serde. A hundred machines: the same, each beside an empty package that stands on nothing else than it; \
dependencies are built before.";

const BODIES: &str = "statig and smlang write no names, no text, no serde, no question before the deed, no graph: rustc checks \
about 26 bodies of each of theirs, and 55 of each of ours. The side with names is statig and, by hand, the names, text and serde of \
its states and events.";

/// Cold builds are long: fewer rounds.
const COLD: usize = 3;
/// Uses of a macro in a package.
const USES: usize = 100;

fn main() -> ExitCode {
    let mut area = Area::new("expand", ABOUT);
    if area.args().count {
        return area.finish(); // other programs do the work: nothing of it can be counted
    }
    let packages = Packages::new();
    let wanted = |area: &Area, name: &str| area.args().wants(name);
    if wanted(&area, "build of the macros") {
        let rounds = area.args().rounds.min(COLD);
        area.measure(|| cold(&packages, rounds).into());
    }
    for uses in uses::ALL {
        let name = format!("{USES} × {}", uses.name);
        if wanted(&area, &name) {
            let rounds = area.args().rounds;
            area.measure(|| vec![hundred(&packages, uses, &name, rounds)]);
        }
    }
    for verb in ["check", "build"] {
        let name = format!("{USES} machines, cargo {verb}");
        if wanted(&area, &name) {
            let rounds = area.args().rounds;
            area.measure(|| vec![hundred_machines(&packages, verb, &name, rounds)]);
        }
    }
    area.finish()
}

/// What the macros and what they stand on take to build, beside syn.
fn cold(packages: &Packages, rounds: usize) -> [Outcome; 2] {
    let (mut full, mut dependencies, mut syn, mut own) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        let alone = packages.cold(Work::Syn);
        let all = packages.cold(Work::Macros);
        full.push(alone.everything);
        syn.push(alone.last);
        dependencies.push(all.everything - all.last);
        own.push(all.last);
    }
    let musts =
        [("dependencies of the macros, cold", 1.9, 1.5), ("the macros themselves, cold", PER_MACRO * MACROS, 1.2)];
    let measured = [(full, dependencies, "syn 3 and its own"), (syn, own, "syn 3 alone")];
    let mut outcomes = musts.into_iter().zip(measured).map(|((name, must, moonshot), (base, ours, against))| {
        let ratio = Spread::of(ours.iter().zip(&base).map(|(ours, base)| ours / base).collect());
        let gates = [Gate::must("ours", must, against), Gate::moonshot("ours", moonshot, against)];
        seconds(name, against, Spread::of(base).median, ratio, &gates)
    });
    let mut next = || outcomes.next().unwrap_or_else(|| unreachable!("there are two"));
    [next(), next()]
}

/// A hundred uses of a macro beside the hand-written twins.
fn hundred(packages: &Packages, uses: &uses::Uses, name: &str, rounds: usize) -> Outcome {
    let empty = packages.package("empty", "");
    let twin = packages.package(&format!("{}_twin", uses.package), &uses.twins(USES));
    let ours = packages.package(&format!("{}_macro", uses.package), &uses.macros(USES));
    let (mut base, mut ratios, mut twice) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..=rounds.min(5) {
        let nothing = packages.check(&empty);
        let (by_hand, by_macro, again) = (packages.check(&twin), packages.check(&ours), packages.check(&twin));
        if round > 0 {
            base.push(by_hand - nothing);
            twice.push((again - nothing) / (by_hand - nothing));
            ratios.push((by_macro - nothing) / (by_hand - nothing));
        }
    }
    let gates = [Gate::must("macro", 5.0, "twin"), Gate::moonshot("macro", 3.0, "twin")];
    let outcome = seconds(name, "twin", Spread::of(base).median, Spread::of(ratios), &gates);
    Outcome { twice: Spread::of(twice), ..outcome }
}

/// A hundred machines, by hand and by each of the macros.
fn hundred_machines(packages: &Packages, verb: &str, name: &str, rounds: usize) -> Outcome {
    let package = |machine: &machines::Machine| {
        let empty = packages.standing_on(&format!("{}_empty", machine.package), machine.needs, "");
        (empty, packages.standing_on(machine.package, machine.needs, &machine.repeated(USES)))
    };
    let written: Vec<_> = machines::ALL.iter().map(package).collect();
    let measure = |(empty, full): &(String, String)| packages.again(verb, full) - packages.again(verb, empty);
    let (mut spent, mut twice) = (vec![Vec::new(); written.len()], Vec::new());
    for round in 0..=rounds.min(5) {
        let measured: Vec<f64> = written.iter().map(measure).collect();
        let again = measure(&written[0]);
        if round > 0 {
            twice.push(again / measured[0]);
            spent.iter_mut().zip(measured).for_each(|(all, one)| all.push(one));
        }
    }
    machines_outcome(name, &spent, Spread::of(twice))
}

fn machines_outcome(name: &str, spent: &[Vec<f64>], twice: Spread) -> Outcome {
    let of = |name: &str| &spent[machines::ALL.iter().position(|machine| machine.name == name).unwrap()];
    let ratio = |side: &str, against: &str| Spread::of(of(side).iter().zip(of(against)).map(|(a, b)| a / b).collect());
    let gates = [
        Gate::must("ours", 1.25, machines::NAMED).because(BODIES),
        Gate::moonshot("ours", 1.25, "statig").because(BODIES),
        Gate::moonshot("ours", 1.0, "smlang").because(BODIES),
    ];
    let against = [machines::NAMED, "statig", "smlang"];
    Outcome {
        name: name.into(),
        unit: Unit::Time,
        base: Spread::of(of("hand").clone()).median * 1e9,
        sides: machines::ALL.iter().map(|machine| (machine.name, ratio(machine.name, "hand"))).collect(),
        twice,
        gates: gates.iter().zip(against).map(|(gate, other)| gate.judge(ratio("ours", other), false)).collect(),
    }
}

fn seconds(name: &str, base: &'static str, median: f64, ratio: Spread, gates: &[Gate]) -> Outcome {
    Outcome {
        name: name.into(),
        unit: Unit::Time,
        base: median * 1e9,
        sides: vec![(base, Spread::exactly(1.0)), (if base == "twin" { "macro" } else { "ours" }, ratio)],
        twice: Spread::exactly(f64::NAN),
        gates: gates.iter().map(|gate| gate.judge(ratio, false)).collect(),
    }
}
