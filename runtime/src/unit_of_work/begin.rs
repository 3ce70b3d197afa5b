//! Units of work on a database: begun and ended by hand, or around a closure that is repeated.

use std::{fmt, future::Future, time::Duration};

use super::{Answer, AsyncFunc, AsyncFuncMut, Savepoint, UnitOfWork, Units, open::Open, scopes::aborted};
use crate::{
    bus::Bus,
    envelope::Metadata,
    error::{Error, ErrorKind},
    plan::Batch,
    repository::{Db, Outlet as _, Scope, Scoped, Teller, Told, all_wrote},
    resilience::Retry,
    store::{Begin, nesting},
};

/// So many savepoints may be open in each other.
const DEEPEST: u16 = 64;

impl Scoped {
    /// Begins a unit of work in this scope: its transaction is open when this answers.
    ///
    /// ```
    /// # use bailiwick::{Error, TenantId, Version, entity::Entity, repository::{Db, Scope, Scoped}, unit_of_work::Begin};
    /// # #[derive(Entity, Debug)]
    /// # struct Room { #[id] #[col(max = 20)] name: String, #[tenant] tenant: TenantId, seats: i64, #[version] version: Version }
    /// # async fn run(shop: Scoped) -> Result<(), Error> {
    /// let mut unit = shop.begin(Begin::write()).await?;
    /// unit.repository::<Room>().insert(NewRoom { name: "Ada".into(), seats: 4 }).await?;
    /// let mut room = unit.repository::<Room>().get("Ada".into()).await?;
    /// room.seats = 6;
    /// unit.repository::<Room>().save(&mut room).await?;
    /// assert!(shop.repository::<Room>().try_get("Ada".into()).await?.is_none(), "not before the commit");
    /// unit.commit().await?;
    /// assert_eq!(shop.repository::<Room>().get("Ada".into()).await?.seats, 6);
    /// # Ok(()) }
    /// # let shop = Db::memory().scoped(Scope::tenant("acme").expect("a name"));
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(run(shop)).expect("it runs");
    /// ```
    ///
    /// # Errors
    /// `db/busy` if others have held the database too long; `unit/nested` inside [`in_tx`](Self::in_tx) on the same database.
    ///
    /// # Cancel safety
    /// Dropping the future begins nothing, or what it began is rolled back.
    pub async fn begin(&self, begin: Begin) -> Result<UnitOfWork, Error> {
        open(self.db(), self.scope(), begin).await
    }

    /// Runs `work` in a unit of work and commits it if the answer is `Ok`; repeats all of it where an error of the database may
    /// pass.
    ///
    /// The unit, and not the type of the error, says whether that is so: a domain's "no" is not repeated, and an error of the
    /// database is, however it was wrapped. What is staged in an attempt that failed is gone; what `work` has captured keeps
    /// what it did there. [`UnitOfWork::attempt`] counts.
    ///
    /// ```
    /// # use bailiwick::{Error, TenantId, Version, entity::Entity, repository::{Db, Scope, Scoped}, unit_of_work::Retry};
    /// # #[derive(Entity, Debug)]
    /// # struct Room { #[id] #[col(max = 20)] name: String, #[tenant] tenant: TenantId, seats: i64, #[version] version: Version }
    /// # async fn run(shop: Scoped) -> Result<(), Error> {
    /// let seats = shop
    ///     .in_tx(Retry::default(), async |unit| {
    ///         let room = unit.repository::<Room>().insert(NewRoom { name: "Ada".into(), seats: 4 }).await?;
    ///         let taken = unit
    ///             .savepoint(async |inner| {
    ///                 inner.repository::<Room>().insert(NewRoom { name: "Ada".into(), seats: 9 }).await
    ///             })
    ///             .await?;
    ///         assert!(taken.is_err_and(|error| error.is_conflict()), "and nothing else is lost");
    ///         Ok::<_, Error>(room.seats)
    ///     })
    ///     .await?;
    /// assert_eq!(seats, 4);
    /// # Ok(()) }
    /// # let shop = Db::memory().scoped(Scope::tenant("acme").expect("a name"));
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(run(shop)).expect("it runs");
    /// ```
    ///
    /// The unit of a closure ends with it:
    ///
    /// ```compile_fail
    /// # use bailiwick::{Error, repository::Scoped, unit_of_work::Retry};
    /// # async fn run(shop: Scoped) -> Result<(), Error> {
    /// let kept = shop.in_tx(Retry::default(), async |unit| Ok::<_, Error>(unit)).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// That of `work`; `unit/aborted` if it passed over an error of the database; what the commit answers; `unit/nested` inside
    /// another one on the same database, at once.
    ///
    /// # Cancel safety
    /// Dropping the future rolls back, unless the commit was sent: that goes to its end.
    pub fn in_tx<'a, T, X, F>(&'a self, retry: Retry, work: F) -> impl Future<Output = Result<T, X>> + Send + 'a
    where
        T: Send + 'a,
        X: From<Error> + Send + 'a,
        F: for<'u> AsyncFnMut(&'u mut UnitOfWork) -> Result<T, X> + Send + 'a,
        F: for<'u> AsyncFuncMut<&'u mut UnitOfWork, Result<T, X>, Fut: Send>,
    {
        self.repeat(retry, work)
    }

    /// The same, of futures that need not be `Send`.
    pub(crate) async fn repeat<T, X, F>(&self, retry: Retry, work: F) -> Result<T, X>
    where
        X: From<Error>,
        F: for<'u> AsyncFuncMut<&'u mut UnitOfWork, Result<T, X>>,
    {
        repeat(self.db(), self.scope(), retry, work).await
    }
}

