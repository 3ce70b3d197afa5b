// errors: 6
use bailiwick::Event;
use serde::{Deserialize, Serialize};

#[derive(Event, Serialize, Deserialize)]
enum RoomEvent {
    #[event(nam = "room.opened")]
    Opened { room: u8 },
    #[event(name = "room.closed", kind = notification, key = rom)]
    Closed { room: u8 },
    #[event(name = "room.closed", version = 2)]
    Left { room: u8 },
}

fn is_event<E: Event>() {}

fn opened() -> RoomEvent {
    is_event::<RoomEvent>();
    RoomEvent::Opened { room: 1 }
}

fn main() {}
