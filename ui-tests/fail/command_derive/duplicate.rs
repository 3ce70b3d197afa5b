// errors: 2
use bailiwick::Command;

#[derive(Command, Clone)]
#[command(name = "room.open")]
#[command(name = "room.make")]
struct Open;

fn main() {}
