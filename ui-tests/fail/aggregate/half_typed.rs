// errors: 1
use bailiwick::{Command, Event, aggregate};
use serde::{Deserialize, Serialize};

#[derive(Event, Debug, Clone, Serialize, Deserialize)]
enum RoomEvent {
    #[event(name = "room.opened")]
    Opened { seats: u32 },
    #[event(name = "room.closed")]
    Closed,
}

#[derive(Command, Clone)]
struct Open {
    #[target]
    room: String,
    seats: u32,
}

#[derive(Debug, thiserror::Error)]
#[error("no")]
struct RoomError;

#[derive(Default)]
struct Room {
    seats: u32,
}

#[aggregate(name = "room", id = String, event = RoomEvent, error = RoomError)]
impl Room {
    #[handle(create)]
    fn open(command: Open) -> Result<RoomEvent, RoomError> {
        Ok(RoomEvent::Opened { seats: command.seats })
    }

    #[apply(Opened)]
    fn on_opened(&mut self, seats: &u32) {
        let _ = (seats, self.);
    }

    #[apply(Closed)]
    fn on_closed(&mut self) {}

    fn seats(&self) -> u32 {
        self.seats
    }
}

fn main() {
    let _: u32 = Room::default().seats();
}
