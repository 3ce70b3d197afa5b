// errors: 1
use bailiwick::Command;

#[derive(Command, Clone)]
#[command(audit)]
struct Open;

fn main() {}
