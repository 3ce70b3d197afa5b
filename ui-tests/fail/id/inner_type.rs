// errors: 1
use bailiwick::Id;

#[derive(Id)]
struct RoomId(Vec<u8>);

fn main() {}
