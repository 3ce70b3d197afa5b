// errors: 1
use bailiwick::{App, Command, Error, Event, Version, aggregate};
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

#[aggregate(name = "room", id = String, event = RoomEvent, error = No, persist = entity)]
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

async fn then(app: &App) -> Result<u32, Error> {
    let room = app.load_at::<Room>("r-1", Version::new(1)).await?;
    Ok(room.seats)
}

fn main() {}
