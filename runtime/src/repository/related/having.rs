//! Conditions on the rows that a relation leads to.

use std::{fmt, marker::PhantomData};

use crate::{
    entity::{Entity, Relation, Role, Table},
    error::Error,
    plan::{Reach, Related},
    repository::{Scope, reads::sound},
    specification::{Node, Spec},
};

/// A condition on related rows: made by [`Relation::any`], asked by [`Find::having`](super::super::Find::having) and
/// [`Find::lacking`](super::super::Find::lacking).
#[must_use = "give it to `Find::having` or `Find::lacking`"]
pub struct Having<E> {
    from: usize,
    to: usize,
    table: &'static Table,
    node: Node,
    tenant: fn(&Scope) -> Result<Option<Node>, Error>,
    sound: fn(&Node) -> Result<(), Error>,
    entity: PhantomData<fn() -> E>,
}

impl<E: Entity, P: Entity> Relation<E, P> {
    /// There is a related row for which the condition holds. What is soft-deleted, or another tenant's, is not there.
    pub fn any(self, spec: Spec<P>) -> Having<E> {
        let (from, to) = self.places();
        let (tenant, sound) = (Scope::part::<P>, sound::<P>);
        Having { from, to, table: P::TABLE, node: spec.normal().node().clone(), tenant, sound, entity: PhantomData }
    }
}

impl<E: Entity> Having<E> {
    /// What a database is asked, in this scope.
    pub(in crate::repository) fn related(&self, scope: &Scope, lacking: bool) -> Result<Related, Error> {
        (self.sound)(&self.node)?;
        let alive = self.table.place(Role::DeletedAt).map(|place| Node::IsNull { place });
        let parts = (self.tenant)(scope)?.into_iter().chain(alive).chain([self.node.clone()]).collect();
        let tenants = E::TABLE.place(Role::Tenant).zip(self.table.place(Role::Tenant));
        let pairs = tenants.into_iter().chain([(self.from, self.to)]).collect();
        Ok(Related { lacking, pairs, reach: Reach { table: self.table, parts, related: Vec::new() } })
    }

    /// What a cursor of such a find is good for.
    pub(in crate::repository) fn fingerprint(&self) -> String {
        let name = |table: &Table, place: usize| table.columns().get(place).map(|column| column.sql_name().to_owned());
        let table = (self.table.schema_name(), self.table.name());
        format!("{:?}", (name(E::TABLE, self.from), table, name(self.table, self.to), &self.node))
    }
}

impl<E> Clone for Having<E> {
    fn clone(&self) -> Self {
        Self { node: self.node.clone(), ..*self }
    }
}

/// Without the condition: its tree shows every value.
impl<E: Entity> fmt::Debug for Having<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Having").field("rows", &self.table.entity()).finish_non_exhaustive()
    }
}
