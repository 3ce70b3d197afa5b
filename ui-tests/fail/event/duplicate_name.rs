// errors: 2
use bailiwick::Event;
use serde::{Deserialize, Serialize};

#[derive(Event, Serialize, Deserialize)]
enum RoomEvent {
    #[event(name = "room.opened")]
    Opened,
    #[event(name = "room.opened")]
    Closed,
}

fn main() {}
