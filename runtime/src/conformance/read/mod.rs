//! Logs in files: CSV and XES, plain or compressed with gzip.

mod csv;
mod error;
mod input;
mod map;
mod time;
mod xes;

pub use csv::read_csv;
pub use error::{LogError, LogErrorKind};
pub use map::LogMap;
pub use xes::read_xes;

use std::{fs::File, io::BufReader, path::Path};

use super::Conformance;

/// Feeds the log at `path` to a check: `.csv` or `.xes`, each also with `.gz`.
///
/// # Errors
/// As [`read_csv`], which cannot see every cut in a plain file, and [`read_xes`]; also if the file cannot be opened or its
/// name ends otherwise. What was read before is counted in `check`.
pub fn read_file(path: impl AsRef<Path>, map: &LogMap, check: &mut Conformance) -> Result<(), LogError> {
    let path = path.as_ref();
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let read = match name.strip_suffix(".gz").unwrap_or(&name) {
        plain if plain.ends_with(".csv") => read_csv,
        plain if plain.ends_with(".xes") => read_xes,
        _ => return Err(LogErrorKind::UnknownFormat.at(None, None)),
    };
    let file = File::open(path).map_err(|error| LogErrorKind::Unreadable(error).at(None, None))?;
    read(BufReader::with_capacity(1 << 16, file), map, check)
}
