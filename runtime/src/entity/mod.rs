//! Entities: values with an identity that are kept as rows of a table.
//!
//! [`#[derive(Entity)]`](macro@crate::entity::Entity) declares the table in the place where the type is: names, keys, what may be filtered
//! and sorted, whose row it is, how often it was changed. From that come the columns ([`Table`]), functions that name the
//! columns in [specifications](crate::specification) ([`Field`]), a type for new rows and one for changes.
//!
//! Nothing here speaks to a database.

mod column;
mod field;
mod machines;
mod marks;
mod patch;
mod relation;
mod row;
mod stamps;
mod table;
mod types;
mod value;

pub use column::{ColumnDef, Filtering, Role};
pub use field::{Comparable, Compare, Field, NoFilter, NoSort, Pattern, Sort};
pub(crate) use machines::Hear;
pub use machines::{Logged, Logs, Transitioned};
pub use marks::{GlobalEntity, SoftDelete, TenantEntity, Unversioned, Versioned};
pub use patch::{Changes, Patchable, Unwritten};
pub use relation::{Relation, UniqueKey};
pub use row::{Cells, RowReader};
pub use stamps::{EntityId, Stamps};
pub use table::{Index, Key, Table};
pub use types::{AsI64, AsJson, ColumnType, Date, Decimal, Operand, Ordered, Summable, Textual};
pub(crate) use types::{decimal_of_units, decimal_units, parse_decimal};
pub use value::{Kind, Value};

#[cfg(feature = "macros")]
pub use bailiwick_macros::Entity;

use crate::{error::Error, event::EventSpec};

/// A value with an identity, kept as a row. `#[derive(Entity)]` writes it.
#[diagnostic::on_unimplemented(message = "`{Self}` is not an entity", label = "needs `#[derive(Entity)]`")]
pub trait Entity: Sized + Send + Sync + 'static {
    /// The type of its key.
    type Id: EntityId;
    /// What a new row is made from: every column that the framework does not write.
    type New: Send;
    /// A change of some columns.
    type Patch: Patch<Entity = Self>;
    /// Its table.
    const TABLE: &'static Table;
    /// The columns whose changes are logged, each once.
    const LOGS: &'static [Logged<Self>] = &[];
    /// What the transitions of its machines are as events, in the same order.
    const TRANSITIONED: &'static [EventSpec] = &[];

    /// A new entity: what is given, and the stamps.
    ///
    /// # Errors
    /// `repository/tenant_required` if it belongs to a tenant and the stamps have none.
    fn create(new: Self::New, stamps: &Stamps) -> Result<Self, Error>;

    /// Reads a row: each column once, in the order of the table.
    ///
    /// # Errors
    /// Those of the reader.
    fn read(row: &mut RowReader<'_>) -> Result<Self, Error>;

    /// The key.
    fn id(&self) -> &Self::Id;

    /// What stands in the column at this place; for a place that the table does not have, nothing.
    fn value(&self, place: usize) -> Value<'_>;

    /// Takes over what a write has put into the columns that have a role.
    fn stamp(&mut self, stamps: &Stamps);
}

/// A change of some columns of an entity.
pub trait Patch: Send {
    /// Of which entity.
    type Entity: Entity;

    /// The places of the columns, and their new values.
    fn changes(&self) -> &[(usize, Value<'static>)];
}
