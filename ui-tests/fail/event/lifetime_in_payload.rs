// errors: 1
use bailiwick::Event;
use serde::{Deserialize, Serialize};

#[derive(Event, Serialize, Deserialize)]
#[event(name = "room.opened")]
struct RoomOpened<'a> {
    room: &'a str,
}

fn main() {}
