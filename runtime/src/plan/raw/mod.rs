//! Statements that a user has written: their texts, and what is bound to their parameters.

mod check;
mod pieces;

pub(crate) use self::{
    check::{check, reads_alone},
    pieces::{Piece, next},
};
use crate::{
    entity::{ColumnDef, Table, Value},
    error::{Error, ErrorKind},
};

/// The database for which a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flavour {
    /// Each that has no text of its own.
    Any,
    Sqlite,
    Postgres,
    Mysql,
}

/// A statement in words of its own for some databases, and for all others in one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Texts {
    pub(crate) any: &'static str,
    pub(crate) sqlite: Option<&'static str>,
    pub(crate) postgres: Option<&'static str>,
    pub(crate) mysql: Option<&'static str>,
}

impl Texts {
    /// The text for a database, and for whom it is written.
    #[allow(dead_code, reason = "asked by databases with SQL")]
    pub(crate) fn of(&self, flavour: Flavour) -> (&'static str, Flavour) {
        let own = match flavour {
            Flavour::Any => None,
            Flavour::Sqlite => self.sqlite,
            Flavour::Postgres => self.postgres,
            Flavour::Mysql => self.mysql,
        };
        own.map_or((self.any, Flavour::Any), |text| (text, flavour))
    }

    /// All of them.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&'static str, Flavour)> + use<> {
        let own = [(self.sqlite, Flavour::Sqlite), (self.postgres, Flavour::Postgres), (self.mysql, Flavour::Mysql)];
        let own = own.into_iter().filter_map(|(text, flavour)| Some((text?, flavour)));
        std::iter::once((self.any, Flavour::Any)).chain(own)
    }
}

/// A statement of the user, ready to be sent: each parameter of each text has a value.
#[derive(Debug, Clone)]
#[allow(dead_code, reason = "read by databases with SQL")]
pub(crate) struct Raw {
    /// The entity's.
    pub(crate) table: &'static Table,
    pub(crate) texts: Texts,
    pub(crate) bound: Vec<Bound>,
}

/// What is bound to a parameter.
#[derive(Debug, Clone)]
#[allow(dead_code, reason = "read by databases with SQL")]
pub(crate) struct Bound {
    pub(crate) name: &'static str,
    /// A column like the one that it is compared with, or that it is written to.
    pub(crate) column: &'static ColumnDef,
    /// One; of a list as many as it has.
    pub(crate) values: Vec<Value<'static>>,
    pub(crate) list: bool,
}

/// The names of the parameters of a text, each as often as it stands there.
pub(crate) fn params((text, flavour): (&'static str, Flavour)) -> impl Iterator<Item = &'static str> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let (piece, end) = next(text.as_bytes(), at, flavour).ok()?;
            let from = std::mem::replace(&mut at, end);
            match piece {
                Piece::End => return None,
                Piece::Param => return text.get(from + 1..end),
                _ => {}
            }
        }
    })
}

/// Whether this parameter is all that stands in the parentheses of an IN, wherever it stands.
pub(crate) fn is_listed((text, flavour): (&'static str, Flavour), name: &str) -> bool {
    let (mut at, mut before) = (0, [Piece::End; 2].map(|piece| (piece, "")));
    let (mut open, mut listed) = (false, true);
    while let Ok((piece, end)) = next(text.as_bytes(), at, flavour) {
        let own = text.get(at..end).unwrap_or_default();
        at = end;
        if !matches!(piece, Piece::End) && own.trim().is_empty() {
            continue;
        }
        listed &= !open || own == ")";
        if matches!(piece, Piece::End) {
            break;
        }
        let [(of_word, word), (_, between)] = before;
        let within = matches!(of_word, Piece::Word) && word.eq_ignore_ascii_case("in") && between == "(";
        open = matches!(piece, Piece::Param) && own.strip_prefix(':') == Some(name);
        listed &= !open || within;
        before = [before[1], (piece, own)];
    }
    listed
}

/// A database without SQL.
pub(crate) fn unsupported() -> Error {
    let message = "this database knows no SQL; ask by a specification, or test the statement on the database it is for";
    Error::new(ErrorKind::Config, "db/raw_unsupported", message)
}
