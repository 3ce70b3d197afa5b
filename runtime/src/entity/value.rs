//! A value of a column: the one form in which entities, specifications and databases speak of data.

use std::{borrow::Cow, cmp::Ordering, fmt};

use super::{Date, Decimal};
use crate::{id::Uuid, timestamp::Timestamp};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// `true` or `false`.
    Bool,
    /// A whole number of 64 bits with a sign.
    Int,
    /// A number of 64 bits with a floating point; neither NaN nor infinite.
    Float,
    /// Text, compared and sorted by its bytes.
    Text,
    /// Bytes.
    Bytes,
    /// A UUID.
    Uuid,
    /// A time in microseconds UTC, of the years 1000 to 9999.
    Time,
    /// A day, of the years 1000 to 9999.
    Date,
    /// A decimal number with a fixed number of digits after the point.
    Decimal,
    /// A JSON document.
    Json,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bool => "`true` or `false`",
            Self::Int => "a whole number",
            Self::Float => "a number",
            Self::Text => "a text",
            Self::Bytes => "bytes",
            Self::Uuid => "a UUID",
            Self::Time => "a time",
            Self::Date => "a date",
            Self::Decimal => "a decimal number",
            Self::Json => "a JSON document",
        })
    }
}

/// One value, borrowed from an entity or a row, or owned.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// No value, in a column of this kind.
    Null(Kind),
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a floating point.
    Float(f64),
    /// Text.
    Text(Cow<'a, str>),
    /// Bytes.
    Bytes(Cow<'a, [u8]>),
    /// A UUID.
    Uuid(Uuid),
    /// A time.
    Time(Timestamp),
    /// A day.
    Date(Date),
    /// A decimal number.
    Decimal(Decimal),
    /// A JSON document, as text.
    Json(Cow<'a, str>),
    /// What its column cannot hold, and why: it equals nothing, and nothing stores it.
    Unfit(Kind, &'static str),
}

impl<'a> Value<'a> {
    /// What it is a value of.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Null(kind) | Self::Unfit(kind, _) => *kind,
            Self::Bool(_) => Kind::Bool,
            Self::Int(_) => Kind::Int,
            Self::Float(_) => Kind::Float,
            Self::Text(_) => Kind::Text,
            Self::Bytes(_) => Kind::Bytes,
            Self::Uuid(_) => Kind::Uuid,
            Self::Time(_) => Kind::Time,
            Self::Date(_) => Kind::Date,
            Self::Decimal(_) => Kind::Decimal,
            Self::Json(_) => Kind::Json,
        }
    }

    /// Whether there is no value.
    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null(_))
    }

    /// The text, of a value that is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The same, independent of what it was borrowed from.
    #[must_use]
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Self::Null(kind) => Value::Null(kind),
            Self::Bool(flag) => Value::Bool(flag),
            Self::Int(number) => Value::Int(number),
            Self::Float(number) => Value::Float(number),
            Self::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Self::Bytes(bytes) => Value::Bytes(Cow::Owned(bytes.into_owned())),
            Self::Uuid(uuid) => Value::Uuid(uuid),
            Self::Time(time) => Value::Time(time),
            Self::Date(date) => Value::Date(date),
            Self::Decimal(decimal) => Value::Decimal(decimal),
            Self::Json(text) => Value::Json(Cow::Owned(text.into_owned())),
            Self::Unfit(kind, why) => Value::Unfit(kind, why),
        }
    }

    /// The same, borrowed from this one.
    #[must_use]
    pub fn borrowed(&'a self) -> Self {
        match self {
            Self::Text(text) => Self::Text(Cow::Borrowed(text)),
            Self::Bytes(bytes) => Self::Bytes(Cow::Borrowed(bytes)),
            Self::Json(text) => Self::Json(Cow::Borrowed(text)),
            plain => plain.clone(),
        }
    }

    /// How two values of one kind stand to each other, as on every database: texts by their bytes, floating point numbers
    /// as IEEE 754 has it, decimals by what they are worth. `None` where one is null, and between kinds.
    #[must_use]
    pub fn compare(&self, other: &Value<'_>) -> Option<Ordering> {
        Some(match (self, other) {
            (Self::Bool(left), Value::Bool(right)) => left.cmp(right),
            (Self::Int(left), Value::Int(right)) => left.cmp(right),
            (Self::Float(left), Value::Float(right)) => return left.partial_cmp(right),
            (Self::Text(left), Value::Text(right)) => left.cmp(right),
            (Self::Bytes(left), Value::Bytes(right)) => left.cmp(right),
            (Self::Uuid(left), Value::Uuid(right)) => left.cmp(right),
            (Self::Time(left), Value::Time(right)) => left.cmp(right),
            (Self::Date(left), Value::Date(right)) => left.cmp(right),
            (Self::Decimal(left), Value::Decimal(right)) => left.cmp(right),
            _ => return None,
        })
    }
}

/// As a person would write it; texts in quotes.
impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null(_) => f.write_str("NULL"),
            Self::Bool(flag) => flag.fmt(f),
            Self::Int(number) => number.fmt(f),
            Self::Float(number) => number.fmt(f),
            Self::Text(text) => write!(f, "{text:?}"),
            Self::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
            Self::Uuid(uuid) => uuid.fmt(f),
            Self::Time(time) => time.fmt(f),
            Self::Date(date) => date.fmt(f),
            Self::Decimal(decimal) => decimal.fmt(f),
            Self::Json(text) => f.write_str(text),
            Self::Unfit(_, why) => write!(f, "a value that cannot be stored: {why}"),
        }
    }
}
