//! Read models: rows by key, made by projections and subscribers, read by queries.
//!
//! A row is changed by a function that runs inside the writer's transaction. So two commands that count into the same row
//! never lose an update, and neither waits for the other.

use std::{
    fmt,
    marker::PhantomData,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use serde::de::DeserializeOwned;

use super::{AnyStore, Generation, refusal};
use crate::{codec, error::Error, tenant::TenantId};

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
    /// A read model with a name that is stable for ever. Names that begin with `bailiwick.` are the framework's; in a
    /// constant, such a name does not compile:
    ///
    /// ```compile_fail,E0080
    /// # use bailiwick::ReadModel;
    /// const STATES: ReadModel<u64> = ReadModel::new("bailiwick.states");
    /// # println!("{STATES:?}");
    /// ```
    ///
    /// # Panics
    /// If such a name is given while the program runs.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        let reserved = matches!(name.as_bytes(), [b'b', b'a', b'i', b'l', b'i', b'w', b'i', b'c', b'k', b'.', ..]);
        assert!(!reserved, "`bailiwick.` begins the framework's own read models: name this one after your domain");
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
    /// In which generation; `None` in the live one.
    pub generation: Option<Generation>,
}

/// A stored row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelRow {
    /// Grows with each commit that writes the row, from 1; never the same for two contents of one row, also after it was
    /// deleted, nor in two generations.
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

impl ModelWrite {
    /// The value after the change; a panic of the user's function is its own.
    pub(crate) fn after(&self, current: Option<&[u8]>) -> Result<Option<Vec<u8>>, Error> {
        catch_unwind(AssertUnwindSafe(|| self.change.apply(current)))
            .unwrap_or_else(|panic| Err(refusal::change_panicked(self, panic)))
    }
}

/// The committed rows of a read model.
pub struct Rows<T> {
    store: AnyStore,
    tenant: Option<TenantId>,
    model: ReadModel<T>,
}

impl<T: DeserializeOwned> Rows<T> {
    /// How many rows [`all`](Self::all) reads at a time.
    const PAGE: usize = 1_000;

    /// The rows of `model` that belong to `tenant`.
    #[must_use]
    pub fn new(store: AnyStore, tenant: Option<TenantId>, model: ReadModel<T>) -> Self {
        Self { store, tenant, model }
    }

    /// One row.
    ///
    /// # Errors
    /// `message/undecodable` if the row does not fit `T`; what the store answers.
    pub async fn get(&self, key: impl Into<String>) -> Result<Option<T>, Error> {
        let key = ModelKey { tenant: self.tenant.clone(), model: self.model.name(), key: key.into(), generation: None };
        let row = self.store.model(key).await?;
        row.map(|row| read_row(self.model.name(), &row.value)).transpose()
    }

    /// At most `limit` rows after a key, in the byte order of keys.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn after(&self, key: Option<&str>, limit: usize) -> Result<Vec<(String, T)>, Error> {
        let after = key.map(Into::into);
        let scan = Scan { tenant: self.tenant.clone(), model: self.model.name(), after, limit };
        let rows = self.store.scan(scan).await?;
        rows.into_iter().map(|(key, row)| Ok((key, read_row(self.model.name(), &row.value)?))).collect()
    }

    /// Every row, in the byte order of keys. It holds them all in memory: page through a large model with
    /// [`after`](Self::after). Each thousand rows are of one moment; between two thousands others may write, and a rebuild
    /// may go live.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn all(&self) -> Result<Vec<(String, T)>, Error> {
        let mut rows: Vec<(String, T)> = Vec::new();
        loop {
            let last = rows.last().map(|(key, _)| key.clone());
            let page = self.after(last.as_deref(), Self::PAGE).await?;
            let complete = page.len() < Self::PAGE;
            rows.extend(page);
            if complete {
                return Ok(rows);
            }
        }
    }
}

impl<T> fmt::Debug for Rows<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rows({})", self.model.name())
    }
}

/// Reads a row of a read model.
///
/// # Errors
/// `message/undecodable`, with the model's name.
pub(crate) fn read_row<T: DeserializeOwned>(model: &'static str, bytes: &[u8]) -> Result<T, Error> {
    codec::decode(bytes).map_err(|error| error.with("model", model))
}
