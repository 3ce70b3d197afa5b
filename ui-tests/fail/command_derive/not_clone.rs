// errors: 1
use bailiwick::Command;

#[derive(Command)]
struct Open;

fn main() {}
