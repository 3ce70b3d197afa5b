//! Insertions that change the row that is there.

use crate::{
    entity::{ColumnDef, Entity, Role, UniqueKey, Value},
    error::Error,
    plan::{Collect, Set, Upsert},
    repository::{
        Repository,
        reads::Life,
        saves::fresh,
        writes::{mutable, row, stamped},
    },
    specification::{Node, Test},
    version::Version,
};

/// What was there before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Upserted<E> {
    /// No row with the key: this one was inserted.
    Inserted(E),
    /// A row with the key: it was changed, and is now this one.
    Updated(E),
}

impl<E> Upserted<E> {
    /// The row as it is now.
    #[must_use]
    pub const fn entity(&self) -> &E {
        match self {
            Self::Inserted(entity) | Self::Updated(entity) => entity,
        }
    }

    /// The row as it is now.
    #[must_use]
    pub fn into_entity(self) -> E {
        match self {
            Self::Inserted(entity) | Self::Updated(entity) => entity,
        }
    }
}

impl<E: Entity> Repository<'_, E> {
    /// Inserts a row, unless a living one of the tenant has the same key: then that one is changed, and is at its next version. It
    /// keeps its id, who created it and when, what is `immutable`, and its states, which change by their transitions.
    ///
    /// A key with a column that is null equals no other: such a row is always inserted.
    ///
    /// # Errors
    /// `repository/duplicate` if another row has the same id, or the same values in another key; `repository/value`;
    /// `repository/tenant_required` if the entity belongs to a tenant and the scope is not of one.
    pub async fn upsert(&mut self, new: E::New, key: UniqueKey<E>) -> Result<Upserted<E>, Error> {
        self.writable()?;
        let stamps = self.scope.stamps(Version::new(1));
        let entity = fresh(E::create(new, &stamps)?)?;
        let row = row(&entity)?;
        let open = mutable::<E>().filter(|(_, column)| !is_state(column));
        let mut set: Vec<_> = open.map(|(place, _)| (place, Set::To(row[place].clone()))).collect();
        set.extend(stamped::<E>(&stamps, [Role::UpdatedAt, Role::UpdatedBy]));
        let columns = key.key().columns;
        let reach = self.among(Life::Living).reach(with_key(columns, &row))?;
        let plan = Upsert { row, reach, set };
        let told = self.on.upsert(plan, Collect::<E>::sink).await?;
        let changed = Collect::<E>::found(told).pop();
        Ok(changed.map_or(Upserted::Inserted(entity), Upserted::Updated))
    }
}

/// The condition that finds the row with the same key.
fn with_key(columns: &[usize], row: &[Value<'static>]) -> Vec<Node> {
    if columns.iter().any(|place| row[*place].is_null()) {
        return vec![Node::Any(Vec::new())];
    }
    let equal = |place: &usize| Node::Cmp { place: *place, test: Test::Eq, value: row[*place].clone() };
    columns.iter().map(equal).collect()
}

/// A state is stored by a name that can be counted; patches do not change it, either.
fn is_state(column: &ColumnDef) -> bool {
    !column.texts().is_empty()
}
