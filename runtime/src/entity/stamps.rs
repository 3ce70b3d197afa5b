//! What the framework writes into the columns that are its own.

use crate::{
    actor::ActorId,
    error::{Error, ErrorKind},
    id::{Id, Uuid},
    tenant::TenantId,
    timestamp::Timestamp,
    version::Version,
};

use super::ColumnType;

/// A key of an entity: `#[derive(Id)]` over a `Uuid`, which is made for who gives none; otherwise a text or a whole number
/// that the caller gives.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the key of an entity",
    label = "an id is a type with `#[derive(Id)]`, a `Uuid`, a `String` or an `i64`"
)]
pub trait EntityId: Id + ColumnType<Plain = Self> {
    /// What the caller gives: `Option<Self>` where a key can be made, otherwise `Self`.
    type Given;

    /// The given key, or one that is made from this UUID.
    fn settle(given: Self::Given, fresh: Uuid) -> Self;
}

impl EntityId for Uuid {
    type Given = Option<Self>;

    fn settle(given: Option<Self>, fresh: Uuid) -> Self {
        given.unwrap_or(fresh)
    }
}

impl EntityId for String {
    type Given = Self;

    fn settle(given: Self, _: Uuid) -> Self {
        given
    }
}

impl EntityId for i64 {
    type Given = Self;

    fn settle(given: Self, _: Uuid) -> Self {
        given
    }
}

/// Who writes, when, for which tenant: what goes into columns that have a role.
#[derive(Debug, Clone)]
pub struct Stamps {
    /// The time, in microseconds.
    pub at: Timestamp,
    /// Who writes, if anybody is known.
    pub actor: Option<ActorId>,
    /// For whom.
    pub tenant: Option<TenantId>,
    /// The version after the write.
    pub version: Version,
    /// For the key of a new row.
    pub fresh: Uuid,
}

impl Stamps {
    /// The tenant.
    ///
    /// # Errors
    /// `repository/tenant_required` where there is none.
    pub fn tenant(&self) -> Result<TenantId, Error> {
        let message = "rows of this entity belong to a tenant: name one in the scope";
        self.tenant.clone().ok_or_else(|| Error::new(ErrorKind::Invalid, "repository/tenant_required", message))
    }
}
