// errors: 1
use bailiwick::Event;
use serde::{Deserialize, Serialize};

#[derive(Event, Debug, Clone, Serialize, Deserialize)]
enum RoomEvent {
    #[event(name = "room.opened", version = "2")]
    Opened { room: u8 },
}

impl RoomEvent {
    fn room(&self) -> u8 {
        let Self::Opened { room } = self.clone();
        room
    }
}

fn main() {
    let event = RoomEvent::Opened { room: 4 };
    assert_eq!((event.room(), event.index(), event.key()), (4, 0, None));
    assert_eq!(RoomEvent::SPECS.len(), 1);
}
