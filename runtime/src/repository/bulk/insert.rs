//! Insertions of many rows.

use super::few;
use crate::{
    entity::{Entity, Value},
    error::Error,
    plan::{Together, Write},
    repository::{Repository, saves::fresh, writes::row},
    version::Version,
};

/// A statement inserts so many rows, so that few statements are ever prepared.
const LENGTHS: [usize; 8] = [100, 64, 32, 16, 8, 4, 2, 1];
/// No database takes fewer values in one statement.
const VALUES: usize = 32_766;

/// What becomes of many rows if one of them cannot be inserted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnError {
    /// Nothing is inserted.
    #[default]
    Abort,
    /// The others are inserted, and those that cannot be are named.
    Collect,
}

/// What an insertion of many rows has come to.
#[derive(Debug)]
#[non_exhaustive]
pub struct InsertedMany<E> {
    /// What was inserted, in the order in which it was given.
    pub stored: Vec<E>,
    /// What was not: its place in what was given, and why. Always empty with [`OnError::Abort`].
    pub failed: Vec<(usize, Error)>,
}

impl<E: Entity> Repository<'_, E> {
    /// Inserts many rows in one transaction, up to 100,000.
    ///
    /// ```
    /// # use bailiwick::{Error, entity::Entity, repository::{Db, OnError}};
    /// # #[derive(Entity, Debug)]
    /// # struct Country {
    /// #     #[id]
    /// #     #[col(max = 2)]
    /// #     code: String,
    /// # }
    /// # async fn run() -> Result<(), Error> {
    /// # let db = Db::memory();
    /// let codes = ["de", "at", "de", "ch"].map(|code| NewCountry { code: code.into() });
    /// let inserted = db.repository::<Country>().insert_many(codes.into(), OnError::Collect).await?;
    /// assert_eq!(inserted.stored.len(), 3);
    /// assert_eq!(inserted.failed[0].0, 2);
    /// assert_eq!(inserted.failed[0].1.code(), "repository/duplicate");
    /// # Ok(()) }
    /// # tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(run()).expect("it runs");
    /// ```
    ///
    /// # Errors
    /// `repository/too_many_rows` for more; `repository/tenant_required` if they belong to a tenant and the scope is not of one.
    /// With [`OnError::Abort`] also those of [`insert`](Self::insert), with the `index` of a row whose value its column cannot hold.
    /// Nothing was inserted.
    pub async fn insert_many(&mut self, new: Vec<E::New>, on_error: OnError) -> Result<InsertedMany<E>, Error> {
        self.writable()?;
        few(new.len())?;
        let (mut given, mut failed, mut rows) = (Vec::with_capacity(new.len()), Vec::new(), Vec::new());
        for (index, new) in new.into_iter().enumerate() {
            let entity = fresh(E::create(new, &self.scope.stamps(Version::new(1)))?);
            match (entity.and_then(|entity| Ok((row(&entity)?, entity))), on_error) {
                (Ok((row, entity)), _) => {
                    rows.push(row);
                    given.push((index, entity));
                }
                (Err(error), OnError::Abort) => return Err(error.with("index", index)),
                (Err(error), OnError::Collect) => failed.push((index, error)),
            }
        }
        let how = if on_error == OnError::Abort { Together::Whole } else { Together::Able };
        let told = self.together(how, statements::<E>(rows)).await?;
        Ok(sorted(given, failed, (how == Together::Able).then_some(told)))
    }
}

/// Which rows were inserted and which were not, by what was told of each.
fn sorted<E>(
    given: Vec<(usize, E)>,
    mut failed: Vec<(usize, Error)>,
    told: Option<Vec<Result<u64, Error>>>,
) -> InsertedMany<E> {
    let Some(told) = told else {
        return InsertedMany { stored: given.into_iter().map(|(_, entity)| entity).collect(), failed };
    };
    let mut stored = Vec::with_capacity(given.len());
    for ((index, entity), told) in given.into_iter().zip(told) {
        match told {
            Ok(_) => stored.push(entity),
            Err(error) => failed.push((index, error)),
        }
    }
    failed.sort_by_key(|(index, _)| *index);
    InsertedMany { stored, failed }
}

/// The rows in statements of few lengths.
pub(in crate::repository) fn statements<E: Entity>(rows: Vec<Vec<Value<'static>>>) -> Vec<Write> {
    let most = VALUES / E::TABLE.columns().len().max(1);
    let mut rows = rows.into_iter();
    let mut statements = Vec::with_capacity(rows.len() / LENGTHS[0] + LENGTHS.len());
    while rows.len() > 0 {
        let fits = |length: &usize| *length <= most && *length <= rows.len();
        let length = LENGTHS.into_iter().find(fits).unwrap_or(1);
        statements.push(Write::Insert { table: E::TABLE, rows: rows.by_ref().take(length).collect() });
    }
    statements
}
