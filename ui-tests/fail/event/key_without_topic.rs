// errors: 1
use bailiwick::Event;
use serde::{Deserialize, Serialize};

#[derive(Event, Serialize, Deserialize)]
#[event(name = "room.opened", key = room)]
struct RoomOpened {
    room: u8,
}

fn main() {}