impl Db {
    /// Begins a unit of work for entities that belong to no tenant; otherwise as [`Scoped::begin`].
    ///
    /// # Errors
    /// As [`Scoped::begin`].
    ///
    /// # Cancel safety
    /// As [`Scoped::begin`].
    pub async fn begin(&self, begin: Begin) -> Result<UnitOfWork, Error> {
        open(self, &Scope::nobody(), begin).await
    }

    /// Runs `work` in a unit of work for entities that belong to no tenant; otherwise as [`Scoped::in_tx`].
    ///
    /// # Errors
    /// As [`Scoped::in_tx`].
    ///
    /// # Cancel safety
    /// As [`Scoped::in_tx`].
    pub fn in_tx<'a, T, X, F>(&'a self, retry: Retry, work: F) -> impl Future<Output = Result<T, X>> + Send + 'a
    where
        T: Send + 'a,
        X: From<Error> + Send + 'a,
        F: for<'u> AsyncFnMut(&'u mut UnitOfWork) -> Result<T, X> + Send + 'a,
        F: for<'u> AsyncFuncMut<&'u mut UnitOfWork, Result<T, X>, Fut: Send>,
    {
        let shop = self.scoped(Scope::nobody());
        async move { shop.repeat(retry, work).await }
    }
}

async fn open(db: &Db, scope: &Scope, begin: Begin) -> Result<UnitOfWork, Error> {
    nesting::refuse_within(db.home())?;
    let mut unit = new(db, scope, begin);
    unit.begin_now().await?;
    Ok(unit)
}

fn new(db: &Db, scope: &Scope, begin: Begin) -> UnitOfWork {
    let alone = || Units::new(db.store().clone(), Bus::new(), scope.clock_of().clone()).alone();
    let units = db.units::<Units>().cloned().unwrap_or_else(alone);
    let metadata = Metadata { tenant: scope.tenant_of(), actor: scope.actor_of().cloned(), ..Metadata::default() };
    let mut unit = units.begin(metadata);
    unit.open = Some(Box::new(Open::new(Some(db.clone()), scope.clone(), begin, 0)));
    unit
}

/// What is saved outside of a unit of work, and tells something, is one by itself.
impl Teller for Units {
    fn tell<'a>(
        &'a self,
        (db, scope): (&'a Db, &'a Scope),
        batch: Batch,
        told: Vec<Told>,
    ) -> Answer<'a, Vec<Result<u64, Error>>> {
        Box::pin(async move {
            let scope = Scope::of(scope.tenants().clone());
            let mut unit = open(db, &scope, Begin::write()).await?;
            let done = unit.open().tell(&scope, batch, told).await?;
            if all_wrote(&done) {
                unit.commit().await?;
            } else {
                unit.rollback().await?;
            }
            Ok(done)
        })
    }
}

