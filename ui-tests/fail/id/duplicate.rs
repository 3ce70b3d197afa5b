// errors: 2
use bailiwick::Id;

#[derive(Id)]
#[id(crate = ::bailiwick, crate = ::bailiwick)]
struct RoomId(u8);

fn main() {}
