// errors: 1
use bailiwick::Command;

#[derive(Command, Clone)]
#[command(name = open)]
struct Open;

fn main() {}
