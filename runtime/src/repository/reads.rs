//! The rows of an entity, and reads by id.

use std::{collections::HashMap, marker::PhantomData};

use super::{
    CursorKeys, Find, FindOptions, Outlet, Scope, TenantScope,
    asked::{On, Source},
    db::Keys,
    failure,
};
use crate::{
    entity::{ColumnType, Entity, Kind, Role, SoftDelete, Value},
    error::Error,
    plan::{Collect, Reach, Select, Statements, Wait},
    specification::{Node, Spec, Test},
};

/// So many ids are asked for at once.
const CHUNK: usize = 1_024;
/// So many parts a specification may have, and so many levels: SQLite nests no deeper than 1,000.
const PARTS: usize = 900;
const LEVELS: usize = 64;
/// So many values a list in a specification may have.
pub(super) const LIST: usize = 16_384;

/// Which rows of an entity that is soft-deleted are in reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Life {
    Living,
    Deleted,
    Both,
}

/// The rows of one entity in one scope.
pub struct Repository<'a, E> {
    pub(super) on: On<'a>,
    keys: &'a Keys,
    pub(super) scope: Scope,
    pub(super) life: Life,
    pub(super) everything: bool,
    pub(super) outlet: Option<&'a dyn Outlet>,
    entity: PhantomData<fn() -> E>,
}

impl<'a, E: Entity> Repository<'a, E> {
    /// The rows that these statements reach.
    pub(crate) fn new(on: &'a dyn Statements, keys: &'a Keys, scope: Scope) -> Self {
        Self::over(Source::Lent(on), keys, scope)
    }

    /// The same, asked of whoever serves the scope.
    pub(super) fn over(source: Source<'a>, keys: &'a Keys, scope: Scope) -> Self {
        let on = On::new(source, &scope);
        Self { on, keys, scope, life: Life::Living, everything: false, outlet: None, entity: PhantomData }
    }

    /// The same; what its entities tell goes this way.
    pub(crate) fn through(self, outlet: &'a dyn Outlet) -> Self {
        Self { outlet: Some(outlet), ..self }
    }

    /// The same statements, in another scope, and of the rows of another entity.
    pub(super) fn within<P: Entity>(&self, scope: Scope) -> Repository<'a, P> {
        Repository { outlet: self.outlet, ..Repository::over(self.on.statements.clone(), self.keys, scope) }
    }

    pub(super) fn keys(&self) -> &'a CursorKeys {
        self.keys.get()
    }

    /// Reads the row with this id.
    ///
    /// # Errors
    /// `repository/not_found` if there is none in the scope.
    pub async fn get(&mut self, id: E::Id) -> Result<E, Error> {
        let found = self.by_id(&id).await?;
        found.ok_or_else(|| failure::not_found::<E>(&id))
    }

    /// Reads the row with this id, if there is one in the scope.
    ///
    /// # Errors
    /// `repository/row` if it cannot be read.
    pub async fn try_get(&mut self, id: E::Id) -> Result<Option<E>, Error> {
        self.by_id(&id).await
    }

    /// Reads the rows with these ids, in the order of the ids.
    ///
    /// # Errors
    /// `repository/row` if one cannot be read.
    pub async fn get_many(&mut self, ids: &[E::Id]) -> Result<Vec<Option<E>>, Error>
    where
        E: Clone,
    {
        let mut found = HashMap::with_capacity(ids.len());
        self.keyed()?;
        for chunk in ids.chunks(CHUNK) {
            let values = chunk.iter().map(|id| id.to_value().into_owned()).collect();
            let part = Node::In { place: id_place::<E>(), values };
            for entity in self.read(self.reach(vec![part])?.up_to(CHUNK as u64)).await? {
                found.insert(entity.id().clone(), entity);
            }
        }
        Ok(ids.iter().map(|id| found.get(id).cloned()).collect())
    }

    /// The rows for which a condition holds.
    pub fn find(&mut self, spec: Spec<E>) -> Find<'_, 'a, E> {
        Find::new(self, FindOptions::new(spec))
    }

    /// The rows that these options ask for.
    pub fn find_with(&mut self, options: FindOptions<E>) -> Find<'_, 'a, E> {
        Find::new(self, options)
    }

    /// Related rows, in the same scope.
    pub(super) fn related_rows<P: Entity>(&self) -> Repository<'a, P> {
        self.within(self.scope.clone())
    }

    /// The same scope, among rows that live or not.
    pub(super) fn among(&self, life: Life) -> Self {
        Self { life, ..self.within(self.scope.clone()) }
    }

    pub(super) async fn by_id(&self, id: &E::Id) -> Result<Option<E>, Error> {
        self.keyed()?;
        let found = self.read(self.reach(vec![equal::<E>(Role::Id, id.to_value())])?.up_to(1)).await?;
        Ok(found.into_iter().next())
    }

    /// The row with this id, which nobody else writes until the transaction ends.
    pub(crate) async fn locked(&self, id: &E::Id, wait: Wait) -> Result<E, Error> {
        self.keyed()?;
        let reach = self.reach(vec![equal::<E>(Role::Id, id.to_value())])?;
        let found = self.read(Select { lock: Some(wait), ..reach.up_to(1) }).await?;
        found.into_iter().next().ok_or_else(|| failure::not_found::<E>(id))
    }

    pub(super) async fn read(&self, plan: Select) -> Result<Vec<E>, Error> {
        self.on.select(plan, Collect::<E>::sink()).await.map(Collect::found)
    }

    /// Refuses to take an id for one row where several tenants are in reach and each may have it.
    pub(super) fn keyed(&self) -> Result<(), Error> {
        let id = E::TABLE.place(Role::Id).and_then(|place| E::TABLE.columns().get(place));
        let given = id.is_some_and(|column| column.kind() != Kind::Uuid);
        let all = matches!(self.scope.tenants(), TenantScope::All(_));
        if !(given && all && E::TABLE.place(Role::Tenant).is_some()) {
            return Ok(());
        }
        let message = "several tenants may have a row with this id: name one in the scope, or find the rows";
        Err(failure::invalid("repository/tenant_required", message))
    }

    /// The rows in reach for which these parts hold.
    pub(super) fn reach(&self, asked: Vec<Node>) -> Result<Reach, Error> {
        asked.iter().try_for_each(sound::<E>)?;
        let parts = self.scope.part::<E>()?.into_iter().chain(self.alive()).chain(asked).collect();
        Ok(Reach { table: E::TABLE, parts, related: Vec::new() })
    }

    fn alive(&self) -> Option<Node> {
        let null = Node::IsNull { place: E::TABLE.place(Role::DeletedAt)? };
        match self.life {
            Life::Living => Some(null),
            Life::Deleted => Some(Node::Not(Box::new(null))),
            Life::Both => None,
        }
    }
}

