//! A value as it stands in JSON, before it is known which column it is for.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, SeqAccess, Visitor};

use super::read::Budget;

/// A scalar or a list of scalars.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Raw {
    Null,
    Bool(bool),
    Int(i64),
    /// Beyond 63 bits.
    Large(u64),
    Float(f64),
    Text(String),
    List(Vec<Self>),
}

impl Raw {
    /// What it is, for messages.
    pub(super) fn what(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "`true` or `false`",
            Self::Int(_) | Self::Large(_) => "a whole number",
            Self::Float(_) => "a number with a fraction",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
        }
    }
}

/// Reads one; counts the values of a list.
pub(super) struct RawSeed<'a> {
    pub(super) budget: &'a Budget<'a>,
    pub(super) in_list: bool,
}

impl<'de> DeserializeSeed<'de> for RawSeed<'_> {
    type Value = Raw;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for RawSeed<'_> {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.in_list { "a scalar" } else { "a scalar or a list of scalars" })
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Raw, E> {
        Ok(Raw::Bool(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Raw, E> {
        Ok(Raw::Int(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Raw, E> {
        Ok(i64::try_from(number).map_or(Raw::Large(number), Raw::Int))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Raw, E> {
        Ok(Raw::Float(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Raw, E> {
        Ok(Raw::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Raw, A::Error> {
        if self.in_list {
            return Err(A::Error::custom("a list in a list is no value"));
        }
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(RawSeed { budget: self.budget, in_list: true })? {
            self.budget.count()?;
            values.push(value);
        }
        Ok(Raw::List(values))
    }
}
