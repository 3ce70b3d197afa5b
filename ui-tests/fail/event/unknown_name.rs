// errors: 1
use bailiwick::Event;
use serde::{Deserialize, Serialize};

#[derive(Event, Serialize, Deserialize)]
#[event(name = "room.opened", topic = "rooms", key = rom)]
struct RoomOpened {
    room: u8,
}

fn main() {}
