// errors: 1
use bailiwick::Id;

#[derive(Id)]
struct RoomId<const N: usize>(u8);

fn main() {}