async fn repeat<T, X, F>(db: &Db, scope: &Scope, retry: Retry, mut work: F) -> Result<T, X>
where
    X: From<Error>,
    F: for<'u> AsyncFuncMut<&'u mut UnitOfWork, Result<T, X>>,
{
    nesting::refuse_within(db.home())?;
    let mut attempts = retry.begin(db.budget(), scope.until());
    loop {
        let mut unit = new(db, scope, Begin::write());
        unit.attempt = attempts.number();
        let (error, may_pass) = match attempt((db, retry), unit, &mut work).await {
            Ok(value) => return Ok(value),
            Err(failed) => failed,
        };
        let delay = if may_pass { attempts.next(scope.clock_of()) } else { None };
        let Some(delay) = delay else { return Err(error) };
        if delay > Duration::ZERO {
            tokio::time::sleep(delay).await;
        }
    }
}

/// One attempt; an error with whether another one is worth it by what the database said.
async fn attempt<T, X, F>((db, retry): (&Db, Retry), mut unit: UnitOfWork, work: &mut F) -> Result<T, (X, bool)>
where
    X: From<Error>,
    F: for<'u> AsyncFuncMut<&'u mut UnitOfWork, Result<T, X>>,
{
    let told = |error: Error| {
        let may_pass = retry.repeats(&error);
        (X::from(error), may_pass)
    };
    unit.begin_now().await.map_err(told)?;
    match nesting::within(db.home(), async { work(&mut unit).await }).await {
        Ok(value) => unit.commit().await.map(|_| value).map_err(told),
        Err(error) => {
            let refused = unit.transaction.refused().is_some_and(|error| retry.repeats(error));
            let may_pass = refused || unit.open().scopes().may_pass(retry);
            if let Err(failed) = unit.rollback().await {
                tracing::debug!(%failed, "a rollback was answered by an error; the transaction is gone all the same");
            }
            Err((error, may_pass))
        }
    }
}

impl UnitOfWork {
    /// Runs a part of the work that may fail alone: if it answers `Err`, what it wrote and staged is gone, and the unit goes on.
    /// Where it answers `Ok` although a statement in it failed, it is undone, too.
    ///
    /// ```compile_fail
    /// # use bailiwick::{Error, unit_of_work::UnitOfWork};
    /// # async fn run(unit: &mut UnitOfWork) -> Result<(), Error> {
    /// // The unit around a part is out of reach while the part runs.
    /// unit.savepoint(async |inner| {
    ///     unit.after_commit(|| {});
    ///     Ok::<_, Error>(())
    /// }).await?.ok();
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// `unit/aborted` if the part answered `Ok` over a failed statement; `unit/scope_failed` or `unit/dead` if the unit around it
    /// has failed already, and `db/config` below 64 others; then the part was not run.
    ///
    /// # Cancel safety
    /// Dropping the future undoes the part. If a statement of it was under way, the unit is fit for dropping alone.
    pub async fn savepoint<T, X, F>(&mut self, part: F) -> Result<Result<T, X>, Error>
    where
        F: for<'u> AsyncFnOnce(&'u mut UnitOfWork) -> Result<T, X>,
        F: for<'u> AsyncFunc<&'u mut UnitOfWork, Result<T, X>, Fut: Send>,
    {
        self.part(part).await
    }

    /// The same, of a future that need not be `Send`.
    pub(crate) async fn part<T, X, F>(&mut self, part: F) -> Result<Result<T, X>, Error>
    where
        F: for<'u> AsyncFunc<&'u mut UnitOfWork, Result<T, X>>,
    {
        if let Some(open) = &self.open {
            open.scopes().refusal()?;
        }
        if self.depth >= DEEPEST {
            let message = "64 savepoints are open in each other; is there a recursion without an end?";
            return Err(Error::new(ErrorKind::Config, "db/config", message));
        }
        let mut inner = Part { start: self.enter(), unit: self, keep: false };
        let answer = part(&mut *inner.unit).await;
        let failed = inner.unit.open.as_ref().and_then(|open| open.scopes().failure().cloned());
        match (failed, answer) {
            (Some(cause), Ok(_)) => Err(aborted(&cause)),
            (_, answer) => {
                inner.keep = answer.is_ok();
                Ok(answer)
            }
        }
    }
}

/// A part that is undone unless it is to be kept, also when its future is dropped.
struct Part<'u> {
    unit: &'u mut UnitOfWork,
    start: Savepoint,
    keep: bool,
}

impl Drop for Part<'_> {
    fn drop(&mut self) {
        self.unit.leave(self.start, self.keep);
    }
}

impl fmt::Debug for Part<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Part").field("start", &self.start).finish_non_exhaustive()
    }
}
