// errors: 1
use bailiwick::State;
use serde::Serialize;

#[derive(State, Debug, Clone, Copy, PartialEq, Eq, Serialize)]
enum Light {
    #[state(initial)]
    Off,
    #[state(terminal)]
    Broken,
}

fn main() {}
