//! One connection for statements that follow each other.

use std::{fmt, marker::PhantomData};

use super::{Keys, Repository, Scope};
use crate::{
    entity::{Entity, GlobalEntity},
    plan::Statements,
};

/// A session in a scope reaches every entity.
#[derive(Debug)]
pub enum Tenanted {}

/// A session of the database itself reaches the entities that belong to no tenant.
#[derive(Debug)]
pub enum Global {}

/// One connection, without a transaction, for statements that follow each other: on a server they are spared the way to the pool
/// and back.
///
/// ```
/// # use bailiwick::{Error, TenantId, entity::Entity, repository::{Count, Db, Scope, Total}, specification::Spec};
/// # #[derive(Entity, Debug)]
/// # struct Room { #[id] #[col(max = 20)] name: String, #[tenant] tenant: TenantId, seats: i64 }
/// # async fn run() -> Result<(), Error> {
/// # let db = Db::memory();
/// let house = db.scoped(Scope::tenant("acme")?);
/// let mut session = house.session();
/// for name in ["Ada", "Grace"] {
///     session.repository::<Room>().insert(NewRoom { name: name.into(), seats: 4 }).await?;
/// }
/// assert_eq!(session.repository::<Room>().find(Spec::all()).count(Count::Exact).await?, Total::Exact(2));
/// # Ok(()) }
/// # tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(run()).expect("it runs");
/// ```
///
/// The connection is taken with the first statement, and is out of reach for others until the session is dropped: who keeps one
/// while waiting for something else keeps others waiting. Each statement is a transaction of its own. Writes that belong
/// together, such as `insert_many` of more rows than one statement takes, have a transaction on a connection of units of work;
/// the session gives its own back before, so that it never has two. In memory and on SQLite there are no connections to take.
///
/// # Cancel safety
/// As of single statements. On a server, what is dropped before its answer closes the connection, and the next statement takes
/// another one.
pub struct Session<S = Tenanted> {
    on: Box<dyn Statements>,
    keys: Keys,
    scope: Scope,
    reach: PhantomData<fn() -> S>,
}

impl<S> Session<S> {
    pub(super) fn new(on: Box<dyn Statements>, keys: Keys, scope: Scope) -> Self {
        Self { on, keys, scope, reach: PhantomData }
    }

    /// The scope.
    #[must_use]
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }

    fn rows<E: Entity>(&mut self) -> Repository<'_, E> {
        Repository::new(&*self.on, &self.keys, self.scope.clone())
    }
}

impl Session<Tenanted> {
    /// The rows of an entity that are in the scope.
    pub fn repository<E: Entity>(&mut self) -> Repository<'_, E> {
        self.rows()
    }
}

impl Session<Global> {
    /// The rows of an entity that belongs to no tenant.
    pub fn repository<E: GlobalEntity>(&mut self) -> Repository<'_, E> {
        self.rows()
    }
}

impl<S> fmt::Debug for Session<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("scope", &self.scope).finish_non_exhaustive()
    }
}
