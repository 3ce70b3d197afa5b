// errors: 1
use bailiwick::{Command, Event, aggregate};
use serde::{Deserialize, Serialize};

#[derive(Event, Serialize, Deserialize)]
enum RoomEvent {
    #[event(name = "room.opened")]
    Opened { seats: u32 },
}

#[derive(Command, Clone)]
struct Open {
    #[target]
    room: String,
    seats: u32,
}

#[derive(Debug, thiserror::Error)]
#[error("no")]
struct No;

#[derive(Default, Serialize, Deserialize)]
struct Room {
    seats: u32,
}

#[aggregate(name = "room", id = String, event = RoomEvent, error = No, state(version = 2))]
impl Room {
    #[handle(create)]
    fn open(command: Open) -> Result<RoomEvent, No> {
        Ok(RoomEvent::Opened { seats: command.seats })
    }

    #[apply(Opened)]
    fn on_opened(&mut self, seats: &u32) {
        self.seats = *seats;
    }
}

fn main() {}
