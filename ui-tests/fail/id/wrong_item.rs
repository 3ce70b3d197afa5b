// errors: 1
use bailiwick::Id;

#[derive(Id)]
struct RoomId {
    id: u8,
}

fn main() {}
