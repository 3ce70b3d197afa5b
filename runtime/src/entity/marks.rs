//! What an entity has, as bounds: methods that need a role exist only with it.

use super::Entity;

/// An entity whose rows belong to tenants: it has a field with `#[tenant]`.
#[diagnostic::on_unimplemented(message = "`{Self}` belongs to no tenant", label = "no field is marked `#[tenant]`")]
pub trait TenantEntity: Entity {}

/// An entity whose rows belong to nobody in particular: it has no field with `#[tenant]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` belongs to a tenant: use `db.scoped(Scope::tenant(..))`",
    label = "its rows are reached in a scope only"
)]
pub trait GlobalEntity: Entity {}

/// An entity that knows how often it was changed: it has a field with `#[version]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no version",
    label = "no field is marked `#[version]`",
    note = "without one the last write wins, and `overwrite` says so"
)]
pub trait Versioned: Entity {
    /// How often it was changed.
    fn version(&self) -> crate::version::Version;
}

/// An entity whose rows are marked as deleted and stay: it has a field with `#[soft_delete]`.
#[diagnostic::on_unimplemented(message = "`{Self}` is deleted for good", label = "no field is marked `#[soft_delete]`")]
pub trait SoftDelete: Entity {}

/// An entity that does not know how often it was changed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has a version: `save` looks whether somebody else was faster",
    label = "a field is marked `#[version]`"
)]
pub trait Unversioned: Entity {}
