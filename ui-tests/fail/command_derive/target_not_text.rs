// errors: 1
use bailiwick::Command;

#[derive(Command, Clone)]
struct Open {
    #[target]
    rooms: Vec<u8>,
}

fn main() {}
