// errors: 1
use bailiwick::Event;
use serde::{Deserialize, Serialize};

#[derive(Event, Serialize, Deserialize)]
enum RoomEvent {
    #[event(name = "room.opened")]
    Opened,
    Closed,
}

fn main() {}
