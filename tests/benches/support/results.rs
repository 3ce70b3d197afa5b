//! RESULTS.md: one section per area, each written by its own bench.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use bailiwick::Clock;

use super::{Args, Judged, Outcome, Spread, Verdict, machine};

/// Beside the benches, also for a package below theirs.
fn file() -> PathBuf {
    let mut places = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|folder| folder.join("benches/RESULTS.md"));
    places.find(|place| place.exists()).unwrap()
}

const HEAD: &str = "# Results\n\nWritten by `cargo bench -p tests --bench AREA -- --write`. A ratio is taken inside a \
round, all sides in one process; shown is the median, with quartiles. The base runs twice in every round: where it \
differs from itself by more than 5 % (CPU) or 10 % (database), the gates of the case are open. **must**: no release \
without it; moonshot: wanted, never blocking. How the sides are built stands in the bench of the area.\n";

/// The section of an area.
#[derive(Debug)]
pub struct Section {
    name: &'static str,
    about: &'static str,
    rounds: usize,
    outcomes: Vec<Outcome>,
}

impl Section {
    pub(super) fn new(name: &'static str, about: &'static str, args: &Args) -> Self {
        Self { name, about, rounds: args.rounds, outcomes: Vec::new() }
    }

    pub(super) fn add(&mut self, outcome: Outcome) {
        self.outcomes.push(outcome);
    }

    /// Puts the section into the file, in place of the one of the same name.
    fn write(&self) {
        let old = fs::read_to_string(file()).unwrap_or_default();
        let others = old.split("\n## ").skip(1).filter(|section| section.lines().next() != Some(self.name));
        let mut sections: Vec<String> = others.map(|section| format!("## {}", section.trim_end())).collect();
        sections.push(self.text());
        sections.sort();
        fs::write(file(), format!("{HEAD}\n{}\n", sections.join("\n\n"))).unwrap();
    }

    /// Writes the section and says which musts are missed, as the arguments ask.
    pub(super) fn finish(&self, args: &Args) -> ExitCode {
        if args.write {
            self.write();
        }
        if !args.check {
            return ExitCode::SUCCESS;
        }
        let of = |verdict| move |judged: &&Judged| judged.verdict == verdict;
        for outcome in &self.outcomes {
            outcome
                .musts()
                .filter(of(Verdict::Missed))
                .for_each(|judged| eprintln!("MISSED {}, {judged}", outcome.name));
        }
        println!("checked: {}", self.summary());
        let missed = self.outcomes.iter().flat_map(Outcome::musts).any(|judged| judged.verdict == Verdict::Missed);
        if missed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }

    fn text(&self) -> String {
        let date: String = Clock::system().now().to_string().chars().take(10).collect();
        let mut text = format!("## {}\n\n{}\n\n", self.name, self.about);
        let _ = writeln!(text, "{date}; {}; {} rounds.\n\n{}\n", machine::class(), self.rounds, self.summary());
        text.push_str("| case | base | sides, × base | A/A | gates |\n|---|---|---|---|---|\n");
        for outcome in &self.outcomes {
            let _ = writeln!(text, "{}", row(outcome));
        }
        let reasons: Vec<String> = self.outcomes.iter().flat_map(reasons).collect();
        if !reasons.is_empty() {
            let _ = write!(text, "\nWhy a must is missed:\n\n{}\n", reasons.join("\n"));
        }
        text.trim_end().to_owned()
    }

    fn summary(&self) -> String {
        let count = |verdict| {
            let musts = self.outcomes.iter().flat_map(Outcome::musts);
            musts.filter(|judged| judged.verdict == verdict).count()
        };
        let (met, missed, open) = (count(Verdict::Met), count(Verdict::Missed), count(Verdict::Open));
        format!("Musts: {met} met, {missed} missed, {open} open.")
    }
}

fn row(outcome: &Outcome) -> String {
    let sides = outcome.sides.iter().skip(1).map(|(name, ratio)| format!("{name} {ratio}"));
    let sides = sides.collect::<Vec<_>>().join("<br>");
    let gates = outcome.gates.iter().map(Judged::to_string).collect::<Vec<_>>().join("<br>");
    let base = outcome.sides.first().map_or("", |(name, _)| name);
    let Spread { median, .. } = outcome.twice;
    let twice = if median.is_finite() { format!("{median:.2}") } else { "–".into() };
    format!("| {} | {base} {} | {sides} | {twice} | {gates} |", outcome.name, outcome.told())
}

fn reasons(outcome: &Outcome) -> impl Iterator<Item = String> + '_ {
    let missed = outcome.musts().filter(|judged| judged.verdict == Verdict::Missed);
    missed.map(|judged| {
        let reason = judged.gate.because.unwrap_or("not explained yet.");
        format!("- {}, {}: {reason}", outcome.name, judged.gate)
    })
}
