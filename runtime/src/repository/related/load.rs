//! The rows that many rows lead to, read at once.

use std::collections::BTreeMap;

use crate::{
    entity::{ColumnType, Entity, Relation, Value},
    error::Error,
    plan::{Key, Select},
    repository::{Repository, complete, failure},
    specification::Node,
};

/// So many keys are asked for at once.
const CHUNK: usize = 1_024;
/// More rows are an answer that nobody reads at once.
const MOST: u64 = 100_000;

/// The rows that a relation leads to, by the key that leads there.
#[derive(Debug, Clone)]
pub struct Loaded<P> {
    rows: BTreeMap<Key, Vec<P>>,
}

impl<P> Loaded<P> {
    /// The rows that hang on this id, in the order of their own: `lines.of(&order.id)`.
    #[must_use]
    pub fn of(&self, id: &impl ColumnType) -> &[P] {
        self.rows.get(&Key::of(id.to_value())).map_or(&[], Vec::as_slice)
    }

    /// The row with this id: `customers.one(&order.customer_id)`.
    #[must_use]
    pub fn one(&self, id: &impl ColumnType) -> Option<&P> {
        self.of(id).first()
    }

    /// How many rows there are in all.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.values().map(Vec::len).sum()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

impl<E: Entity> Repository<'_, E> {
    /// Reads the rows that a relation leads to from all these, in one query for every 1,024 of them: of the same scope, and those
    /// that live.
    ///
    /// # Errors
    /// `repository/too_many_rows` if there are more than 100,000, `repository/tenant_required` if they belong to a tenant and
    /// the scope is of none, or of all where several tenants may have the same ids.
    pub async fn load_many<P: Entity>(&mut self, rows: &[E], relation: Relation<E, P>) -> Result<Loaded<P>, Error> {
        let (from, to) = relation.places();
        let mut keys: Vec<Key> = rows.iter().map(|row| Key::of(row.value(from))).collect();
        keys.retain(|key| !key.0.iter().any(Value::is_null));
        keys.sort();
        keys.dedup();
        let related = self.related_rows::<P>();
        self.keyed().and(related.keyed())?;
        let mut loaded = Loaded { rows: BTreeMap::new() };
        let mut left = MOST;
        for chunk in keys.chunks(CHUNK) {
            let values = chunk.iter().flat_map(|key| key.0.iter().cloned()).collect();
            let reach = related.reach(vec![Node::In { place: to, values }])?;
            let order = complete::<P>(&[]);
            let found = related.read(Select { order, ..reach.up_to(left + 1) }).await?;
            left = left.checked_sub(found.len() as u64).ok_or_else(too_many)?;
            for row in found {
                loaded.rows.entry(Key::of(row.value(to))).or_default().push(row);
            }
        }
        Ok(loaded)
    }
}

fn too_many() -> Error {
    let message = format!("more than {MOST} related rows; load those of fewer rows at once");
    failure::invalid("repository/too_many_rows", message)
}
