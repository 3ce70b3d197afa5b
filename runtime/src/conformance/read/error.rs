//! Why a log cannot be read on.

use std::{error::Error as StdError, fmt, io};

use crate::error::{Error, ErrorKind};

/// Why a log cannot be read on, and where. The events before are counted in the check that they were fed to.
#[derive(Debug)]
pub struct LogError {
    kind: LogErrorKind,
    line: Option<u64>,
    offset: Option<u64>,
}

/// The kind of a [`LogError`].
#[derive(Debug)]
#[non_exhaustive]
pub enum LogErrorKind {
    /// The TOML of a map is wrong, or it names what the machine does not have.
    Map(String),
    /// The name of the file ends neither in `.csv` nor in `.xes`, nor in one of these and `.gz`.
    UnknownFormat,
    /// The file or its compression cannot be read.
    Unreadable(io::Error),
    /// The log ends in the middle.
    CutShort,
    /// One record or tag is longer than a mebibyte.
    TooLong,
    /// A column is missing.
    MissingColumn {
        /// The column.
        column: String,
        /// Those that there are.
        found: Vec<String>,
    },
    /// A row has more or fewer fields than the header.
    RaggedRow {
        /// The fields of the header.
        expected: u64,
        /// Those of the row.
        found: u64,
    },
    /// A text is not UTF-8.
    NotUtf8,
    /// The XML is malformed.
    Xml(String),
    /// The outermost element of the XML is not `log`.
    NotXes(String),
    /// An event stands outside of a trace, or the name of a trace behind its events.
    Misplaced(String),
    /// An event has no value for something that it needs.
    MissingValue(String),
    /// A time is not one.
    BadTime(String),
}

impl LogErrorKind {
    pub(super) fn at(self, line: Option<u64>, offset: Option<u64>) -> LogError {
        LogError { kind: self, line, offset }
    }
}

impl LogError {
    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> &LogErrorKind {
        &self.kind
    }

    /// The line of the log where it is wrong, after decompression; the first is 1.
    #[must_use]
    pub fn line(&self) -> Option<u64> {
        self.line
    }

    /// The byte of the log where it is wrong, after decompression; the first is 0.
    #[must_use]
    pub fn offset(&self) -> Option<u64> {
        self.offset
    }

    /// The stable code: `conformance/cut_short`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self.kind {
            LogErrorKind::Map(_) => "conformance/bad_map",
            LogErrorKind::UnknownFormat => "conformance/unknown_format",
            LogErrorKind::Unreadable(_) => "conformance/unreadable",
            LogErrorKind::CutShort => "conformance/cut_short",
            LogErrorKind::TooLong => "conformance/too_long",
            LogErrorKind::MissingColumn { .. } => "conformance/missing_column",
            LogErrorKind::RaggedRow { .. } => "conformance/ragged_row",
            LogErrorKind::NotUtf8 => "conformance/not_utf8",
            LogErrorKind::Xml(_) => "conformance/malformed_xml",
            LogErrorKind::NotXes(_) => "conformance/not_xes",
            LogErrorKind::Misplaced(_) => "conformance/misplaced",
            LogErrorKind::MissingValue(_) => "conformance/missing_value",
            LogErrorKind::BadTime(_) => "conformance/bad_time",
        }
    }
}

impl fmt::Display for LogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.offset) {
            (Some(line), Some(offset)) => write!(f, "line {line}, byte {offset}: ")?,
            (Some(line), None) => write!(f, "line {line}: ")?,
            (None, Some(offset)) => write!(f, "byte {offset}: ")?,
            (None, None) => {}
        }
        self.kind.fmt(f)
    }
}

impl fmt::Display for LogErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Map(what) => write!(f, "correct the map: {what}"),
            Self::UnknownFormat => f.write_str("give the file a name that ends in .csv, .xes, .csv.gz or .xes.gz"),
            Self::Unreadable(_) => f.write_str("the log cannot be read: see whether the file is there and whole"),
            Self::CutShort => f.write_str("the log ends in the middle: fetch or export it again"),
            Self::TooLong => f.write_str("a record is longer than a mebibyte: look for a quote that is not closed"),
            Self::MissingColumn { column, found } => {
                let found = found.join("`, `");
                write!(f, "there is no column `{column}`: name it in the map; there are `{found}`")
            }
            Self::RaggedRow { expected, found } => {
                write!(f, "the row has {found} fields, the header {expected}: look for a quote or a cut")
            }
            Self::NotUtf8 => f.write_str("the text is not UTF-8: convert the log"),
            Self::Xml(what) => write!(f, "the XML is malformed: {what}"),
            Self::NotXes(root) => write!(f, "the outermost element is `{root}` and not `log`: this is no XES"),
            Self::Misplaced(what) => f.write_str(what),
            Self::MissingValue(what) => write!(f, "an event has no `{what}`: add it, or name another in the map"),
            Self::BadTime(text) => write!(f, "`{text}` is no time: write it as 2023-03-07T09:26:02Z"),
        }
    }
}

impl StdError for LogError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.kind {
            LogErrorKind::Unreadable(error) => Some(error),
            _ => None,
        }
    }
}

impl From<LogError> for Error {
    fn from(error: LogError) -> Self {
        Self::new(ErrorKind::Invalid, error.code(), error.to_string()).caused_by(error)
    }
}
