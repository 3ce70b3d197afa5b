//! Counts of instructions: callgrind runs one side 2 N and N times; the difference over N is what one piece of work takes,
//! whatever else the machine does.

use std::{collections::BTreeMap, env, fmt::Write as _, fs, process::Command};

use super::{Case, Clock, Timer};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/instructions.toml");
const TIMES: u64 = 2_000;

/// Runs one side so many times, unmeasured.
pub fn run(case: &mut Case, side: Option<&str>, times: u64) {
    for candidate in case.sides.iter_mut().filter(|candidate| side.is_none_or(|side| side == candidate.name)) {
        let mut timer = Timer::new(Clock::Stopped);
        std::hint::black_box((candidate.run)(&mut timer, times));
    }
}

/// The counts of the cases of an area: case, side, instructions.
#[derive(Debug, Default)]
pub struct Counts(BTreeMap<String, Vec<(&'static str, u64)>>);

impl Counts {
    /// Counts every side of a case; nothing where callgrind is not there.
    pub fn add(&mut self, name: &str, case: &Case) {
        let count =
            |side: &&'static str| Some((*side, (total(name, side, 2 * TIMES)? - total(name, side, TIMES)?) / TIMES));
        let sides: Vec<_> = case.sides.iter().map(|side| side.name).collect();
        let counts: Vec<_> = sides.iter().filter_map(count).collect();
        for (side, instructions) in &counts {
            println!("{name}: {side} {instructions} instructions");
        }
        self.0.insert(name.into(), counts);
    }

    /// Writes them beside the results.
    pub fn write(&self) {
        let mut text = String::from(
            "# Instructions of one piece of work, by callgrind: `cargo bench -p tests --bench dispatch -- --count --write`.\n\
             # A rise is committed with its reason.\n",
        );
        for (name, counts) in &self.0 {
            let _ = writeln!(text, "\n[{name:?}]");
            for (side, instructions) in counts {
                let _ = writeln!(text, "{side:?} = {instructions}");
            }
        }
        fs::write(FILE, text).unwrap();
    }
}

fn total(case: &str, side: &str, times: u64) -> Option<u64> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(env::current_exe().ok()?);
    valgrind.args(["--case", case, "--side", side, "--instructions", &times.to_string()]);
    let said = String::from_utf8_lossy(&valgrind.output().ok()?.stderr).into_owned();
    if said.contains("terminating") {
        return None;
    }
    said.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse().ok())
}
