//! The columns of an entity, as specifications and sorts name them.

use std::{fmt, marker::PhantomData};

use super::{ColumnDef, Entity};

/// A column that can be compared.
#[derive(Debug, Clone, Copy)]
pub struct Compare;

/// A text that can be compared, and in which parts can be looked for.
#[derive(Debug, Clone, Copy)]
pub struct Pattern;

/// A column of which specifications do not speak.
#[derive(Debug, Clone, Copy)]
pub struct NoFilter;

/// A column that can be sorted by.
#[derive(Debug, Clone, Copy)]
pub struct Sort;

/// A column that cannot be sorted by.
#[derive(Debug, Clone, Copy)]
pub struct NoSort;

/// Marks [`Compare`] and [`Pattern`].
#[diagnostic::on_unimplemented(
    message = "this column cannot be compared",
    label = "write `#[col(filter)]` on the field"
)]
pub trait Comparable {}

impl Comparable for Compare {}
impl Comparable for Pattern {}

/// The column of `E` with values of type `T`. `F` says how it may be compared, `S` whether it may be sorted by; what is not
/// allowed does not compile.
///
/// `#[derive(Entity)]` writes a function for each: `Order::status()`.
pub struct Field<E, T, F, S> {
    place: usize,
    types: Types<E, T, F, S>,
}

type Types<E, T, F, S> = PhantomData<fn() -> (E, T, F, S)>;

impl<E: Entity, T, F, S> Field<E, T, F, S> {
    /// The column at this place of the table.
    #[must_use]
    pub const fn at(place: usize) -> Self {
        Self { place, types: PhantomData }
    }

    /// Its place in the table.
    #[must_use]
    pub const fn place(&self) -> usize {
        self.place
    }

    /// The column.
    #[must_use]
    pub const fn column(&self) -> &'static ColumnDef {
        &E::TABLE.columns()[self.place]
    }
}

impl<E, T, F, S> Clone for Field<E, T, F, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E, T, F, S> Copy for Field<E, T, F, S> {}

impl<E: Entity, T, F, S> fmt::Debug for Field<E, T, F, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", E::TABLE.entity(), self.column().name())
    }
}
