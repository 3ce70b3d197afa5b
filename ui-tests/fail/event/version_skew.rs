// errors: 1
use bailiwick::Event;
use serde::{Deserialize, Serialize};

mod older {
    pub(crate) mod __private_0_0_9 {}
}

#[derive(Event, Serialize, Deserialize)]
#[event(name = "room.opened", crate = crate::older)]
struct RoomOpened;

fn main() {}
