// errors: 1
use bailiwick::Event;
use serde::{Deserialize, Serialize};

#[derive(Event, Serialize, Deserialize)]
#[serde(tag = "type")]
enum RoomEvent {
    #[event(name = "room.opened")]
    Opened,
}

fn main() {}
