//! The columns of a derived entity: how the values of its fields come in and out is said once, in a constant.

use std::any::Any;

use serde::{Serialize, de::DeserializeOwned};

use crate::{
    actor::ActorId,
    bus::Staged,
    codec,
    entity::{AsI64, AsJson, ColumnDef, ColumnType, Entity, Kind, Role, RowReader, Stamps, Table, Transitioned, Value},
    envelope::{Envelope, EventKind, Recorded},
    error::Error,
    tenant::TenantId,
    timestamp::Timestamp,
    value_object::Invalid,
    version::Version,
};

/// The column that a field of type `T` is.
#[derive(Debug)]
pub struct Column<T> {
    /// What is known of it.
    pub def: ColumnDef,
    write: fn(&T) -> Value<'_>,
    read: fn(Value<'_>) -> Result<T, Invalid>,
}

/// A column whose type is that of the field.
#[must_use]
pub const fn column<T: ColumnType>(name: &'static str) -> Column<T> {
    Column { def: ColumnDef::of::<T>(name), write: T::to_value, read: T::from_value }
}

/// A column of JSON documents.
#[must_use]
pub const fn json_column<T: Serialize + DeserializeOwned>(name: &'static str) -> Column<T> {
    Column { def: ColumnDef::json::<T>(name), write: |value| AsJson::to_value(value), read: AsJson::from_value }
}

/// A column of integers that no database has a type for.
#[must_use]
pub const fn whole_column<T: Whole>(name: &'static str) -> Column<T> {
    let write = |value: &T| value.column().to_value().into_owned();
    Column { def: ColumnDef::of::<T::Column>(name), write, read: |value| T::Column::from_value(value).map(T::field) }
}

macro_rules! forward {
    ($($name:ident($($argument:ident: $ty:ty),*);)*) => {
        impl<T> Column<T> {
            $(
                #[doc(hidden)]
                #[must_use]
                #[track_caller]
                pub const fn $name(self $(, $argument: $ty)*) -> Self {
                    Self { def: self.def.$name($($argument),*), write: self.write, read: self.read }
                }
            )*
        }
    };
}

forward! {
    role(role: Role);
    column(name: &'static str);
    max(max: u32);
    decimal(all: u32, after: u32);
    filter();
    pattern();
    sort();
    immutable();
    sensitive();
    checked();
}

impl<T> Column<T> {
    #[doc(hidden)]
    #[must_use]
    pub const fn references<E: Entity>(self) -> Self {
        Self { def: self.def.references::<E>(), write: self.write, read: self.read }
    }

    /// The value of the field.
    pub fn value(self, field: &T) -> Value<'_> {
        (self.write)(field)
    }

    /// The field, from the next column of the row.
    ///
    /// # Errors
    /// Those of the reader.
    pub fn take(self, row: &mut RowReader<'_>) -> Result<T, Error> {
        row.take_with(self.read)
    }
}

/// The type of a field with `#[col(as = i64)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no integer that is stored as an `i64`",
    label = "`as = i64` is for `u64`, `u128`, `i128`, `usize` and `isize`"
)]
pub trait Whole: Sized {
    /// The type of the column.
    type Column: ColumnType;

    /// What is stored.
    fn column(&self) -> Self::Column;

    /// What was stored.
    fn field(column: Self::Column) -> Self;
}

macro_rules! whole {
    ($($ty:ty)*) => {
        $(impl Whole for $ty {
            type Column = AsI64<Self>;

            fn column(&self) -> AsI64<Self> {
                AsI64(*self)
            }

            fn field(column: AsI64<Self>) -> Self {
                column.0
            }
        })*
    };
}

whole!(u64 u128 i128 usize isize);

impl<N: Whole> Whole for Option<N>
where
    N::Column: ColumnType<Plain = N::Column>,
{
    type Column = Option<N::Column>;

    fn column(&self) -> Self::Column {
        self.as_ref().map(N::column)
    }

    fn field(column: Self::Column) -> Self {
        column.map(N::field)
    }
}

/// The type of a field whose role has values of `V`.
#[diagnostic::on_unimplemented(message = "a field with this role has the type `{V}`", label = "not a `{V}`")]
pub trait Stamped<V> {
    /// The field with this value.
    fn stamped(value: V) -> Self;
}

impl<V> Stamped<V> for V {
    fn stamped(value: V) -> Self {
        value
    }
}

/// That it is optional is refused where the column is checked.
impl<V> Stamped<V> for Option<V> {
    fn stamped(value: V) -> Self {
        Some(value)
    }
}

/// For whom it is written.
///
/// # Errors
/// `repository/tenant_required` where there is no tenant.
pub fn stamp_tenant<T: Stamped<TenantId>>(stamps: &Stamps) -> Result<T, Error> {
    stamps.tenant().map(T::stamped)
}

/// The version after the write.
#[must_use]
pub fn stamp_version<T: Stamped<Version>>(stamps: &Stamps) -> T {
    T::stamped(stamps.version)
}

/// When it is written.
#[must_use]
pub fn stamp_time<T: Stamped<Timestamp>>(stamps: &Stamps) -> T {
    T::stamped(stamps.at)
}

/// Who writes it.
#[must_use]
pub fn stamp_actor<T: Stamped<Option<ActorId>>>(stamps: &Stamps) -> T {
    T::stamped(stamps.actor.clone())
}

/// When a row that lives was deleted.
#[must_use]
pub fn never<T: Stamped<Option<Timestamp>>>(_: &Stamps) -> T {
    T::stamped(None)
}

/// Who deleted it.
#[must_use]
pub fn nobody<T: Stamped<Option<ActorId>>>(_: &Stamps) -> T {
    T::stamped(None)
}

/// The version of an entity that has one.
#[must_use]
pub fn version_of<E: Entity>(entity: &E) -> Version {
    let place = const { E::TABLE.place(Role::Version) };
    let value = place.map_or(NOTHING, |place| entity.value(place));
    Version::from_value(value).unwrap_or_default()
}

/// An entity that is stored as it is: its logs know the states.
#[must_use]
pub fn noted<E: Entity>(mut entity: E) -> E {
    for logged in E::LOGS {
        logged.note(&mut entity);
    }
    entity
}

/// A message about a transition, as the bus of the process has it.
#[must_use]
pub fn hear_transition<E: Entity>(envelope: Envelope) -> Option<Box<dyn Any + Send>> {
    let event: Transitioned<E> = codec::decode(&envelope.payload).ok()?;
    let envelope = Envelope { kind: EventKind::Domain, ..envelope };
    Some(Box::new(Staged::new(Recorded::new(event, envelope, None))))
}

/// What stands in a column that there is not.
pub const NOTHING: Value<'static> = Value::Null(Kind::Text);

/// The stand-in for the table of an entity that has faults.
pub const NO_TABLE: &Table = &Table::new("", "no_table", &[ColumnDef::of::<i64>("id").role(Role::Id)]);
