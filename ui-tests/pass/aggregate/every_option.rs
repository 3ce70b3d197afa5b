//! Every option and role, members behind `cfg`, a role with its path, `Self` and raw names.

#![deny(warnings, missing_docs, clippy::pedantic)]
#![allow(clippy::needless_pass_by_value, clippy::trivially_copy_pass_by_ref, clippy::unnecessary_wraps, reason = "the shape of roles")]

use bailiwick::{
    Aggregate, Command, Event, Root,
    aggregate::{Creation, Decide, SnapshotSchema},
    roles,
};
use serde::{Deserialize, Serialize};

/// Events.
#[derive(Event, Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum RoomEvent {
    /// Opened.
    #[event(name = "room.opened")]
    Opened {
        /// Where.
        place: String,
        /// How many.
        seats: u32,
        /// A raw name.
        r#type: u8,
    },
    /// More or fewer seats.
    #[event(name = "room.resized")]
    Resized {
        /// How many.
        seats: u32,
    },
    /// As before.
    #[event(name = "room.reset")]
    Reset {
        /// How many.
        seats: u32,
    },
    /// Closed.
    #[event(name = "room.closed")]
    Closed,
}

/// Opens.
#[derive(Command, Debug, Clone)]
pub struct Open {
    /// Which.
    #[target]
    pub room: String,
}

/// Resizes.
#[derive(Command, Debug, Clone)]
pub struct Resize {
    /// Which.
    #[target]
    pub room: String,
    /// How many.
    pub seats: u32,
}

/// Closes.
#[derive(Command, Debug, Clone)]
pub struct Close {
    /// Which.
    #[target]
    pub room: String,
}

/// Never compiled.
#[cfg(any())]
pub struct Gone;

/// Says no.
#[derive(Debug, thiserror::Error, PartialEq)]
#[error("no")]
pub struct RoomError;

/// A room.
#[derive(Default, Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Room {
    place: String,
    seats: u32,
    kind: u8,
}

#[bailiwick::aggregate(
    name = "room",
    id = String,
    event = RoomEvent,
    error = RoomError,
    snapshot(every = 2, version = 3),
    crate = ::bailiwick,
)]
impl Room {
    /// Opens.
    ///
    /// # Errors
    /// Never.
    #[roles::handle(create)]
    pub fn open(_: Open) -> Result<[RoomEvent; 1], RoomError> {
        Ok([RoomEvent::Opened { place: "here".into(), seats: 2, r#type: 7 }])
    }

    #[handle(create_if_missing)]
    fn resize(&self, Resize { seats, .. }: Resize) -> Result<Option<RoomEvent>, RoomError> {
        Ok((seats != self.seats).then_some(RoomEvent::Resized { seats }))
    }

    #[bailiwick::roles::handle]
    fn close(&self, command: Close) -> Result<Vec<RoomEvent>, RoomError> {
        if command.room.is_empty() { Err(RoomError) } else { Ok(vec![RoomEvent::Closed]) }
    }

    #[cfg(any())]
    #[handle]
    fn gone(&self, command: Gone) -> Result<RoomEvent, RoomError> {
        Err(RoomError)
    }

    #[apply(Opened)]
    fn on_opened(&mut self, r#type: u8, place: &str) {
        place.clone_into(&mut self.place);
        self.kind = r#type;
    }

    #[apply(Resized)]
    #[apply(Reset)]
    fn on_resized(&mut self, seats: &u32) {
        self.seats = *seats;
    }

    #[apply(Closed)]
    fn on_closed(&mut self) {
        *self = Self::default();
    }

    #[cfg(any())]
    #[apply(Gone)]
    fn on_gone(&mut self) {}

    /// A helper.
    #[must_use]
    pub fn helper(&self) -> Self {
        self.clone()
    }
}

fn main() {
    assert_eq!(<Room as Decide<Open>>::CREATION, Creation::New);
    assert_eq!(<Room as Decide<Resize>>::CREATION, Creation::Either);
    assert_eq!(<Room as Decide<Close>>::CREATION, Creation::Existing);
    let policy = Room::SNAPSHOT.unwrap();
    assert_eq!((Room::NAME, policy.every), ("room", 2));
    assert_eq!((policy.schema)(), SnapshotSchema::new(3).of::<Room>());
    let mut room = Root::<Room>::new("r-1");
    room.decide(Open { room: "r-1".into() }).unwrap();
    room.decide(Resize { room: "r-1".into(), seats: 9 }).unwrap();
    assert_eq!((room.place.as_str(), room.seats, room.kind), ("here", 9, 7));
    let bytes = (policy.encode)(room.state()).unwrap();
    assert_eq!((policy.decode)(&bytes).unwrap(), room.helper());
    room.decide(Close { room: "r-1".into() }).unwrap();
    assert_eq!(*room.state(), Room::default());
}
