//! Patterns of event names: compiled once, matched in time that grows with the product of both lengths at most.

use std::{fmt, str::Chars};

use crate::error::{Error, ErrorKind};

/// A compiled pattern of event names.
///
/// `*` stands for any run of characters, also none and also dots, `?` for one character, `[ab]` and `[a-z]` for one of a
/// class, `[!ab]` for one outside it. Everything else stands for itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Topic {
    text: String,
    parts: Vec<Part>,
}

#[derive(Clone, PartialEq, Eq)]
enum Part {
    Any,
    One,
    Literal(char),
    Class { negated: bool, ranges: Vec<(char, char)> },
}

impl Part {
    fn admits(&self, c: char) -> bool {
        match self {
            Self::Any | Self::One => true,
            Self::Literal(literal) => *literal == c,
            Self::Class { negated, ranges } => ranges.iter().any(|(low, high)| (*low..=*high).contains(&c)) != *negated,
        }
    }
}

impl Topic {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// `bus/pattern` if it is empty, a class is not closed, or a range runs backwards.
    pub fn compile(text: &str) -> Result<Self, Error> {
        let mut parts = Vec::with_capacity(text.len());
        let mut rest = text.chars();
        while let Some(c) = rest.next() {
            match c {
                '*' if parts.last() == Some(&Part::Any) => {} // a run of stars is one star
                '*' => parts.push(Part::Any),
                '?' => parts.push(Part::One),
                '[' => parts.push(class(&mut rest).map_err(|why| bad(text, why))?),
                literal => parts.push(Part::Literal(literal)),
            }
        }
        if parts.is_empty() {
            return Err(bad(text, "it is empty; `*` matches every event"));
        }
        Ok(Self { text: text.into(), parts })
    }

    /// The pattern as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the whole name fits the pattern.
    ///
    /// On a mismatch only the last `*` takes one character more: an earlier one need never be tried again.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        let (mut rest, mut next) = (name.chars(), 0);
        let mut star: Option<(usize, Chars<'_>)> = None;
        loop {
            let mut ahead = rest.clone();
            match (self.parts.get(next), ahead.next()) {
                (Some(Part::Any), _) => {
                    next += 1;
                    star = Some((next, rest.clone()));
                    continue;
                }
                (Some(part), Some(c)) if part.admits(c) => {
                    (rest, next) = (ahead, next + 1);
                    continue;
                }
                (None, None) => return true,
                _ => {}
            }
            let Some((after, from)) = &mut star else { return false };
            if from.next().is_none() {
                return false;
            }
            (rest, next) = (from.clone(), *after);
        }
    }
}

fn class(rest: &mut Chars<'_>) -> Result<Part, &'static str> {
    const OPEN: &str = "a `[` has no `]`";
    let mut c = rest.next().ok_or(OPEN)?;
    let negated = c == '!';
    if negated {
        c = rest.next().ok_or(OPEN)?;
    }
    let mut ranges = Vec::new();
    loop {
        let mut ahead = rest.clone();
        let high = (ahead.next() == Some('-')).then(|| ahead.next()).flatten().filter(|high| *high != ']');
        if high.is_some() {
            *rest = ahead;
        }
        let high = high.unwrap_or(c);
        if high < c {
            return Err("a range of a class runs backwards");
        }
        ranges.push((c, high));
        c = rest.next().ok_or(OPEN)?;
        if c == ']' {
            return Ok(Part::Class { negated, ranges });
        }
    }
}

fn bad(text: &str, why: &str) -> Error {
    Error::new(ErrorKind::Config, "bus/pattern", format!("this is no pattern of event names: {why}"))
        .with("pattern", format!("{text:?}"))
}

impl fmt::Debug for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Topic({})", self.text)
    }
}
