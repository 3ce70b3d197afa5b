// errors: 1
use bailiwick::Event;
use serde::Serialize;

#[derive(Event, Serialize)]
#[event(name = "room.opened")]
struct RoomOpened;

fn main() {}
