//! Logs as CSV: a header, then one event a row.

use std::io::BufRead;

use csv::{ByteRecord, Error, ErrorKind, Reader, ReaderBuilder};

use super::{LogError, LogErrorKind, LogMap, input::Bounded, time};
use crate::conformance::Conformance;

/// Feeds a CSV with a header to a check: one row is one event. gzip is recognised by its first bytes.
///
/// Quotes may enclose commas and line ends, and a byte order mark may stand in front. A row whose time is empty has none.
///
/// # Errors
/// A [`LogError`] with the line; the events before it are counted in `check`.
///
/// # A log that was cut
/// Under gzip every cut is an error. In plain CSV only one that leaves the last row without fields is: a cut between two rows
/// looks like the end, and one in the last field like a shorter value. Where a transfer may break off, compress the log, or
/// compare [`Report::events`](crate::conformance::Report::events) with what the sender counted.
pub fn read_csv(input: impl BufRead, map: &LogMap, check: &mut Conformance) -> Result<(), LogError> {
    let separator = map.separator()?;
    let input = Bounded::open(input).map_err(|error| LogErrorKind::from(error).at(None, None))?;
    let mut reader = ReaderBuilder::new().delimiter(separator).from_reader(input);
    let columns = Columns::find(&mut reader, map)?;
    let mut row = ByteRecord::new();
    while more(&mut reader, &mut row)? {
        let line = row.position().map(csv::Position::line);
        columns.feed(&row, check).map_err(|kind| kind.at(line, None))?;
    }
    Ok(())
}

fn more(reader: &mut Reader<Bounded<'_>>, row: &mut ByteRecord) -> Result<bool, LogError> {
    reader.get_mut().mark();
    let line = reader.position().line();
    reader.read_byte_record(row).map_err(|error| failure(error, line))
}

fn failure(error: Error, began: u64) -> LogError {
    let line = error.position().map_or(began, csv::Position::line);
    let kind = match error.into_kind() {
        ErrorKind::Io(error) => error.into(),
        ErrorKind::UnequalLengths { expected_len, len, .. } => {
            LogErrorKind::RaggedRow { expected: expected_len, found: len }
        }
        _ => LogErrorKind::NotUtf8,
    };
    kind.at(Some(line), None)
}

struct Columns {
    case: (usize, String),
    activity: (usize, String),
    time: Option<usize>,
}

impl Columns {
    fn find(reader: &mut Reader<Bounded<'_>>, map: &LogMap) -> Result<Self, LogError> {
        let header = reader.headers().cloned().map_err(|error| failure(error, 1))?;
        let at = |wanted: &str| header.iter().position(|name| name.trim() == wanted);
        let must = |wanted: &str| {
            let missing = || LogErrorKind::MissingColumn {
                column: wanted.to_owned(),
                found: header.iter().map(str::to_owned).collect(),
            };
            let found = at(wanted).map(|index| (index, wanted.to_owned()));
            found.ok_or_else(|| missing().at(Some(1), None))
        };
        Ok(Self {
            case: must(map.case.as_deref().unwrap_or("case"))?,
            activity: must(map.activity.as_deref().unwrap_or("activity"))?,
            time: match &map.time {
                Some(named) => Some(must(named)?.0),
                None => at("time"),
            },
        })
    }

    fn feed(&self, row: &ByteRecord, check: &mut Conformance) -> Result<(), LogErrorKind> {
        let field =
            |index: usize| str::from_utf8(row.get(index).unwrap_or_default()).map_err(|_| LogErrorKind::NotUtf8);
        let must = |(index, name): &(usize, String)| match field(*index)? {
            "" => Err(LogErrorKind::MissingValue(name.clone())),
            value => Ok(value),
        };
        let at = match self.time.map(field).transpose()? {
            None | Some("") => None,
            Some(text) => Some(time::parse(text)?),
        };
        check.feed(must(&self.case)?, must(&self.activity)?, at);
        Ok(())
    }
}
