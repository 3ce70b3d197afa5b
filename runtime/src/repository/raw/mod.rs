//! Statements written by hand.

mod params;

use std::{fmt, marker::PhantomData};

pub use self::params::{Bind, Params};
use super::{Repository, failure};
use crate::{
    entity::{Entity, Role},
    error::{Error, ErrorKind},
    plan::{
        Collect,
        raw::{Flavour, Raw, Texts, check, reads_alone},
    },
};

/// A statement that is written by hand, for what finds and specifications do not say. It is a constant, and checked when it is
/// compiled.
///
/// ```
/// # use bailiwick::{Error, TenantId, entity::Entity, repository::{Scoped, Sql, Params}};
/// #[derive(Entity, Debug)]
/// #[entity(table = "orders")]
/// struct Order {
///     #[id]
///     id: i64,
///     #[tenant]
///     tenant: TenantId,
///     #[col(filter, max = 32)]
///     number: String,
/// }
///
/// const BY_NUMBER: Sql<Order> =
///     Sql::new("SELECT {columns} FROM {table} WHERE tenant = :tenant AND upper(number) = upper(:number)");
///
/// # async fn f(shop: Scoped) -> Result<(), Error> {
/// let found = shop.repository::<Order>().select(BY_NUMBER, Params::new().bind("number", "a-17")).await?;
/// # Ok(()) }
/// ```
///
/// | in the text | stands for |
/// |---|---|
/// | `{columns}` | the columns of the entity, in quotes and in their order; `{o.columns}` those of the table that is called `o` there |
/// | `{table}` | its table, in quotes, with its schema |
/// | `:number` | a value of [`Params`], which is bound and never a part of the text |
/// | `:tenant` | the tenant of the scope |
///
/// Texts in quotes, names in quotes, comments and casts (`::date`) stay as they are. [`sqlite`](Self::sqlite),
/// [`postgres`](Self::postgres) and [`mysql`](Self::mysql) take another text for one database. In memory there is no SQL:
/// `db/raw_unsupported`.
///
/// A statement sees what is soft-deleted, and changes neither versions nor stamps, unless it says so.
pub struct Sql<E> {
    texts: Texts,
    entity: PhantomData<fn() -> E>,
}

impl<E: Entity> Sql<E> {
    const OF_TENANT: bool = E::TABLE.place(Role::Tenant).is_some();

    /// A statement, for all databases that are given no text of their own.
    ///
    /// ```compile_fail,E0080
    /// # use bailiwick::{TenantId, entity::Entity, repository::Sql};
    /// # #[derive(Entity)]
    /// # struct Order { #[id] id: i64, #[tenant] tenant: TenantId }
    /// // Whose orders? `:tenant` does not stand there.
    /// const ALL: Sql<Order> = Sql::new("SELECT {columns} FROM {table}");
    /// # fn main() { let _all = ALL; }
    /// ```
    ///
    /// # Panics
    /// In a constant, and thereby at compile time: without `:tenant`, where the rows belong to a tenant; for a quote or a comment
    /// without an end, other words in braces, several statements, and statements that neither read nor write rows; for a change or
    /// a deletion of a tenant's rows without `:tenant` after its WHERE, and for REPLACE and ON DUPLICATE KEY on them; and for what
    /// databases read in different ways, such as names in double quotes and `||`, which belong into a text for one of them.
    #[must_use]
    #[track_caller]
    pub const fn new(text: &'static str) -> Self {
        check(text, Flavour::Any, Self::OF_TENANT);
        Self { texts: Texts { any: text, sqlite: None, postgres: None, mysql: None }, entity: PhantomData }
    }

    /// The same in the words of SQLite.
    ///
    /// # Panics
    /// As [`new`](Self::new).
    #[must_use]
    #[track_caller]
    pub const fn sqlite(self, text: &'static str) -> Self {
        check(text, Flavour::Sqlite, Self::OF_TENANT);
        Self { texts: Texts { sqlite: Some(text), ..self.texts }, ..self }
    }

    /// The same in the words of PostgreSQL, where `?` may be an operator.
    ///
    /// # Panics
    /// As [`new`](Self::new).
    #[must_use]
    #[track_caller]
    pub const fn postgres(self, text: &'static str) -> Self {
        check(text, Flavour::Postgres, Self::OF_TENANT);
        Self { texts: Texts { postgres: Some(text), ..self.texts }, ..self }
    }

    /// The same in the words of MySQL and MariaDB, where `#` begins a comment.
    ///
    /// # Panics
    /// As [`new`](Self::new).
    #[must_use]
    #[track_caller]
    pub const fn mysql(self, text: &'static str) -> Self {
        check(text, Flavour::Mysql, Self::OF_TENANT);
        Self { texts: Texts { mysql: Some(text), ..self.texts }, ..self }
    }
}

impl<E> Clone for Sql<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for Sql<E> {}

impl<E> fmt::Debug for Sql<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Sql").field(&self.texts.any).finish()
    }
}

impl<E: Entity> Repository<'_, E> {
    /// Reads rows by a statement that was written by hand: as many as it answers, in its order. It selects the columns of the
    /// entity, best as `{columns}`. See [`Sql`].
    ///
    /// # Errors
    /// `repository/params` for a parameter that is missing, bound twice or not there, `repository/value` for a value that cannot
    /// be bound, `repository/statement` if the statement writes, `repository/tenant_required` without one tenant; then nothing
    /// was sent. `repository/statement`, too, if a row is another tenant's; `repository/row` if the rows are not those of the
    /// entity; `db/raw_unsupported` in memory.
    pub async fn select(&mut self, sql: Sql<E>, params: Params) -> Result<Vec<E>, Error> {
        let raw = self.raw(sql, params)?;
        if !sql.texts.all().all(reads_alone) {
            let message = "the statement writes: `execute` carries it out and answers how many rows it wrote";
            return Err(failure::invalid("repository/statement", message).with("statement", sql.texts.any));
        }
        let found = self.on.query(raw, Collect::<E>::sink()).await.map(Collect::<E>::found);
        let found = found.map_err(|error| told(error, sql))?;
        if found.iter().all(|entity| self.scope.of_owner(entity).is_ok()) {
            return Ok(found);
        }
        let message = "the statement answers rows of another tenant: hold each table that it reads against `:tenant`";
        Err(failure::invalid("repository/statement", message).with("statement", sql.texts.any))
    }

    /// Carries out a statement that was written by hand, and answers how many rows it wrote. See [`Sql`].
    ///
    /// # Errors
    /// Those of [`select`](Self::select), and of the writes of an entity; `unit/read_only` where nothing may be written, which
    /// in a unit that only reads is the database's own answer.
    pub async fn execute(&mut self, sql: Sql<E>, params: Params) -> Result<u64, Error> {
        self.writable()?;
        let raw = self.raw(sql, params)?;
        self.on.execute(raw).await.map_err(|error| told(error, sql))
    }

    fn raw(&self, sql: Sql<E>, params: Params) -> Result<Raw, Error> {
        self.scope.part::<E>()?;
        Ok(Raw { table: E::TABLE, texts: sql.texts, bound: params.of(&sql.texts, self.scope.tenant_of())? })
    }
}

/// What is wrong with the statement is told with its text, in which there is no value.
fn told<E>(error: Error, sql: Sql<E>) -> Error {
    match error.kind() {
        ErrorKind::Config | ErrorKind::Internal | ErrorKind::Corrupt => error.with("statement", sql.texts.any),
        _ => error,
    }
}
