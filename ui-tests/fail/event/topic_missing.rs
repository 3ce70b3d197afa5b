// errors: 1
use bailiwick::Event;
use serde::{Deserialize, Serialize};

#[derive(Event, Serialize, Deserialize)]
#[event(name = "room.opened", kind = notification)]
struct RoomOpened;

fn main() {}
