//! Why a line is no order.

use std::{fmt, io};

/// A line that is no order.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {reason}")]
pub(crate) struct BadLine {
    /// Its number in the file, from 1; the header is line 1.
    pub(crate) line: u64,
    /// What is wrong with it.
    pub(crate) reason: Reason,
}

/// What is wrong with a line.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Reason {
    /// Not customer, date, items and amount.
    #[error("expected 4 columns, found {0}")]
    Columns(usize),
    /// Bytes that are no text.
    #[error("invalid UTF-8 at byte {0}")]
    Utf8(usize),
    /// No line of this file is that long.
    #[error("longer than {0} bytes")]
    TooLong(usize),
    /// A name that no stream could have.
    #[error("the customer {0} is longer than 64 bytes or has control characters")]
    Customer(Shown),
    /// A day that is not in the calendar.
    #[error("{0} is no date in the form YYYYMMDD")]
    Date(Shown),
    /// No whole number from 1.
    #[error("{0} is no number of items from 1")]
    Items(Shown),
    /// Money that would flow the other way.
    #[error("the amount {0} is negative")]
    Negative(Shown),
    /// No amount in dollars and cents.
    #[error("{0} is no amount in dollars with at most two decimals, below 1,000,000,000")]
    Amount(Shown),
    /// The compressed data stop before their end.
    #[error("the gzip data are truncated: the file ends in this line or before it")]
    Truncated,
    /// The compressed data contradict themselves.
    #[error("the gzip data are damaged: {0}")]
    Damaged(io::Error),
    /// The system refused to read on.
    #[error("the file cannot be read: {0}")]
    Unreadable(io::Error),
    /// The shop itself said no.
    #[error("the order was refused: {0}")]
    Refused(String),
}

impl From<io::Error> for Reason {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::Truncated,
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => Self::Damaged(error),
            _ => Self::Unreadable(error),
        }
    }
}

/// A piece of the file, quoted, so that whatever it holds is harmless on a terminal; at most 40 characters of it.
#[derive(Debug)]
pub(crate) struct Shown(String);

impl Shown {
    /// Quotes a piece of the file.
    pub(crate) fn new(text: &str) -> Self {
        let mut shown: String = text.chars().take(40).collect();
        if shown.len() < text.len() {
            shown.push('…');
        }
        Self(shown)
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}
