//! What tests of an application need: given-when-then for aggregates and projections, an application on memory with a fixed clock,
//! the lock of stored events, and the conformance suites that every adapter passes.
//!
//! ```
//! use bailiwick::testing::{self, GivenWhenThen as _};
//! # use bailiwick::{aggregate, Command, Event};
//! # use serde::{Deserialize, Serialize};
//! # #[derive(Event, Debug, Clone, PartialEq, Serialize, Deserialize)]
//! # enum RoomEvent { #[event(name = "room.opened")] Opened { seats: u32 }, #[event(name = "room.booked")] Booked { seats: u32 } }
//! # #[derive(Command, Debug, Clone)] struct Open { #[target] room: String, seats: u32 }
//! # #[derive(Command, Debug, Clone)] struct Book { #[target] room: String, seats: u32 }
//! # #[derive(Default, Debug)] struct Room { free: u32 }
//! # #[derive(Debug, thiserror::Error)] enum RoomError { #[error("only {free} seats are free")] Full { free: u32 } }
//! # #[aggregate(name = "room", id = String, event = RoomEvent, error = RoomError)]
//! # impl Room {
//! #     #[handle(create)] fn open(command: Open) -> Result<RoomEvent, RoomError> { Ok(RoomEvent::Opened { seats: command.seats }) }
//! #     #[handle] fn book(&self, command: Book) -> Result<RoomEvent, RoomError> {
//! #         if command.seats > self.free { return Err(RoomError::Full { free: self.free }) }
//! #         Ok(RoomEvent::Booked { seats: command.seats })
//! #     }
//! #     #[apply(Opened)] fn on_opened(&mut self, seats: &u32) { self.free = *seats }
//! #     #[apply(Booked)] fn on_booked(&mut self, seats: &u32) { self.free -= seats }
//! # }
//! let book = |seats| Book { room: "r-1".into(), seats };
//! Room::given([RoomEvent::Opened { seats: 4 }]).when(book(3)).then([RoomEvent::Booked { seats: 3 }]);
//! Room::given([RoomEvent::Opened { seats: 4 }]).when(book(5)).rejects(RoomError::Full { free: 4 });
//! Room::given([]).when(book(1)).fails("aggregate/not_found");
//!
//! # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
//! let app = testing::app().aggregate::<Room>().build().await;
//! app.send(Open { room: "r-1".into(), seats: 4 }).await?;
//! app.events().assert_published(RoomEvent::Opened { seats: 4 });
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod app;
pub mod conformance;
mod databases;
mod events;
mod faults;
mod given;
mod pairs;
mod projected;
mod schema;

pub use app::{TestApp, TestAppBuilder, app};
pub use databases::TestDb;
pub use events::RecordedEvents;
pub use faults::{CommitOutcome, Fault, Faults};
pub use given::{Given, GivenWhenThen, Outcome};
pub use pairs::{Pairs, every_pair, every_pair_async};
pub use projected::{GivenStreams, Projected, projection};
pub use schema::{Corpus, CorpusError, EventsLock, LockError};
