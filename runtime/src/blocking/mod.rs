//! Repositories and units of work for threads that wait: the same names, arguments and errors as in
//! [`repository`](crate::repository) and [`unit_of_work`](crate::unit_of_work), without `async`.
//!
//! For programs that have no async runtime: tools, scripts, tests, threads of other frameworks. Rows that come one after the other
//! are an iterator, and a unit of work runs around a closure that is not async.
//!
//! ```
//! use bailiwick::{Error, TenantId, Version, blocking::Db, entity::Entity, repository::Scope, unit_of_work::Retry};
//!
//! #[derive(Entity, Debug)]
//! struct Room {
//!     #[id]
//!     #[col(max = 20)]
//!     name: String,
//!     #[tenant]
//!     tenant: TenantId,
//!     #[col(filter, sort)]
//!     seats: i64,
//!     #[version]
//!     version: Version,
//! }
//!
//! # fn main() -> Result<(), Error> {
//! let db = Db::memory();
//! let house = db.scoped(Scope::tenant("acme")?);
//! house.repository::<Room>().insert(NewRoom { name: "Ada".into(), seats: 4 })?;
//! let seats = house.in_tx(Retry::default(), |unit| {
//!     let mut room = unit.repository::<Room>().get("Ada".into())?;
//!     room.seats += 2;
//!     unit.repository::<Room>().save(&mut room)?;
//!     Ok::<_, Error>(room.seats)
//! })?;
//! assert_eq!(seats, 6);
//! assert_eq!(house.repository::<Room>().find(Room::seats().gt(5)).list()?.len(), 1);
//! # Ok(()) }
//! ```
//!
//! # Threads
//! A future is polled by the thread that waits for it. Sockets and timers are driven by one thread for each [`Db`] that was made and
//! its clones: it is started by the first call and ends with the last handle. A handle can be dropped anywhere, also in async
//! code. What listens to the events of an [`App`](crate::App) over the same database runs on the App's runtime, which a commit
//! waits for; there, the async form is to be used.
//!
//! # Errors
//! Those of the async methods. On a thread of a Tokio runtime, in a task or in `spawn_blocking`, every call that would wait answers
//! `db/config` and nothing is sent: there, await the async form. Other runtimes are not noticed.
//!
//! ```
//! # use bailiwick::{Error, blocking::Db, entity::Entity};
//! # #[derive(Entity)]
//! # struct Country { #[id] #[col(max = 2)] code: String }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let db = Db::memory();
//! let refused = db.repository::<Country>().insert(NewCountry { code: "de".into() });
//! assert_eq!(refused.map(|_| ()).map_err(|error| error.code()), Err("db/config"));
//! # }
//! ```

mod audit;
mod background;
mod db;
mod find;
mod forward;
mod repository;
mod session;
mod unit;

use background::Background;
use forward::forward;

pub use audit::{Audit, Commands, Transitions};
pub use db::{Db, Scoped};
pub use find::Find;
pub use repository::Repository;
pub use session::Session;
pub use unit::UnitOfWork;
