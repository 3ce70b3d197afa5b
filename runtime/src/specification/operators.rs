//! The operators of a column.

use super::{Node, Spec, Test};
use crate::entity::{ColumnType, Comparable, Entity, Field, Operand, Ordered, Pattern, Textual, Value};

impl<E: Entity, T: ColumnType, F: Comparable, S> Field<E, T, F, S> {
    /// It is this value. Where the column is null, that is unknown.
    pub fn eq(self, value: impl Operand<T::Plain>) -> Spec<E> {
        self.test(Test::Eq, value.operand())
    }

    /// It is another value. Where the column is null, that is unknown: [`not_same`](Self::not_same) finds those, too.
    pub fn ne(self, value: impl Operand<T::Plain>) -> Spec<E> {
        self.test(Test::Ne, value.operand())
    }

    /// It is this value, or null if that is what is asked for. Never unknown.
    pub fn same<V: Operand<T::Plain>>(self, value: Option<V>) -> Spec<E> {
        match value {
            Some(value) => self.test(Test::Same, value.operand()),
            None => Spec::of(Node::IsNull { place: self.place() }),
        }
    }

    /// It is not [`same`](Self::same). Never unknown.
    pub fn not_same<V: Operand<T::Plain>>(self, value: Option<V>) -> Spec<E> {
        !self.same(value)
    }

    /// It is one of these values. Of none it never is, also where it is null.
    pub fn is_in<V: Operand<T::Plain>>(self, values: impl IntoIterator<Item = V>) -> Spec<E> {
        let values = values.into_iter().map(Operand::operand).collect();
        Spec::of(Node::In { place: self.place(), values })
    }

    /// It is none of these values. Where the column is null, that is unknown, except for no values at all.
    pub fn not_in<V: Operand<T::Plain>>(self, values: impl IntoIterator<Item = V>) -> Spec<E> {
        !self.is_in(values)
    }

    fn test(self, test: Test, value: Value<'static>) -> Spec<E> {
        Spec::of(Node::Cmp { place: self.place(), test, value })
    }
}

impl<E: Entity, T: ColumnType, F: Comparable, S> Field<E, T, F, S>
where
    T::Plain: Ordered,
{
    /// It is less.
    pub fn lt(self, value: impl Operand<T::Plain>) -> Spec<E> {
        self.test(Test::Lt, value.operand())
    }

    /// It is less, or this value.
    pub fn le(self, value: impl Operand<T::Plain>) -> Spec<E> {
        self.test(Test::Le, value.operand())
    }

    /// It is more.
    pub fn gt(self, value: impl Operand<T::Plain>) -> Spec<E> {
        self.test(Test::Gt, value.operand())
    }

    /// It is more, or this value.
    pub fn ge(self, value: impl Operand<T::Plain>) -> Spec<E> {
        self.test(Test::Ge, value.operand())
    }

    /// It lies between these values, or is one of both.
    pub fn between(self, least: impl Operand<T::Plain>, most: impl Operand<T::Plain>) -> Spec<E> {
        self.ge(least) & self.le(most)
    }
}

impl<E: Entity, T: ColumnType<Plain = T>, F: Comparable, S> Field<E, Option<T>, F, S> {
    /// It is null.
    pub fn is_null(self) -> Spec<E> {
        Spec::of(Node::IsNull { place: self.place() })
    }

    /// It is not null.
    pub fn is_not_null(self) -> Spec<E> {
        !self.is_null()
    }
}

impl<E: Entity, T: ColumnType, S> Field<E, T, Pattern, S>
where
    T::Plain: Textual,
{
    /// Its text begins so. Every character stands for itself, here and in the following three.
    pub fn starts_with(self, part: &str) -> Spec<E> {
        self.part(Test::StartsWith, part)
    }

    /// Its text has this part, in the same case.
    pub fn contains(self, part: &str) -> Spec<E> {
        self.part(Test::Contains, part)
    }

    /// Its text ends so.
    pub fn ends_with(self, part: &str) -> Spec<E> {
        self.part(Test::EndsWith, part)
    }

    /// Its text has this part, the letters A to Z in either case. What other letters have in common is up to the database.
    pub fn contains_ci(self, part: &str) -> Spec<E> {
        self.part(Test::ContainsCi, part)
    }

    fn part(self, test: Test, part: &str) -> Spec<E> {
        self.test(test, Value::Text(part.to_owned().into()))
    }
}
