//! Foreign keys: which columns refer to which of another table.

use crate::entity::{Kind, Role, Table};

/// Columns that refer to those of a row of another table.
#[derive(Debug, Clone)]
pub(crate) struct Reference {
    pub(crate) to: &'static Table,
    /// The places of the columns, here and there.
    pub(crate) pairs: Vec<(usize, usize)>,
}

/// The foreign keys of a table. Between rows of tenants they hold the tenant, too, so that no row refers to another tenant's. There
/// is none to a table that others make, and none where the id alone does not say which row it is.
pub(crate) fn references(table: &'static Table) -> Vec<Reference> {
    let all = table.columns().iter().enumerate();
    all.filter_map(|(place, column)| reference(table, place, column.refers_to()?)).collect()
}

fn reference(table: &'static Table, place: usize, to: &'static Table) -> Option<Reference> {
    let id = to.place(Role::Id).filter(|_| !to.is_read_only())?;
    let tenants = table.place(Role::Tenant).zip(to.place(Role::Tenant));
    let told = tenants.is_some() || primary(to).len() == 1;
    told.then(|| Reference { to, pairs: tenants.into_iter().chain([(place, id)]).collect() })
}

/// The columns of the primary key: the id; before it the tenant, where ids are not made and two tenants may have the same.
pub(crate) fn primary(table: &Table) -> Vec<usize> {
    let id = table.place(Role::Id);
    let made = id.is_some_and(|place| table.columns()[place].kind() == Kind::Uuid);
    let tenant = table.place(Role::Tenant).filter(|_| !made);
    tenant.into_iter().chain(id).collect()
}
