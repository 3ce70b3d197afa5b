// errors: 1
use bailiwick::{Command, Event, aggregate};
use serde::{Deserialize, Serialize};

#[derive(Event, Debug, Clone, Serialize, Deserialize)]
enum RoomEvent {
    #[event(name = "room.opened")]
    Opened { seats: u32 },
    #[event(name = "room.closed")]
    Closed,
}

#[derive(Command, Clone)]
struct Open {
    #[target]
    room: String,
    seats: u32,
}

#[derive(Debug, thiserror::Error)]
#[error("no")]
struct RoomError;

#[derive(Default)]
struct Room {
    seats: u32,
}

#[aggregate(name = "room", id = String, event = Room, error = RoomError)]
impl Room {
    #[apply]
    fn on_any(&mut self, _event: &Room) {}
}

fn main() {}
