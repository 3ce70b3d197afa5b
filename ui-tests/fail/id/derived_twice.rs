// errors: 1
use bailiwick::Id;

#[derive(Id, Clone)]
struct RoomId(u8);

fn main() {}
