//! Newtypes as columns: what `#[derive(Id)]` and `#[derive(ValueObject)]` write for them.

use crate::{entity::ColumnType, id::Uuid, value_object::Invalid};

/// What an id can be made of.
#[diagnostic::on_unimplemented(
    message = "an id that is a `{Self}` is not the key of an entity",
    label = "a key is a `Uuid`, a `String`, or a whole number of `i16` to `i64`, `u8` to `u32`"
)]
pub trait RawId: ColumnType<Plain = Self> {
    /// What the caller gives for a key `K`.
    type Given<K>;

    /// The given key, or one that is made from this UUID.
    fn settle<K: From<Self>>(given: Self::Given<K>, fresh: Uuid) -> K;
}

impl RawId for Uuid {
    type Given<K> = Option<K>;

    fn settle<K: From<Self>>(given: Option<K>, fresh: Uuid) -> K {
        given.unwrap_or_else(|| K::from(fresh))
    }
}

macro_rules! given {
    ($($ty:ty)*) => {
        $(impl RawId for $ty {
            type Given<K> = K;

            fn settle<K: From<Self>>(given: K, _: Uuid) -> K {
                given
            }
        })*
    };
}

given!(String i16 i32 i64 u8 u16 u32);

/// An id from what is inside.
///
/// # Errors
/// Never.
pub fn id_from<R, K: From<R>>(raw: R) -> Result<K, Invalid> {
    Ok(K::from(raw))
}

/// A newtype is a column wherever what is inside is one: the higher-ranked bounds are not judged before they are used.
#[doc(hidden)]
#[macro_export]
macro_rules! __bailiwick_newtype {
    ([$($generics:tt)*] $own:ty, $raw:ty, $make:expr, [$($wheres:tt)*]) => {
        #[automatically_derived]
        impl $($generics)* $crate::entity::ColumnType for $own
        where
            for<'__a> $raw: $crate::entity::ColumnType<Plain = $raw>,
            $($wheres)*
        {
            type Plain = Self;
            const KIND: $crate::entity::Kind = <$raw as $crate::entity::ColumnType>::KIND;
            const MAX: ::core::option::Option<::core::primitive::u32> = <$raw as $crate::entity::ColumnType>::MAX;
            const ORDERED: ::core::primitive::bool = <$raw as $crate::entity::ColumnType>::ORDERED;

            fn to_value(&self) -> $crate::entity::Value<'_> {
                <$raw as $crate::entity::ColumnType>::to_value(&self.0)
            }

            fn from_value(
                value: $crate::entity::Value<'_>,
            ) -> ::core::result::Result<Self, $crate::value_object::Invalid> {
                <$raw as $crate::entity::ColumnType>::from_value(value).and_then($make)
            }
        }
        #[automatically_derived]
        impl $($generics)* $crate::entity::Ordered for $own
        where
            for<'__a> $raw: $crate::entity::ColumnType<Plain = $raw> + $crate::entity::Ordered,
            $($wheres)*
        {
        }
        #[automatically_derived]
        impl $($generics)* $crate::entity::Textual for $own
        where
            for<'__a> $raw: $crate::entity::ColumnType<Plain = $raw> + $crate::entity::Textual,
            $($wheres)*
        {
        }
        #[automatically_derived]
        impl $($generics)* $crate::entity::Patchable for $own
        where
            for<'__a> $raw: $crate::entity::ColumnType<Plain = $raw> + $crate::entity::Patchable,
            $($wheres)*
        {
        }
    };
}

/// An id is the key of an entity wherever what is inside can be one.
#[doc(hidden)]
#[macro_export]
macro_rules! __bailiwick_id_column {
    ($own:ty, $raw:ty) => {
        #[automatically_derived]
        impl $crate::entity::EntityId for $own
        where
            for<'__a> $raw: $crate::__private::RawId,
        {
            type Given = <$raw as $crate::__private::RawId>::Given<Self>;

            fn settle(given: Self::Given, fresh: $crate::id::Uuid) -> Self {
                <$raw as $crate::__private::RawId>::settle(given, fresh)
            }
        }
    };
}

pub use __bailiwick_id_column as id_column;
pub use __bailiwick_newtype as newtype;
