//! Checks logs of a service desk against its state machine.
//!
//! The logs are made here: random walks through the machine ([`conformance::desk`]), with a known number of mistakes of each kind put in
//! ([`walk`]), written as CSV and as XES under gzip ([`write`]). Then they are read as any log is, event by event, and what is
//! found must be what was put in: otherwise the program fails.

mod memory;
mod walk;
mod write;

use std::{
    error::Error,
    path::{Path, PathBuf},
    process::ExitCode,
};

use bailiwick::conformance::{By, LogMap, Report, Violations, read_file};
use clap::Parser;
use conformance::desk::Ticket;

use crate::walk::{Mistakes, Walks};

/// Makes logs of a service desk with mistakes put in, and checks that each is found.
#[derive(Parser, Debug)]
#[command(name = "conformance", version)]
struct Cli {
    /// Events in each log
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    events: u64,

    /// Tickets that are open at the same time
    #[arg(long, value_name = "N", default_value_t = 200)]
    open: usize,

    /// What the random choices start from
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,

    /// Keeps the logs in FOLDER
    #[arg(long, value_name = "FOLDER")]
    keep: Option<PathBuf>,

    /// Prints the reports as JSON, one object a line
    #[arg(long)]
    json: bool,
}

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether in every log just those mistakes were found that were put in.
fn run(cli: &Cli) -> Result<bool, Box<dyn Error>> {
    let passing = tempfile::tempdir()?;
    let folder = cli.keep.as_deref().unwrap_or(passing.path());
    let mut all = true;
    for by in [By::State, By::Transition] {
        let walks = || Walks::new(by, cli.events, cli.open, cli.seed);
        let csv = folder.join(format!("desk-by-{by}.csv"));
        let seeded = write::csv(&csv, walks())?;
        all &= compare(cli, &csv, by, &seeded)?;
        let xes = folder.join(format!("desk-by-{by}.xes.gz"));
        let seeded = write::xes(&xes, walks())?;
        all &= compare(cli, &xes, by, &seeded)?;
    }
    Ok(all)
}

fn compare(cli: &Cli, path: &Path, by: By, seeded: &Mistakes) -> Result<bool, Box<dyn Error>> {
    let mut map = LogMap::default();
    map.by = by;
    let mut check = map.check(&Ticket::GRAPH)?.limit(3);
    let before = memory::peak();
    read_file(path, &map, &mut check)?;
    let report = check.finish();
    if cli.json {
        println!("{}", serde_json::to_string(&report)?);
    } else {
        tell(cli, path, (before, memory::peak()), &report);
    }
    Ok(found(seeded, &report))
}

fn tell(cli: &Cli, path: &Path, memory: (Option<u64>, Option<u64>), report: &Report) {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let kib = |bytes: Option<u64>| bytes.map_or("unknown".into(), |bytes| format!("{} KiB", bytes / 1_024));
    println!("== {name}, seed {}\n{report}", cli.seed);
    println!("peak memory before {}, after {}", kib(memory.0), kib(memory.1));
}

/// Prints what was put in beside what was found; whether they are the same.
fn found(seeded: &Mistakes, report: &Report) -> bool {
    let Violations { unknown_activity, not_initial, illegal, after_terminal, .. } = report.violations;
    let rows = [
        ("events", seeded.events, report.events),
        ("cases", seeded.cases, report.cases),
        ("unknown activity", seeded.unknown_activity, unknown_activity),
        ("not initial", seeded.not_initial, not_initial),
        ("illegal", seeded.illegal, illegal),
        ("after terminal", seeded.after_terminal, after_terminal),
        ("unfinished", seeded.unfinished, report.unfinished),
        ("equal times", seeded.equal_times, report.equal_times),
        ("backward times", seeded.backward_times, report.backward_times),
    ];
    eprintln!("{:>18} {:>10} {:>10}", "", "put in", "found");
    for (what, put_in, found) in rows {
        let mark = if put_in == found { "" } else { "  DIFFERS" };
        eprintln!("{what:>18} {put_in:>10} {found:>10}{mark}");
    }
    rows.iter().all(|(_, put_in, found)| put_in == found)
}
