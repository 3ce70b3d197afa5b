// errors: 1
use bailiwick::Event;

#[derive(Event)]
union RoomOpened {
    room: u8,
}

fn main() {}