impl<E: SoftDelete> Repository<'_, E> {
    /// Reads the deleted rows, too. It changes nothing of what is written.
    #[must_use]
    pub fn with_deleted(self) -> Self {
        Self { life: Life::Both, ..self }
    }

    /// Reads the deleted rows alone. It changes nothing of what is written.
    #[must_use]
    pub fn only_deleted(self) -> Self {
        Self { life: Life::Deleted, ..self }
    }
}

impl<E> std::fmt::Debug for Repository<'_, E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Repository").field("scope", &self.scope).field("life", &self.life).finish_non_exhaustive()
    }
}

/// The column with a role has this value. Only asked for roles that the table has.
pub(super) fn equal<E: Entity>(role: Role, value: Value<'_>) -> Node {
    let place = E::TABLE.place(role).unwrap_or_default();
    Node::Cmp { place, test: Test::Eq, value: value.into_owned() }
}

pub(super) fn id_place<E: Entity>() -> usize {
    E::TABLE.place(Role::Id).unwrap_or_default()
}

/// Refuses conditions that are too large for a statement, or hold values that their columns cannot: nothing could equal them,
/// and no database takes them.
pub(super) fn sound<E: Entity>(node: &Node) -> Result<(), Error> {
    if node.size() > PARTS || node.depth() > LEVELS {
        let message =
            format!("a condition has at most {PARTS} parts on {LEVELS} levels; `is_in` takes many values as one");
        return Err(failure::invalid("filter/budget", message));
    }
    storable::<E>(node)
}

fn storable<E: Entity>(node: &Node) -> Result<(), Error> {
    let check = |place: &usize, value: &Value<'static>| match E::TABLE.columns().get(*place) {
        Some(column) if column.kind() != value.kind() => {
            Err(failure::value(E::TABLE, column, &format!("{} is wanted", column.kind())))
        }
        Some(column) => column.misfit(value).map_or(Ok(()), |why| Err(failure::value(E::TABLE, column, &why))),
        None => Err(failure::invalid("filter/field", "the condition names a column that the table does not have")),
    };
    match node {
        Node::All(parts) | Node::Any(parts) => parts.iter().try_for_each(storable::<E>),
        Node::Not(inner) => storable::<E>(inner),
        Node::Cmp { place, test, value } if *test > Test::Same => part(*place, value, &check),
        Node::Cmp { place, value, .. } => check(place, value),
        Node::In { values, .. } if values.len() > LIST => {
            Err(failure::invalid("filter/budget", format!("a list in a specification has at most {LIST} values")))
        }
        Node::In { place, values } => values.iter().try_for_each(|value| check(place, value)),
        Node::IsNull { place } if *place < E::TABLE.columns().len() => Ok(()),
        Node::IsNull { .. } => {
            Err(failure::invalid("filter/field", "the condition names a column that the table does not have"))
        }
    }
}

/// A part of a text may be longer than the column: it is never found then.
fn part(
    place: usize,
    value: &Value<'static>,
    check: &dyn Fn(&usize, &Value<'static>) -> Result<(), Error>,
) -> Result<(), Error> {
    match value {
        Value::Text(text) if !text.contains('\0') => Ok(()),
        Value::Text(_) => check(&place, &Value::Unfit(Kind::Text, "a text holds no NUL")),
        other => check(&place, other),
    }
}
