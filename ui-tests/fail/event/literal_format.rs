// errors: 1
use bailiwick::Event;
use serde::{Deserialize, Serialize};

#[derive(Event, Serialize, Deserialize)]
#[event(name = "room.*")]
struct RoomOpened;

fn main() {}
