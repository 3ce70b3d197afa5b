// errors: 1
use bailiwick::Command;

#[derive(Command, Clone)]
struct Open<'a> {
    room: &'a str,
}

fn main() {}
