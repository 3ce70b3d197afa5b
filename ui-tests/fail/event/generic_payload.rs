// errors: 1
use bailiwick::Event;
use serde::{Deserialize, Serialize};

#[derive(Event, Serialize, Deserialize)]
#[event(name = "room.opened")]
struct RoomOpened<T> {
    room: T,
}

fn main() {}
