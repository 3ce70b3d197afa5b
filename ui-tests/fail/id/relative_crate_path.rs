// errors: 1
use bailiwick::Id;

#[derive(Id)]
#[id(crate = bw)]
struct RoomId(u8);

fn main() {}
