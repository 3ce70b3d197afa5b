//! The shape of a type: what its `Deserialize` asks for, all the way down.

mod access;
mod filler;
mod probe;
#[cfg(test)]
mod tests;
mod walk;

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde::de::DeserializeOwned;

use super::marks;
use crate::error::{Error, ErrorKind};

/// What the JSON of a type looks like: one fact per place in it.
///
/// It is found by running `Deserialize` again and again, each time down to one place, and noting what is asked for there.
/// The names of fields and variants count, and so do kinds; the names of Rust types, a newtype around a value and the order
/// of fields do not, because the JSON does not show them.
///
/// What serde reads into a buffer first (a struct with `flatten`; untagged and internally tagged enums, the content of
/// adjacently tagged ones) and what takes any JSON is `any`: changes inside are not seen. Neither are fields that serde
/// skips, nor whether a field has a default. A field with aliases has a line for each of its names.
///
/// ```
/// use bailiwick::codec::Shape;
///
/// #[derive(serde::Deserialize)]
/// struct Line { sku: String, cents: u64 }
///
/// #[derive(serde::Deserialize)]
/// struct Basket { lines: Vec<Line>, coupon: Option<String> }
///
/// let shape = Shape::of::<Basket>();
/// assert_eq!(shape.to_string(), "\
/// .: struct
/// .coupon: option
/// .coupon?: text
/// .lines: list
/// .lines[]: struct
/// .lines[].cents: u64
/// .lines[].sku: text
/// ");
/// assert_eq!(shape.to_string().parse::<Shape>()?, shape);
/// # Ok::<(), bailiwick::Error>(())
/// ```
///
/// | path | is | kind | is |
/// |---|---|---|---|
/// | `.` | the value itself | `struct`, `tuple`, `list`, `map`, `option` | what it says |
/// | `.name`, `.0` | a field, a place in a tuple | `enum`, `unit` | its variants follow; a variant without a content |
/// | `::Name` | a variant | `bool`, `u64`, `text`, … | a plain value |
/// | `[]`, `{key}`, `{}`, `?` | an item, a key, a value, what an option holds | `recursive 2`, `…` | as two steps above; too deep or too much |
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape(BTreeMap<String, String>);

/// A place where two shapes differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShapeChange {
    /// The place, such as `.lines[].cents`.
    pub path: String,
    /// What was there; `None` if the place is new.
    pub before: Option<String>,
    /// What is there; `None` if the place is gone.
    pub after: Option<String>,
}

impl Shape {
    /// The shape of a type.
    #[must_use]
    pub fn of<T: DeserializeOwned>() -> Self {
        Self(walk::walk::<T>(Vec::new()))
    }

    /// The shape of the content of an enum's variant, by its place among the variants: that of an event's payload.
    #[must_use]
    pub fn of_variant<T: DeserializeOwned>(index: usize) -> Self {
        Self(walk::walk::<T>(vec![probe::Step::Variant(index)]))
    }

    /// The shape of a state. A [`Sensitive`](crate::Sensitive) shows in it, with what it holds below: unlike an event, a
    /// state that was stored before a value became one is not to be read any more.
    pub(crate) fn of_state<T: DeserializeOwned>() -> Self {
        Self(marks::shaping(|| walk::walk::<T>(Vec::new())))
    }

    /// The facts, in the order of their paths.
    pub fn facts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(path, kind)| (path.as_str(), kind.as_str()))
    }

    /// Whether a part of it cannot be seen: what serde buffers, what is too deep or stands behind a value that no dummy fits.
    #[must_use]
    pub fn is_opaque(&self) -> bool {
        self.0.values().any(|kind| matches!(kind.as_str(), "any" | "…" | "unseen"))
    }

    /// The first place of a sensitive value, in the shape of a state.
    pub(crate) fn sensitive(&self) -> Option<&str> {
        self.facts().find(|(_, kind)| *kind == walk::SENSITIVE).map(|(path, _)| path)
    }

    /// A number for the text: the same in each run, on each platform, under each compiler; another one for another shape,
    /// but for one chance in 2⁶⁴.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        xxhash_rust::xxh3::xxh3_64(self.to_string().as_bytes())
    }

    /// What has changed since `before`, in the order of the paths.
    #[must_use]
    pub fn changes_since(&self, before: &Self) -> Vec<ShapeChange> {
        let gone = before.0.keys().filter(|path| !self.0.contains_key(*path));
        let mut paths: Vec<&String> = self.0.keys().chain(gone).collect();
        paths.sort();
        let change = |path: &String| ShapeChange {
            path: path.clone(),
            before: before.0.get(path).cloned(),
            after: self.0.get(path).cloned(),
        };
        paths.into_iter().map(change).filter(|change| change.before != change.after).collect()
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.facts().try_for_each(|(path, kind)| writeln!(f, "{path}: {kind}"))
    }
}

impl FromStr for Shape {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let fact = |line: &str| {
            let (path, kind) = line.rsplit_once(": ").ok_or_else(|| {
                let message = "a line of a shape is a path, a colon, a space and a kind; write the text anew";
                Error::new(ErrorKind::Corrupt, "shape/unreadable", message).with("line", line)
            })?;
            Ok((path.to_owned(), kind.to_owned()))
        };
        text.lines().map(fact).collect::<Result<_, Error>>().map(Self)
    }
}

impl fmt::Display for ShapeChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.before, &self.after) {
            (Some(before), Some(after)) => write!(f, "{}: {before} → {after}", self.path),
            (None, Some(after)) => write!(f, "{}: added, {after}", self.path),
            (Some(before), None) => write!(f, "{}: removed, was {before}", self.path),
            (None, None) => write!(f, "{}: unchanged", self.path),
        }
    }
}
