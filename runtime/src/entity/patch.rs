//! Changes of some columns, and what a table that is only read has instead.

use std::{convert::Infallible, fmt, marker::PhantomData};

use super::{Entity, Patch, Value};

/// The changes of a patch: each column once.
pub struct Changes<E> {
    list: Vec<(usize, Value<'static>)>,
    entity: PhantomData<fn() -> E>,
}

impl<E> Changes<E> {
    /// None.
    #[must_use]
    pub const fn new() -> Self {
        Self { list: Vec::new(), entity: PhantomData }
    }

    /// The column at this place becomes this value; of two values for one column the later counts.
    #[must_use]
    pub fn with(mut self, place: usize, value: Value<'_>) -> Self {
        self.list.retain(|(other, _)| *other != place);
        self.list.push((place, value.into_owned()));
        self
    }

    /// The places of the columns, and their new values.
    #[must_use]
    pub fn all(&self) -> &[(usize, Value<'static>)] {
        &self.list
    }
}

impl<E> Clone for Changes<E> {
    fn clone(&self) -> Self {
        Self { list: self.list.clone(), entity: PhantomData }
    }
}

impl<E> Default for Changes<E> {
    fn default() -> Self {
        Self::new()
    }
}

/// The names of the columns and their values, except for those of sensitive columns.
impl<E: Entity> fmt::Debug for Changes<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_map();
        for (place, value) in &self.list {
            let Some(column) = E::TABLE.columns().get(*place) else { continue };
            let value: &dyn fmt::Display = if column.is_sensitive() { &"•••" } else { value };
            shown.entry(&format_args!("{}", column.name()), &format_args!("{value}"));
        }
        shown.finish()
    }
}

/// A type whose columns a patch can change: every one but states, which change by their transitions.
#[diagnostic::on_unimplemented(
    message = "a patch does not change a column of `{Self}`",
    label = "not with a patch",
    note = "a state changes by its transitions: load the entity, call one, and save it",
    note = "for a type of your own with `impl ColumnType`, write `impl Patchable`"
)]
pub trait Patchable {}

impl<T: Patchable> Patchable for Option<T> {}

/// What new rows are made from, and what changes them, in a table that is only read: there is none.
#[derive(Debug)]
pub struct Unwritten<E>(Infallible, PhantomData<fn() -> E>);

impl<E> Unwritten<E> {
    /// Anything, because there is no such value.
    #[must_use]
    pub const fn never(self) -> E {
        match self.0 {}
    }
}

impl<E: Entity> Patch for Unwritten<E> {
    type Entity = E;

    fn changes(&self) -> &[(usize, Value<'static>)] {
        match self.0 {}
    }
}
