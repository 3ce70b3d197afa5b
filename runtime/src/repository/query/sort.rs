//! In which order rows are read.

use std::{fmt, marker::PhantomData};

use crate::{
    entity::{ColumnDef, Entity, Field, Role, Sort},
    plan::Order,
};

/// A column to sort by, and its direction. Null comes last where it ascends and first where it descends.
pub struct SortKey<E> {
    order: Order,
    entity: PhantomData<fn() -> E>,
}

impl<E: Entity> fmt::Debug for SortKey<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = E::TABLE.columns().get(self.order.place).map_or("?", ColumnDef::name);
        let Order { descending, nulls_first, .. } = self.order;
        write!(f, "{name} {}", if descending { "DESC" } else { "ASC" })?;
        f.write_str(if nulls_first { " NULLS FIRST" } else { " NULLS LAST" })
    }
}

impl<E> Clone for SortKey<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for SortKey<E> {}

impl<E> SortKey<E> {
    /// The column at this place, with null where it comes unless it is said.
    pub(in crate::repository) const fn at(place: usize, descending: bool) -> Self {
        SortKey { order: Order { place, descending, nulls_first: descending }, entity: PhantomData }
    }

    /// Null comes first.
    #[must_use]
    pub const fn nulls_first(mut self) -> Self {
        self.order.nulls_first = true;
        self
    }

    /// Null comes last.
    #[must_use]
    pub const fn nulls_last(mut self) -> Self {
        self.order.nulls_first = false;
        self
    }
}

impl<E: Entity, T, F> Field<E, T, F, Sort> {
    /// Ascending.
    #[must_use]
    pub const fn asc(self) -> SortKey<E> {
        SortKey::at(self.place(), false)
    }

    /// Descending.
    #[must_use]
    pub const fn desc(self) -> SortKey<E> {
        SortKey::at(self.place(), true)
    }
}

/// The order of these keys: one that is named twice counts once, and the id decides between rows that are alike, in the
/// direction of the last key.
pub(in crate::repository) fn complete<E: Entity>(keys: &[SortKey<E>]) -> Vec<Order> {
    let mut orders: Vec<Order> = Vec::with_capacity(keys.len() + 1);
    for key in keys {
        if orders.iter().all(|order| order.place != key.order.place) {
            orders.push(key.order);
        }
    }
    if let Some(place) = E::TABLE.place(Role::Id)
        && orders.iter().all(|order| order.place != place)
    {
        let descending = orders.last().is_some_and(|order| order.descending);
        orders.push(Order { place, descending, nulls_first: false });
    }
    orders
}
