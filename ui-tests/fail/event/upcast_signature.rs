// errors: 1
use bailiwick::Event;
use serde::{Deserialize, Serialize};

#[derive(Event, Serialize, Deserialize)]
#[event(name = "room.opened", version = 2, upcast(1 => one))]
struct RoomOpened;

fn one(payload: String) -> String {
    payload
}

fn main() {}
