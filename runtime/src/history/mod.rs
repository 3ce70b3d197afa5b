//! The past of an aggregate: its state at a version or a time, and what each event changed.
//!
//! ```
//! # use bailiwick::{aggregate, testing, Command, Event, Version};
//! # use serde::{Deserialize, Serialize};
//! # #[derive(Event, Debug, Clone, PartialEq, Serialize, Deserialize)]
//! # enum RoomEvent { #[event(name = "room.opened")] Opened { seats: u32 }, #[event(name = "room.booked")] Booked { seats: u32 } }
//! # #[derive(Command, Debug, Clone)] struct Open { #[target] room: String, seats: u32 }
//! # #[derive(Command, Debug, Clone)] struct Book { #[target] room: String, seats: u32 }
//! # #[derive(Default, Debug, Serialize)] struct Room { free: u32, bookings: Vec<u32> }
//! # #[derive(Debug, thiserror::Error)] #[error("no")] struct No;
//! # #[aggregate(name = "room", id = String, event = RoomEvent, error = No)]
//! # impl Room {
//! #     #[handle(create)] fn open(command: Open) -> Result<RoomEvent, No> { Ok(RoomEvent::Opened { seats: command.seats }) }
//! #     #[handle] fn book(&self, command: Book) -> Result<RoomEvent, No> { Ok(RoomEvent::Booked { seats: command.seats }) }
//! #     #[apply(Opened)] fn on_opened(&mut self, seats: &u32) { self.free = *seats }
//! #     #[apply(Booked)] fn on_booked(&mut self, seats: &u32) { self.free -= seats; self.bookings.push(*seats) }
//! # }
//! # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
//! # let app = testing::app().aggregate::<Room>().build().await;
//! app.send(Open { room: "r-1".into(), seats: 9 }).await?;
//! app.send(Book { room: "r-1".into(), seats: 4 }).await?;
//!
//! assert_eq!(app.load_at::<Room>("r-1", Version::new(1)).await?.free, 9);
//! assert_eq!(app.load_at::<Room>("r-1", app.clock().now()).await?.free, 5);
//!
//! let mut history = app.history::<Room>("r-1")?;
//! let opened = history.next().await?.ok_or("no event")?;
//! assert_eq!((opened.version, &*opened.name), (Version::new(1), "room.opened"));
//! let booked = history.next().await?.ok_or("no event")?;
//! assert_eq!(booked.diff.to_string(), "bookings[0]: + 4\nfree: 9 → 5\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod entries;

use std::fmt::Write as _;

pub use entries::{Entry, History};

use crate::{
    aggregate::{EventSourced, Root},
    envelope::{StoredEvent, StreamId},
    error::{Error, ErrorKind},
    store::{AnyStore, Load, Until},
    tenant::TenantId,
    unit_of_work::Units,
    version::Version,
};

/// How many events are held at a time.
const PAGE: u64 = 256;

/// A version was asked for that the stream does not have yet: the source of the error `history/beyond_head`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the stream {stream} ends at version {head}, before {version}")]
pub struct BeyondHead {
    /// The stream.
    pub stream: String,
    /// What was asked for.
    pub version: Version,
    /// The last version that there is.
    pub head: Version,
}

impl From<BeyondHead> for Error {
    fn from(beyond: BeyondHead) -> Self {
        let (stream, version, head) = (beyond.stream.clone(), beyond.version, beyond.head);
        let message = "the stream ends before this version; ask for one up to its head";
        let error = Error::new(ErrorKind::NotFound, "history/beyond_head", message).caused_by(beyond);
        error.with("stream", stream).with("version", version).with("head", head)
    }
}

/// Loads an aggregate as it was there.
///
/// # Errors
/// [`BeyondHead`]; `aggregate/not_found` if it had no events then; what the store answers.
///
/// # Cancel safety
/// Dropping the future does nothing.
pub async fn load_at<A: EventSourced>(
    units: &Units,
    tenant: Option<TenantId>,
    id: A::Id,
    at: Until,
) -> Result<Root<A>, Error> {
    let root = units.load_until::<A>(tenant, id, at).await?;
    let head = root.version();
    if head == Version::NONE {
        let message = "there was no such aggregate then; ask for a later version or time";
        let error = Error::new(ErrorKind::NotFound, "aggregate/not_found", message);
        return Err(error.with("aggregate", A::NAME).with("id", root.id()));
    }
    match at {
        Until::Version(version) if version > head => {
            let stream = StreamId::new(A::NAME, root.id().to_string())?.to_string();
            Err(BeyondHead { stream, version, head }.into())
        }
        _ => Ok(root),
    }
}

/// The events of a stream as text: a line `seq=1 type=account.opened` for each. A stream without events is empty.
///
/// # Errors
/// What the store answers.
///
/// # Cancel safety
/// Dropping the future does nothing.
pub async fn replay_log(store: &AnyStore, tenant: Option<TenantId>, stream: &StreamId) -> Result<String, Error> {
    let mut log = String::new();
    let mut load = Load::all(tenant, stream.clone());
    loop {
        let events = page(store, &load).await?;
        let Some(last) = events.last() else { return Ok(log) };
        load.after = last.version;
        for event in &events {
            let _ = writeln!(log, "seq={} type={}", event.version, event.envelope.name); // a `String` takes all
        }
    }
}

/// The next events of a stream.
async fn page(store: &AnyStore, load: &Load) -> Result<Vec<StoredEvent>, Error> {
    let until = Until::Version(load.after.plus(PAGE));
    Ok(store.load(Load { until, snapshot: None, ..load.clone() }).await?.events)
}
