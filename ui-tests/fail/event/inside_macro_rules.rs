// errors: 1
use bailiwick::Event;
use serde::{Deserialize, Serialize};

macro_rules! event {
    ($name:ident, $kind:ident) => {
        #[derive(Event, Serialize, Deserialize)]
        #[event(name = "room.opened", kind = $kind, topic = "rooms")]
        struct $name;
    };
}

event!(RoomOpened, notificaton);

fn main() {}
