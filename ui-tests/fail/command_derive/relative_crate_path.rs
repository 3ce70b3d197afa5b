// errors: 1
use bailiwick::Command;

#[derive(Command, Clone)]
#[command(crate = "bw")]
struct Open;

fn main() {}
