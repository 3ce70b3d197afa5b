//! Read models: rows by key, made by projections and subscribers, read by queries.
//!
//! A row is changed by a function that runs inside the writer's transaction. So two commands that count into the same row
//! never lose an update, and neither waits for the other.

use std::{fmt, marker::PhantomData, sync::Arc};

use crate::{error::Error, tenant::TenantId};

/// The name of a read model and the type of its rows.
///
/// ```
/// use bailiwick::ReadModel;
/// #[derive(Default, serde::Serialize, serde::Deserialize)]
/// struct Month { orders: u64, cents: u64 }
/// const REVENUE: ReadModel<Month> = ReadModel::new("revenue_by_month");
/// ```
pub struct ReadModel<T> {
    name: &'static str,
    row: PhantomData<fn() -> T>,
}

impl<T> ReadModel<T> {
    /// A read model with a name that is stable for ever.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self { name, row: PhantomData }
    }

    /// The name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }
}

impl<T> Clone for ReadModel<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for ReadModel<T> {}

impl<T> fmt::Debug for ReadModel<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReadModel({})", self.name)
    }
}

/// Which row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModelKey {
    /// Whose.
    pub tenant: Option<TenantId>,
    /// The read model's name.
    pub model: &'static str,
    /// The row's key.
    pub key: String,
}

/// A stored row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelRow {
    /// How often it was written, from 1; never the same for two contents of one row, also after it was deleted.
    pub revision: u64,
    /// The encoded value.
    pub value: Vec<u8>,
}

/// A part of a read model, by key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scan {
    /// Whose.
    pub tenant: Option<TenantId>,
    /// The read model's name.
    pub model: &'static str,
    /// Keys after this one; `None` from the first.
    pub after: Option<String>,
    /// At most so many rows.
    pub limit: usize,
}

/// A row that a unit of work has read; if it has changed since, the commit is refused (`store/seen_changed`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelSeen {
    /// The read model's name.
    pub model: &'static str,
    /// The row's key.
    pub key: String,
    /// Its revision; `None` if there was no row.
    pub revision: Option<u64>,
}

/// Turns the stored value of a row, if there is one, into the new one; `None` deletes the row.
pub type Change = dyn Fn(Option<&[u8]>) -> Result<Option<Vec<u8>>, Error> + Send + Sync;

/// What happens to a row.
#[derive(Clone)]
pub enum ModelChange {
    /// It becomes this value.
    Put(Vec<u8>),
    /// It goes.
    Delete,
    /// It becomes what the function makes of it, inside the writer's transaction. The function may run more than once.
    Update(Arc<Change>),
}

impl ModelChange {
    /// The value after the change.
    ///
    /// # Errors
    /// What the function answers.
    pub fn apply(&self, current: Option<&[u8]>) -> Result<Option<Vec<u8>>, Error> {
        match self {
            Self::Put(value) => Ok(Some(value.clone())),
            Self::Delete => Ok(None),
            Self::Update(change) => change(current),
        }
    }
}

impl fmt::Debug for ModelChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Put(_) => "Put",
            Self::Delete => "Delete",
            Self::Update(_) => "Update",
        })
    }
}

/// A change of one row, under the tenant of the commit.
#[derive(Debug, Clone)]
pub struct ModelWrite {
    /// The read model's name.
    pub model: &'static str,
    /// The row's key.
    pub key: String,
    /// What happens to it.
    pub change: ModelChange,
}
