// errors: 4
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

#[derive(Command, Clone)]
struct Close {
    #[target]
    room: String,
}

#[aggregate(name = "room", id = String, event = RoomEvent, error = RoomError)]
impl Room {
    #[handle]
    fn open(&mut self, command: Open, now: u64) -> Result<RoomEvent, RoomError> {
        Ok(RoomEvent::Opened { seats: command.seats })
    }

    #[apply(Opened)]
    fn on_opened(&mut self, seats: &u32) {
        self.seats = *seats;
    }

    #[apply(Closed)]
    fn on_closed(&self) {}

    #[handle]
    fn close(&self, _command: Close) -> RoomEvent {
        RoomEvent::Closed
    }
}

fn main() {}
