//! What a repository asks of a database: values that no user sees, rendered as SQL or carried out in memory.

mod finding;
pub(crate) mod memory;
pub(crate) mod raw;
mod reference;
pub(crate) mod refusal;
mod shape;
mod slow;
mod statements;

pub use finding::{SchemaCheck, SchemaFinding};
pub(crate) use memory::Key;
pub(crate) use reference::{Reference, primary, references};
pub use refusal::DuplicateEntity;
pub(crate) use shape::Shape;
pub(crate) use slow::SlowLog;
pub use slow::SlowQuery;
pub(crate) use statements::{Answer, Collect, Sink, Snapshot, Statements};

use crate::{
    entity::{ColumnDef, Kind, Table, Value, decimal_of_units},
    specification::{Node, Test},
};

/// Which rows of a table: those for which every part holds.
#[derive(Debug, Clone)]
pub(crate) struct Reach {
    pub(crate) table: &'static Table,
    /// The tenant, life, and what the user asks, each a part of its own.
    pub(crate) parts: Vec<Node>,
    /// What must hold of related rows.
    pub(crate) related: Vec<Related>,
}

/// Rows of which there is one that hangs together with a row, or none.
///
/// In SQL it is `[NOT] EXISTS (SELECT 1 FROM other WHERE other.column = own.column AND …)`, with one comparison for each pair.
#[derive(Debug, Clone)]
pub(crate) struct Related {
    pub(crate) lacking: bool,
    /// The places of columns that are equal, in the row and in the related row.
    pub(crate) pairs: Vec<(usize, usize)>,
    /// The related rows.
    pub(crate) reach: Reach,
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
    /// Rows, each with a value for each column. One statement takes them, and takes them all or none.
    Insert { table: &'static Table, rows: Vec<Vec<Value<'static>>> },
    /// These columns of all rows in reach.
    Update { reach: Reach, set: Vec<(usize, Set)> },
    /// All rows in reach, for good.
    Delete { reach: Reach },
}

/// Writes that belong together, in their order.
#[derive(Debug, Clone)]
pub(crate) struct Batch {
    pub(crate) writes: Vec<Write>,
    pub(crate) how: Together,
}

/// What becomes of writes that belong together when one of them fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Together {
    /// Nothing is written; the error is the answer.
    Whole,
    /// The same; and nothing is written, either, if one of them writes no row. The numbers are answered then, too: all of them, so
    /// those that come after it are carried out before everything is undone.
    Each,
    /// What the table refuses is left out: of rows that are inserted, each that is refused by itself. The answer has one
    /// part for each row then, not for each write. Any other error undoes everything and is the answer.
    Able,
}

/// A row that is inserted, unless there is one with its key, which is changed instead.
#[derive(Debug, Clone)]
pub(crate) struct Upsert {
    pub(crate) row: Vec<Value<'static>>,
    /// The row that is there: living, of the tenant, with this key; no row, if a column of the key is null.
    pub(crate) reach: Reach,
    /// What becomes of it.
    pub(crate) set: Vec<(usize, Set)>,
}

impl Upsert {
    /// What to write if the row is there, and what if it is not.
    pub(crate) fn writes(&self) -> [Write; 2] {
        let Self { row, reach, set, .. } = self;
        let insert = Write::Insert { table: reach.table, rows: vec![row.clone()] };
        [Write::Update { reach: reach.clone(), set: set.clone() }, insert]
    }
}

/// The sum of so many units of the last digit of a column, if its type can hold it: `i64`, or 96 bits of a decimal.
pub(crate) fn whole_sum(column: &ColumnDef, units: i128) -> Option<Value<'static>> {
    match column.digits() {
        Some((_, after)) if column.kind() == Kind::Decimal => decimal_of_units(units, after).map(Value::Decimal),
        _ => i64::try_from(units).ok().map(Value::Int),
    }
}
