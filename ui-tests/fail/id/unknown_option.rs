// errors: 1
use bailiwick::Id;

#[derive(Id)]
#[id(name = "room")]
struct RoomId(u8);

fn main() {}
