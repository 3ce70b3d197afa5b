// errors: 1
use bailiwick::{Command, Event, aggregate};
use serde::{Deserialize, Serialize};

#[derive(Event, Debug, Clone, Serialize, Deserialize)]
enum RoomEvent {
    #[event(name = "room.opened")]
    Opened { seats: u32 },
}

#[derive(Command, Debug, Clone)]
struct Open {
    #[target]
    room: String,
    seats: u32,
}

#[derive(Debug)]
struct No;
impl std::fmt::Display for No {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no")
    }
}
impl std::error::Error for No {}

#[derive(Default)]
struct Room {
    seats: u32,
}

#[aggregate(name = "room", id = String, event = RoomEvent, eror = No)]
impl Room {
    #[handle(create)]
    fn open(command: Open) -> Result<RoomEvent, No> {
        Ok(RoomEvent::Opened { seats: command.seats })
    }

    #[apply(Opened)]
    fn on_opened(&mut self, seats: u32) {
        self.seats = seats;
    }
}

async fn sends(app: bailiwick::App) {
    let _ = app.send(Open { room: "r-1".into(), seats: 4 }).await;
}

fn main() {
    let _ = bailiwick::App::builder().aggregate::<Room>();
    let _ = sends;
}
