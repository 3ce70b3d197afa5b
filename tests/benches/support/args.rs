//! What stands behind `--`.

use std::{env, process};

/// How hard a database holds on to what it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The library: no wait for the disk.
    Relaxed,
    /// The disk too.
    Durable,
}

impl Mode {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Relaxed => "relaxed",
            Self::Durable => "durable",
        }
    }

    /// The word of SQLite's `synchronous`.
    pub fn synchronous(self) -> &'static str {
        match self {
            Self::Relaxed => "NORMAL",
            Self::Durable => "FULL",
        }
    }
}

/// How much work is done where something is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// What takes seconds.
    Small,
    /// As much as the promise speaks of.
    Full,
}

/// The arguments of a bench.
#[derive(Debug)]
pub struct Args {
    /// Rounds that count; one before them warms up.
    pub rounds: usize,
    /// Only cases whose name fits; `*` stands for any characters.
    pub case: Option<String>,
    /// Only this mode.
    pub mode: Option<Mode>,
    /// How much work.
    pub size: Size,
    /// Writes the area's section of RESULTS.md.
    pub write: bool,
    /// Ends with an error if a must is missed three times in a row; with `count`, if instructions have risen.
    pub check: bool,
    /// Counts instructions under callgrind instead of measuring time.
    pub count: bool,
    /// Runs so many iterations of one side and measures nothing: for callgrind.
    pub instructions: Option<u64>,
    /// The side for `--instructions`.
    pub side: Option<String>,
}

const USAGE: &str = "[--rounds 11] [--case GLOB] [--mode relaxed|durable] [--size small|full] [--write] [--check] [--count] [--instructions N --side NAME]";

impl Args {
    /// Reads the arguments; cargo's own `--bench` is passed over.
    pub fn parse() -> Self {
        let mut args = Self {
            rounds: 11,
            case: None,
            mode: None,
            size: Size::Small,
            write: false,
            check: false,
            count: false,
            instructions: None,
            side: None,
        };
        let mut words = env::args().skip(1);
        while let Some(word) = words.next() {
            let mut value = || words.next().unwrap_or_else(|| wrong(&word));
            match word.as_str() {
                "--bench" => {}
                "--rounds" => args.rounds = value().parse().unwrap_or_else(|_| wrong(&word)),
                "--case" => args.case = Some(value()),
                "--mode" => args.mode = Some(mode(&value())),
                "--size" => args.size = size(&value()),
                "--write" => args.write = true,
                "--check" => args.check = true,
                "--count" => args.count = true,
                "--instructions" => args.instructions = Some(value().parse().unwrap_or_else(|_| wrong(&word))),
                "--side" => args.side = Some(value()),
                _ => wrong(&word),
            }
        }
        if args.write && (args.case.is_some() || args.mode.is_some()) {
            wrong("--write writes a whole area: without --case and --mode");
        }
        args
    }

    /// The modes to measure.
    pub fn modes(&self) -> Vec<Mode> {
        self.mode.map_or_else(|| vec![Mode::Relaxed, Mode::Durable], |mode| vec![mode])
    }

    /// Whether a case is to be measured.
    pub fn wants(&self, name: &str) -> bool {
        self.case.as_deref().is_none_or(|pattern| fits(pattern, name))
    }
}

fn mode(word: &str) -> Mode {
    match word {
        "relaxed" => Mode::Relaxed,
        "durable" => Mode::Durable,
        _ => wrong(word),
    }
}

fn size(word: &str) -> Size {
    match word {
        "small" => Size::Small,
        "full" => Size::Full,
        _ => wrong(word),
    }
}

fn wrong(word: &str) -> ! {
    eprintln!("not understood: {word}\nusage: {USAGE}");
    process::exit(2)
}

fn fits(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((start, rest)) => name.strip_prefix(start).is_some_and(|left| {
            (0..=left.len()).filter(|at| left.is_char_boundary(*at)).any(|at| fits(rest, &left[at..]))
        }),
    }
}
