// errors: 2
use bailiwick::Command;

#[derive(Command, Clone)]
struct Move {
    #[target]
    from: u8,
    #[target]
    to: u8,
}

fn main() {}
