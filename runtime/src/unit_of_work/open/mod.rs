//! The transaction of a unit: begun by the first statement on entities, ended by the unit's commit.

mod statements;

use std::{
    future::Future,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::sync::OnceCell;

use super::{UnitOfWork, scopes::Scopes};
use crate::{
    entity::Entity,
    error::{Error, ErrorKind},
    plan::{Answer, Wait},
    repository::{Db, Deadline, Keys, Repository, Scope, TOO_LATE, Told},
    store::{Begin, entities::Held, nesting},
};

/// What is open of a unit in the database, or will be.
pub(super) struct Open {
    /// `None` if the store keeps no entities.
    db: Option<Db>,
    keys: Keys,
    scope: Scope,
    deadline: Option<Deadline>,
    begin: Begin,
    /// Whether it is that of a message: then it stays open around the code that has begun it.
    of_message: bool,
    held: OnceCell<Box<dyn Held>>,
    scopes: Mutex<Scopes>,
    /// What is to be sent with the commit.
    told: Mutex<Vec<Told>>,
}

impl Open {
    pub(super) fn new(db: Option<Db>, scope: Scope, begin: Begin, depth: u16) -> Self {
        let keys = db.as_ref().map(|db| db.keys().clone()).unwrap_or_default();
        let (deadline, scope) = (scope.deadline_of(), scope.unbounded());
        let (held, scopes) = (OnceCell::new(), Mutex::new(Scopes::at(depth)));
        Self { db, keys, scope, deadline, begin, of_message: false, held, scopes, told: Mutex::default() }
    }

    pub(super) fn scopes(&self) -> MutexGuard<'_, Scopes> {
        // Nothing that can panic runs under the lock.
        self.scopes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn told_so_far(&self) -> MutexGuard<'_, Vec<Told>> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins, unless it has, and tells the database what it is owed.
    pub(super) async fn ready(&self) -> Result<&dyn Held, Error> {
        self.scopes().refusal()?;
        let begun = self.held.get_or_try_init(|| self.start()).await;
        let held = begun.inspect_err(|error| self.scopes().not_begun(error))?;
        self.settle(&**held).await?;
        Ok(&**held)
    }

    async fn start(&self) -> Result<Box<dyn Held>, Error> {
        match &self.db {
            Some(db) => {
                let held = db.hold(self.begin, &self.scope).await?;
                if self.of_message {
                    nesting::begun(db.home());
                }
                Ok(held)
            }
            None => Err(no_entities()),
        }
    }

    async fn settle(&self, held: &dyn Held) -> Result<(), Error> {
        loop {
            let Some(step) = self.scopes().owed() else { return Ok(()) };
            let answer = held.savepoint(step).await;
            self.scopes().answer(answer.as_ref().err(), answer.is_err());
            self.scopes().refusal()?;
        }
    }

    /// Waits for the answer to a statement. If nobody waits any more, nobody knows what became of it.
    async fn told<T>(&self, statement: impl FnOnce(&dyn Held) -> Answer<'_, T>) -> Result<T, Error> {
        self.in_time(async {
            let held = self.ready().await?;
            self.scopes().send();
            let answer = statement(held).await;
            self.scopes().answer(answer.as_ref().err(), held.is_lost());
            answer
        })
        .await
    }

    /// Waits for an answer until the deadline of the scope, where the transaction ends.
    async fn in_time<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let Some(deadline) = &self.deadline else { return work.await };
        let done = deadline.bound(work).await;
        if let Err(error) = &done
            && error.code() == TOO_LATE
        {
            self.scopes().answer(Some(error), true);
        }
        done
    }

    /// The same, of a statement that writes.
    async fn changed<T>(&self, statement: impl FnOnce(&dyn Held) -> Answer<'_, T>) -> Result<T, Error> {
        if self.is_read_only() {
            return Err(read_only());
        }
        self.told(statement).await
    }

    /// The transaction, to be committed; nothing if it was never begun.
    ///
    /// # Errors
    /// `unit/aborted`, `unit/dead`, `db/statement_timeout`; then it is rolled back.
    pub(super) async fn finish(self) -> Result<Option<Box<dyn Held>>, Error> {
        let in_time = self.deadline.as_ref().map_or(Ok(()), |deadline| deadline.left().map(drop));
        let verdict = in_time.and_then(|()| self.scopes().verdict());
        if let (Ok(()), Some(held)) = (&verdict, self.held.get()) {
            self.settle(&**held).await?;
        }
        match (verdict, self.held.into_inner()) {
            (Ok(()), held) => Ok(held),
            (Err(error), Some(held)) if !held.is_lost() => held.rollback().await.and(Err(error)),
            (Err(error), _) => Err(error),
        }
    }

    pub(super) async fn rollback(self) -> Result<(), Error> {
        match self.held.into_inner() {
            Some(held) => held.rollback().await,
            None => Ok(()),
        }
    }

    /// Whether the transaction was begun.
    pub(super) fn is_begun(&self) -> bool {
        self.held.get().is_some()
    }

    /// The number of the database, if the transaction was begun.
    pub(super) fn home(&self) -> Option<usize> {
        self.held.get().and(self.db.as_ref()).map(Db::home)
    }

    pub(super) const fn is_read_only(&self) -> bool {
        self.begin.is_read_only()
    }
}

