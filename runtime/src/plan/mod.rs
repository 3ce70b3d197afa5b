//! What a repository asks of a database: values that no user sees, rendered as SQL or carried out in memory.

pub(crate) mod memory;
pub(crate) mod refusal;
mod statements;

pub use refusal::DuplicateEntity;
pub(crate) use statements::{Answer, Collect, Sink, Statements};

use crate::{
    entity::{Table, Value},
    specification::{Node, Test},
};

/// Which rows of a table: those for which every part holds.
#[derive(Debug, Clone)]
pub(crate) struct Reach {
    pub(crate) table: &'static Table,
    /// The tenant, life, and what the user asks, each a part of its own.
    pub(crate) parts: Vec<Node>,
}

impl Reach {
    /// Reads these rows, so many of them, in no order.
    pub(crate) fn up_to(self, limit: u64) -> Select {
        Select { reach: self, order: Vec::new(), seek: None, offset: 0, limit, lock: None }
    }

    /// The value that the column at this place must have, if one part says so.
    pub(crate) fn value_at(&self, own: usize) -> Option<&Value<'static>> {
        self.parts.iter().find_map(|part| match part {
            Node::Cmp { place, test: Test::Eq, value } if *place == own => Some(value),
            _ => None,
        })
    }
}

/// A key to sort by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Order {
    pub(crate) place: usize,
    pub(crate) descending: bool,
    pub(crate) nulls_first: bool,
}

/// Rows that are read.
#[derive(Debug, Clone)]
pub(crate) struct Select {
    pub(crate) reach: Reach,
    pub(crate) order: Vec<Order>,
    /// Only the rows that come after a row with these values of the keys of the order.
    pub(crate) seek: Option<Vec<Value<'static>>>,
    pub(crate) offset: u64,
    pub(crate) limit: u64,
    /// Keeps others from writing these rows until the transaction ends; only asked in one.
    #[allow(dead_code, reason = "read by servers: in memory and on SQLite who may write is alone")]
    pub(crate) lock: Option<Wait>,
}

/// What to do about a row that another transaction has locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wait {
    /// Wait for it.
    #[default]
    Block,
    /// Answer a transient error at once.
    NoWait,
    /// Take it for one that is not there.
    SkipLocked,
}

/// What is written into a column.
#[derive(Debug, Clone)]
pub(crate) enum Set {
    To(Value<'static>),
    /// One more than is there.
    Next,
}

impl Write {
    pub(crate) fn table(&self) -> &'static Table {
        match self {
            Self::Insert { table, .. } => table,
            Self::Update { reach, .. } | Self::Delete { reach } => reach.table,
        }
    }
}

/// One step of a schema.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) name: String,
    pub(crate) what: What,
}

/// What a step does.
#[derive(Debug, Clone)]
pub(crate) enum What {
    /// Makes the table of an entity, its keys and its indexes.
    Table(&'static Table),
    /// Statements of the user.
    Sql(String),
}

/// What is written.
#[derive(Debug, Clone)]
pub(crate) enum Write {
    /// A row, with a value for each column.
    Insert { table: &'static Table, row: Vec<Value<'static>> },
    /// These columns of all rows in reach.
    Update { reach: Reach, set: Vec<(usize, Set)> },
    /// All rows in reach, for good.
    Delete { reach: Reach },
}
