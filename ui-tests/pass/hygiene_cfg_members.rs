//! Members that `cfg` removes are not there, and the others are counted right.

use bailiwick::{Command, Event, State};
use serde::{Deserialize, Serialize};

#[derive(Event, Serialize, Deserialize)]
enum RoomEvent {
    #[cfg(any())]
    #[event(name = "room.never")]
    Never,
    #[cfg(all())]
    #[event(name = "room.opened", topic = "rooms", key = room)]
    Opened {
        #[cfg(any())]
        gone: u8,
        #[cfg(all())]
        room: u8,
    },
    #[cfg_attr(all(), event(name = "room.closed"))]
    Closed,
}

#[derive(Command, Clone)]
struct Open {
    #[cfg(any())]
    #[target]
    never: u8,
    #[cfg_attr(all(), target)]
    room: u8,
}

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(all(), state(rename_all = "UPPERCASE"))]
enum RoomState {
    #[cfg(any())]
    #[state(initial)]
    Never,
    #[cfg(all())]
    #[state(initial)]
    Open,
    #[cfg_attr(all(), state(terminal, alias = "NEVER"))]
    Closed,
}

fn main() {
    assert_eq!(RoomState::ALL, [RoomState::Open, RoomState::Closed]);
    assert_eq!(RoomState::from_name("NEVER").map(State::index), Ok(1));
    assert_eq!(RoomEvent::SPECS.len(), 2);
    assert_eq!((RoomEvent::Opened { room: 1 }.index(), RoomEvent::Closed.index()), (0, 1));
    assert_eq!(Open { room: 2 }.target().as_deref(), Some("2"));
}
