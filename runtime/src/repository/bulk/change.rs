//! Changes and deletions of all rows for which a condition holds.

use super::few;
use crate::{
    entity::{ColumnType, Entity, Patch, Role},
    error::Error,
    plan::{Reach, Set, Together},
    repository::{
        Repository, failure,
        reads::{Life, id_place},
        writes::{changing, stamped},
    },
    specification::{Node, Spec},
    version::Version,
};

/// So many ids go into one statement.
const CHUNK: usize = 1_024;

/// How many rows a write of many has written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Affected {
    /// The rows.
    pub rows: u64,
}

impl<E: Entity> Repository<'_, E> {
    /// Allows [`update_where`](Self::update_where) and [`delete_where`](Self::delete_where) to write every row of the scope.
    #[must_use]
    pub fn everything(mut self) -> Self {
        self.everything = true;
        self
    }

    /// Changes some columns of all living rows for which a condition holds; each is then at its next version. A patch of nothing
    /// writes nothing.
    ///
    /// # Errors
    /// `repository/unbounded` for a condition that always holds, unless [`everything`](Self::everything) allows it;
    /// `repository/duplicate`, `repository/value`: nothing was written.
    pub async fn update_where(&mut self, spec: Spec<E>, patch: E::Patch) -> Result<Affected, Error> {
        self.writable()?;
        let reach = self.bounded(spec)?;
        if patch.changes().is_empty() {
            return Ok(Affected { rows: 0 });
        }
        let mut set: Vec<_> = patch.changes().iter().map(|(place, value)| (*place, Set::To(value.clone()))).collect();
        let stamps = self.scope.stamps(Version::NONE);
        set.extend(stamped::<E>(&stamps, [Role::UpdatedAt, Role::UpdatedBy]));
        let change = changing::<E>(reach, set)?;
        self.on.write(change).await.map(|rows| Affected { rows })
    }

    /// Deletes all living rows for which a condition holds: marks them, if the entity is soft-deleted, otherwise for good.
    ///
    /// # Errors
    /// `repository/unbounded` for a condition that always holds, unless [`everything`](Self::everything) allows it;
    /// `repository/foreign_key` if another row refers to one of them: nothing was deleted.
    pub async fn delete_where(&mut self, spec: Spec<E>) -> Result<Affected, Error> {
        self.writable()?;
        let reach = self.bounded(spec)?;
        let deletion = self.deletion(reach)?;
        self.on.write(deletion).await.map(|rows| Affected { rows })
    }

    /// Deletes the living rows with these ids, all in one: marks them, if the entity is soft-deleted, otherwise for good. Ids
    /// without a row are passed over.
    ///
    /// # Errors
    /// `repository/too_many_rows` for more than 100,000 ids, `repository/foreign_key` if another row refers to one of the rows:
    /// nothing was deleted.
    pub async fn delete_many(&mut self, ids: &[E::Id]) -> Result<Affected, Error> {
        self.writable()?;
        self.keyed()?;
        few(ids.len())?;
        let writes = ids.chunks(CHUNK).map(|ids| {
            let values = ids.iter().map(|id| id.to_value().into_owned()).collect();
            let reach = self.among(Life::Living).reach(vec![Node::In { place: id_place::<E>(), values }])?;
            self.deletion(reach)
        });
        let writes = writes.collect::<Result<Vec<_>, Error>>()?;
        let told = self.together(Together::Whole, writes).await?;
        Ok(Affected { rows: told.into_iter().flatten().sum() })
    }

    /// The living rows for which a condition holds that does not always hold.
    fn bounded(&self, spec: Spec<E>) -> Result<Reach, Error> {
        if self.everything || !always(spec.node()) {
            return self.among(Life::Living).reach(vec![spec.node().clone()]);
        }
        let message = "the condition holds for every row; narrow it, or allow it with `everything()`";
        Err(failure::invalid("repository/unbounded", message).with("entity", E::TABLE.entity()))
    }
}

/// Whether a condition holds for every row, whatever its columns are.
fn always(node: &Node) -> bool {
    match node {
        Node::All(parts) => parts.iter().all(always),
        Node::Any(parts) => parts.iter().any(always),
        Node::Not(inner) => never(inner),
        Node::Cmp { .. } | Node::In { .. } | Node::IsNull { .. } => false,
    }
}

/// Whether it is false for every row.
fn never(node: &Node) -> bool {
    match node {
        Node::All(parts) => parts.iter().any(never),
        Node::Any(parts) => parts.iter().all(never),
        Node::Not(inner) => always(inner),
        Node::In { values, .. } => values.is_empty(),
        Node::Cmp { .. } | Node::IsNull { .. } => false,
    }
}
