//! Repositories: entities as rows, read and written in a scope.
//!
//! A [`Db`] is a database; [`Db::scoped`] says for which tenant and by whom. A [`Repository`] reads and writes the rows of
//! one entity there: what belongs to another tenant does not exist for it, what is soft-deleted is passed over, versions
//! are compared and stamps are written without the caller's doing.
//!
//! ```
//! # use bailiwick::{Error, Id, TenantId, Uuid, Version, actor::Actor, entity::Entity, repository::{Db, Scope}};
//! #[derive(Id)]
//! struct OrderId(Uuid);
//!
//! #[derive(Entity, Debug)]
//! #[entity(table = "orders", unique(number))]
//! struct Order {
//!     #[id]
//!     id: OrderId,
//!     #[tenant]
//!     tenant: TenantId,
//!     #[col(filter, sort, max = 32)]
//!     number: String,
//!     #[col(filter(contains), max = 200)]
//!     label: Option<String>,
//!     #[version]
//!     version: Version,
//! }
//!
//! # async fn run() -> Result<(), Error> {
//! let db = Db::memory();
//! let shop = db.scoped(Scope::tenant("acme")?.actor(&Actor::new("ada")));
//! let new = NewOrder { id: None, number: "A-17".into(), label: None };
//! let mut order = shop.repository::<Order>().insert(new).await?;
//! order.label = Some("rush".into());
//! shop.repository::<Order>().save(&mut order).await?;
//! assert_eq!(order.version, Version::new(2));
//! let rush = Order::label().contains("rush");
//! let found = shop.repository::<Order>().find(rush).sort(Order::number().desc()).list().await?;
//! assert_eq!(found.len(), 1);
//! # Ok(()) }
//! # tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(run()).expect("it runs");
//! ```
//!
//! On SQLite, PostgreSQL, MySQL and MariaDB a database is made from its store, and [`Db::migrate`] makes the tables:
//!
//! ```
//! # use bailiwick::{Error, entity::Entity, repository::{Db, Migrations}, sql::SqliteStore};
//! # async fn f<Order: Entity>() -> Result<(), Error> {
//! let db = Db::from(SqliteStore::open("shop.db")?);
//! db.migrate(Migrations::new().ddl::<Order>("0001_orders")).await?;
//! # Ok(()) }
//! ```
//!
//! # Cancel safety
//! Of a read that is dropped nobody hears; on SQLite its thread reads on to the end, on a server its connection is closed. A write that is dropped before its first poll does nothing; later it happens as a
//! whole or not at all, whatever became of the caller.
//!
//! # Errors
//!
//! | code | kind | meaning |
//! |---|---|---|
//! | `repository/not_found` | not found | no such row, or another tenant's: [`NotFound`] |
//! | `repository/state_conflict` | conflict | somebody else has moved the row of an entity without a version to another state |
//! | `<entity>/undeclared_transition` | invalid | a state changed by anything else than its transitions: [`UndeclaredTransition`] |
//! | `repository/version_conflict` | conflict | somebody else has changed the row: [`VersionConflict`]; of many rows: [`ManyConflicts`] |
//! | `repository/duplicate`, `repository/restore_conflict` | conflict | another row has the same key: [`DuplicateEntity`] |
//! | `repository/not_single`, `repository/too_many_rows` | invalid | more rows than were asked for, or than are written at once |
//! | `repository/value` | invalid | a value that its column cannot hold |
//! | `repository/overflow` | invalid | a sum that its type cannot hold |
//! | `repository/tenant_required`, `repository/cross_tenant_write` | invalid | the scope is of no tenant, or of another |
//! | `repository/no_version` | invalid | a version is expected of an entity that has none |
//! | `repository/no_outbox` | invalid | a machine emits, and its entity is saved where nothing can be sent |
//! | `repository/read_only` | invalid | the entity is a view, or a table that others write |
//! | `unit/read_only`, `unit/nested`, `unit/scope_failed`, `unit/aborted`, `unit/dead` | | those of a [unit of work](crate::unit_of_work) |
//! | `repository/params`, `repository/statement` | invalid | a statement by hand and its parameters do not fit, or `select` is given one that writes |
//! | `db/raw_unsupported` | config | a statement by hand, in memory |
//! | `repository/unbounded` | invalid | a change of every row that `everything()` does not allow |
//! | `repository/foreign_key` | invalid | a row that is referred to is not there, or is still referred to |
//! | `repository/check` | invalid | a constraint of the table that was written by hand refuses the row |
//! | `repository/row` | corrupt | a stored value cannot be read |
//! | `filter/budget` | invalid | a condition of more than 900 parts or 64 levels, or a list of more than 16,384 values |
//! | `page/cursor` | invalid | a cursor that was changed, has expired, or comes from another find |
//! | `page/size`, `page/depth` | invalid | a page that is too large or too far from the start |
//! | `db/not_migrated`, `db/schema` | config | the table or a column of it is not there, or a step of the migrations failed |
//! | `db/commit_unknown` | unknown outcome | the answer to a write was lost, or did not come before the deadline; read the row before it is written again |
//! | `db/statement_timeout` | transient | the deadline of the scope has passed: nothing was written |
//! | `store/closed`, `db/busy`, `db/full` … | | those of the [store](crate::sql) |

mod asked;
mod audit;
mod bulk;
mod db;
mod failure;
mod health;
mod migrations;
mod outlet;
mod query;
mod raw;
mod reads;
mod related;
mod saves;
mod scope;
mod session;
mod writes;

pub(crate) use asked::{Deadline, TOO_LATE};
pub use audit::{Audit, Commands, TransitionAudit, Transitions};
pub use bulk::{Affected, InsertedMany, ManyConflicts, OnError, Upserted};
pub(crate) use db::Keys;
pub use db::{Db, Scoped};

pub use failure::{NotFound, VersionConflict};
pub use migrations::Migrations;
pub(crate) use outlet::{Outlet, Teller, Told, all_wrote};
use query::complete;
pub use query::{
    Count, Cursor, CursorKeys, Find, FindOptions, OffsetPage, Page, PageRequest, SortKey, StreamMode, Total,
};
pub use raw::{Bind, Params, Sql};
pub use reads::Repository;
pub use related::{Having, Loaded};
pub use saves::{Undeclared, UndeclaredTransition};
pub use scope::{Scope, SystemGrant, TenantScope};
pub use session::{Global, Session, Tenanted};
pub use writes::{Deleted, Expect, PurgeGrant};

pub use crate::plan::{DuplicateEntity, SchemaCheck, SchemaFinding, SlowQuery, Wait};
