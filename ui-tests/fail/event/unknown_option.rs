// errors: 1
use bailiwick::Event;
use serde::{Deserialize, Serialize};

#[derive(Event, Serialize, Deserialize)]
enum RoomEvent {
    #[event(nam = "room.opened")]
    Opened,
}

fn is_event<E: Event>() {}

fn opened() {
    is_event::<RoomEvent>();
}

fn main() {}
