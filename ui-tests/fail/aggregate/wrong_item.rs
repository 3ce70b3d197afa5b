// errors: 2
use bailiwick::aggregate;

#[aggregate(name = "room", id = String, event = RoomEvent, error = RoomError)]
struct Room;

#[aggregate(name = "room", id = String, event = RoomEvent, error = RoomError)]
impl Default for Room {
    fn default() -> Self {
        Room
    }
}

fn main() {
    let _ = Room::default();
}
