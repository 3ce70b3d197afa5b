// errors: 1
use bailiwick::{Event, Json};
use serde::{Deserialize, Serialize};

#[derive(Event, Serialize, Deserialize)]
#[event(name = "room.opened", version = 3, upcast(1 => one))]
struct RoomOpened;

fn one(payload: Json) -> Json {
    payload
}

fn main() {}
