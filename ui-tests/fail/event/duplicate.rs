// errors: 2
use bailiwick::Event;
use serde::{Deserialize, Serialize};

#[derive(Event, Serialize, Deserialize)]
#[event(name = "room.opened", name = "room.made")]
struct RoomOpened;

fn main() {}
