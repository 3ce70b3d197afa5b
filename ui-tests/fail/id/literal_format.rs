// errors: 1
use bailiwick::Id;

#[derive(Id)]
#[id(crate)]
struct RoomId(u8);

fn main() {}