impl UnitOfWork {
    /// The rows of an entity, in the transaction of this unit, which begins with the first statement. The scope is the unit's
    /// tenant and actor.
    pub fn repository<E: Entity>(&mut self) -> Repository<'_, E> {
        let open = self.open();
        Repository::new(open, &open.keys, open.scope.clone()).through(open)
    }

    /// The same in another scope: several messages may share a unit.
    pub(crate) fn repository_in<E: Entity>(&mut self, scope: Scope) -> Repository<'_, E> {
        let open = self.open();
        Repository::new(open, &open.keys, scope).through(open)
    }

    /// Reads a row that nobody else may write until the unit ends.
    ///
    /// In memory and on SQLite it is a plain read: who may write there is alone.
    ///
    /// ```
    /// # use bailiwick::{Error, TenantId, Version, entity::Entity, repository::{Scoped, Wait}, unit_of_work::Retry};
    /// # #[derive(Entity, Debug)]
    /// # struct Room { #[id] #[col(max = 20)] name: String, #[tenant] tenant: TenantId, seats: i64, #[version] version: Version }
    /// # async fn f(shop: Scoped) -> Result<(), Error> {
    /// shop.in_tx(Retry::default(), async |unit| {
    ///     let mut room = unit.get_for_update::<Room>("Ada".into(), Wait::Block).await?;
    ///     room.seats += 1;
    ///     unit.repository::<Room>().save(&mut room).await
    /// })
    /// .await
    /// # }
    /// ```
    ///
    /// # Errors
    /// `repository/not_found`; with [`Wait::NoWait`] a transient error if another has locked it.
    ///
    /// # Cancel safety
    /// A read that is dropped before its answer leaves the unit fit for dropping alone.
    pub async fn get_for_update<E: Entity>(&mut self, id: E::Id, wait: Wait) -> Result<E, Error> {
        if self.open().is_read_only() {
            return Err(read_only());
        }
        self.repository::<E>().locked(&id, wait).await
    }

    /// The transaction; made when it is first asked for, so that a unit without entities has none.
    pub(super) fn open(&mut self) -> &Open {
        let (units, metadata, depth) = (&self.units, &self.metadata, self.depth);
        self.open.get_or_insert_with(|| {
            let scope = Scope::of_message(metadata, units.clock().clone());
            Box::new(Open { of_message: true, ..Open::new(units.db().cloned(), scope, Begin::write(), depth) })
        })
    }

    /// Begins the transaction now.
    pub(super) async fn begin_now(&mut self) -> Result<(), Error> {
        let open = self.open();
        open.in_time(open.ready()).await.map(drop)
    }

    /// Whether others wait for its transaction.
    pub(crate) fn holds(&self) -> bool {
        self.open.as_ref().is_some_and(|open| open.is_begun())
    }

    /// The number of the database in which it has a transaction.
    pub(crate) fn home(&self) -> Option<usize> {
        self.open.as_ref().and_then(|open| open.home())
    }

    /// Forgets everything, and rolls the transaction back if there is one. Dropping the unit does the same, without waiting.
    ///
    /// # Errors
    /// What the database answers; what was done is undone all the same.
    ///
    /// # Cancel safety
    /// Dropping the future rolls back.
    pub async fn rollback(self) -> Result<(), Error> {
        match self.open {
            Some(open) => open.rollback().await,
            None => Ok(()),
        }
    }
}

pub(super) fn read_only() -> Error {
    Error::new(ErrorKind::Invalid, "unit/read_only", "the unit of work only reads; begin one with `Begin::write()`")
}

pub(crate) fn no_entities() -> Error {
    Error::new(ErrorKind::Config, "unit/no_entities", "the store keeps no entities; take one that has a `Db`")
}
