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

macro_rules! rooms {
    ($room:ident, $event:ty, $error:ty, $handled:ident, $answer:ty) => {
        #[aggregate(name = "room", id = String, event = $event, error = $error)]
        impl $room {
            #[handle(create)]
            fn open(command: $handled) -> $answer {
                Ok(command.seats)
            }

            #[apply(Opened)]
            fn on_opened(&mut self, seats: &u32) {
                self.seats = *seats;
            }

            #[apply(Closed)]
            fn on_closed(&mut self) {}
        }
    };
}

rooms!(Room, RoomEvent, RoomError, Open, std::result::Result<u32, RoomError>);

fn main() {}
