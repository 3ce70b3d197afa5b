//! How entities hang together: keys that no two rows share, and references from one table to another.

use std::{fmt, marker::PhantomData};

use super::{ColumnType, Entity, Field, Key, Role};

/// A key that no two rows of `E` share. `#[derive(Entity)]` writes a function for each: `Order::unique_number()`.
pub struct UniqueKey<E> {
    place: usize,
    entity: PhantomData<fn() -> E>,
}

impl<E: Entity> UniqueKey<E> {
    /// The key at this place among those of the table.
    #[must_use]
    pub const fn at(place: usize) -> Self {
        Self { place, entity: PhantomData }
    }

    /// Its columns.
    #[must_use]
    pub const fn key(&self) -> &'static Key {
        &E::TABLE.unique()[self.place]
    }
}

impl<E> Clone for UniqueKey<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for UniqueKey<E> {}

impl<E: Entity> fmt::Debug for UniqueKey<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns = self.key().columns.iter().map(|place| E::TABLE.columns()[*place].name());
        write!(f, "{}", E::TABLE.entity())?;
        f.debug_list().entries(columns).finish()
    }
}

/// From rows of `E` to rows of `P`, by two columns that are equal. `#[derive(Entity)]` writes a function for each:
/// `Order::lines()`.
pub struct Relation<E, P> {
    from: Option<usize>,
    to: Option<usize>,
    entities: PhantomData<fn() -> (E, P)>,
}

impl<E: Entity, P: Entity> Relation<E, P> {
    /// From a row to the many whose column holds its id.
    #[must_use]
    pub const fn many<T: ColumnType<Plain = E::Id>, F, S>(column: Field<P, T, F, S>) -> Self {
        Self { from: None, to: Some(column.place()), entities: PhantomData }
    }

    /// From a row to the one whose id its column holds.
    #[must_use]
    pub const fn one<T: ColumnType<Plain = P::Id>, F, S>(column: Field<E, T, F, S>) -> Self {
        Self { from: Some(column.place()), to: None, entities: PhantomData }
    }

    /// The places of the two columns, in the table of `E` and in that of `P`.
    #[must_use]
    pub fn places(&self) -> (usize, usize) {
        let own = self.from.or(E::TABLE.place(Role::Id)).unwrap_or_default();
        (own, self.to.or(P::TABLE.place(Role::Id)).unwrap_or_default())
    }

    /// Whether a row leads to many.
    #[must_use]
    pub const fn is_many(&self) -> bool {
        self.from.is_none()
    }
}

impl<E, P> Clone for Relation<E, P> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E, P> Copy for Relation<E, P> {}

impl<E: Entity, P: Entity> fmt::Debug for Relation<E, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to) = self.places();
        let (own, other) = (E::TABLE, P::TABLE);
        let (from, to) = (own.columns()[from].name(), other.columns()[to].name());
        write!(f, "{}.{from} = {}.{to}", own.entity(), other.entity())
    }
}
