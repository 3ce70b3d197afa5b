// errors: 1
use bailiwick::Command;

#[derive(Command, Clone)]
enum Open {
    Room,
}

fn main() {}
