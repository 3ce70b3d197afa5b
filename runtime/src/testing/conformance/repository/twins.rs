//! The database under test beside one in memory, with the same rows.

use super::{chance::Chance, parcel::Parcel};
use crate::{
    error::Error,
    repository::{Db, Expect, OnError, Scope, Scoped},
    testing::conformance::case::Failure,
};

pub(super) const ROWS: u32 = 60;

pub(super) struct Twins {
    /// What is held against the other.
    pub(super) tested: Scoped,
    pub(super) memory: Scoped,
    /// The rows of the tenant that live, in the order of their ids.
    pub(super) rows: Vec<Parcel>,
}

/// The rows of a tenant.
pub(super) fn of(db: &Db, tenant: &str) -> Result<Scoped, Error> {
    Ok(db.scoped(Scope::tenant(tenant)?))
}

impl Twins {
    /// Both with rows by chance, and with rows of another tenant and deleted ones, which nothing finds.
    pub(super) async fn fill(db: &Db, chance: &mut Chance) -> Result<Self, Failure> {
        let memory = Db::memory();
        let (tested, memory, others) = (of(db, "acme")?, of(&memory, "acme")?, of(db, "other")?);
        let new: Vec<_> = (0..ROWS).map(|number| chance.row(number)).collect();
        tested.repository::<Parcel>().insert_many(new.clone(), OnError::Abort).await?;
        let mut rows = memory.repository::<Parcel>().insert_many(new, OnError::Abort).await?.stored;
        for number in ROWS..ROWS + 4 {
            others.repository::<Parcel>().insert(chance.row(number)).await?;
            let gone = tested.repository::<Parcel>().insert(chance.row(number + 100)).await?;
            tested.repository::<Parcel>().delete(gone.id, Expect::Any).await?;
        }
        rows.sort_by_key(|row| row.id);
        Ok(Self { tested, memory, rows })
    }
}
