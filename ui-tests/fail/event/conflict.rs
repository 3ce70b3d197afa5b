// errors: 2
use bailiwick::Event;
use serde::{Deserialize, Serialize};

#[derive(Event, Serialize, Deserialize)]
#[event(name = "room.opened", topic = "rooms", publish(topic = "halls"))]
struct RoomOpened;

fn main() {}
