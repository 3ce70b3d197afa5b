//! An aggregate that was loaded: its state, its id, its version, and the events not yet committed.

use std::{fmt, ops::Deref};

use super::{Aggregate, Creation, Decide};
use crate::{
    command::{Command, Targeted},
    error::{Error, ErrorKind, SendError},
    version::Version,
};

/// An aggregate with its place in its stream; reads like the state itself.
///
/// ```
/// # use bailiwick::{aggregate, Command, Event, Root, Version};
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Event, Debug, Clone, PartialEq, Serialize, Deserialize)]
/// # enum RoomEvent { #[event(name = "room.booked")] Booked { seats: u32 } }
/// # #[derive(Command, Debug, Clone)] struct Book { #[target] room: String, seats: u32 }
/// # #[derive(Default)] struct Room { seats: u32 }
/// # #[derive(Debug, thiserror::Error)] #[error("no")] struct No;
/// # #[aggregate(name = "room", id = String, event = RoomEvent, error = No)]
/// # impl Room {
/// #     #[handle(create)] fn book(command: Book) -> Result<RoomEvent, No> { Ok(RoomEvent::Booked { seats: command.seats }) }
/// #     #[apply(Booked)] fn on_booked(&mut self, seats: &u32) { self.seats = *seats }
/// # }
/// let mut room: Root<Room> = Root::new("r-1");
/// room.decide(Book { room: "r-1".into(), seats: 4 })?;
/// assert_eq!(room.seats, 4);
/// assert_eq!((room.stored(), room.version()), (Version::NONE, Version::new(1)));
/// assert_eq!(room.pending(), [RoomEvent::Booked { seats: 4 }]);
/// # Ok::<(), bailiwick::SendError<No>>(())
/// ```
pub struct Root<A: Aggregate> {
    id: A::Id,
    state: A,
    stored: Version,
    pending: Vec<A::Event>,
    held: Held,
}

/// What is known of the stream of an aggregate that is stored as its state.
#[derive(Debug, Clone, Default)]
pub(crate) struct Held {
    /// How often a state of this aggregate was removed.
    pub(crate) life: u64,
    /// The version of the stream with the note that the state is stored; it grows with each further note.
    pub(crate) marked: Version,
    /// The names of the events of which that note says that the log does not have them.
    pub(crate) unlogged: Vec<String>,
}

impl<A: Aggregate> Root<A> {
    /// An aggregate whose stream has no events.
    #[must_use]
    pub fn new(id: impl Into<A::Id>) -> Self {
        Self::restore(id.into(), A::default(), Version::NONE)
    }

    /// An aggregate whose state at `version` is known.
    #[must_use]
    pub fn restore(id: A::Id, state: A, version: Version) -> Self {
        Self { id, state, stored: version, pending: Vec::new(), held: Held::default() }
    }

    /// Takes an event that the stream already has.
    pub fn replay(&mut self, event: &A::Event) {
        self.state.apply(event);
        self.stored = self.stored.plus(1);
    }

    /// Takes an event that the stream does not have yet.
    pub fn raise(&mut self, event: A::Event) {
        self.state.apply(&event);
        self.pending.push(event);
    }

    /// Lets the aggregate decide on a command, and takes the events into the state.
    ///
    /// # Errors
    /// The domain's no as [`SendError::Rejected`]; `aggregate/not_found` or `aggregate/exists` if the command may not
    /// meet this stream. The aggregate is unchanged then.
    pub fn decide<C>(&mut self, command: C) -> Result<(), SendError<A::Error>>
    where
        C: Command + Targeted<Id = A::Id>,
        A: Decide<C>,
    {
        self.admit(<A as Decide<C>>::CREATION, C::NAME)?;
        for event in self.state.decide(command).map_err(SendError::Rejected)? {
            self.raise(event);
        }
        Ok(())
    }

    fn admit(&self, creation: Creation, command: &'static str) -> Result<(), Error> {
        let exists = self.version() > Version::NONE;
        let (kind, code, message) = match (creation, exists) {
            (Creation::Existing, false) => {
                (ErrorKind::NotFound, "aggregate/not_found", "there is no such aggregate; create it first")
            }
            (Creation::New, true) => {
                (ErrorKind::Invalid, "aggregate/exists", "the aggregate exists already; it is created once")
            }
            _ => return Ok(()),
        };
        Err(Error::new(kind, code, message).with("aggregate", A::NAME).with("id", &self.id).with("command", command))
    }

    /// The id.
    pub fn id(&self) -> &A::Id {
        &self.id
    }

    /// The state.
    pub fn state(&self) -> &A {
        &self.state
    }

    /// The version, pending events counted.
    pub fn version(&self) -> Version {
        self.stored.plus(self.pending.len() as u64)
    }

    /// The version of the stream when it was loaded.
    pub fn stored(&self) -> Version {
        self.stored
    }

    /// The events that no commit has taken yet.
    pub fn pending(&self) -> &[A::Event] {
        &self.pending
    }

    /// What is known of its stream.
    pub(crate) fn held(&self) -> &Held {
        &self.held
    }

    /// Remembers what is known of its stream.
    pub(crate) fn hold(&mut self, held: Held) {
        self.held = held;
    }

    /// The pending events; the aggregate counts as stored up to its version.
    pub(crate) fn take_pending(&mut self) -> Vec<A::Event> {
        self.stored = self.version();
        std::mem::take(&mut self.pending)
    }
}

impl<A: Aggregate> Deref for Root<A> {
    type Target = A;

    fn deref(&self) -> &A {
        &self.state
    }
}

impl<A: Aggregate + fmt::Debug> fmt::Debug for Root<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(A::NAME)
            .field("id", &format_args!("{}", self.id))
            .field("version", &self.version().get())
            .field("pending", &self.pending.len())
            .field("state", &self.state)
            .finish()
    }
}
