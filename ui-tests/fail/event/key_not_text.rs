// errors: 1
use bailiwick::Event;
use serde::{Deserialize, Serialize};

#[derive(Event, Serialize, Deserialize)]
#[event(name = "room.opened", topic = "rooms", key = rooms)]
struct RoomsOpened {
    rooms: Vec<u8>,
}

fn main() {}
