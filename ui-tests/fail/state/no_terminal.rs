// errors: 1
#![deny(deprecated)]
use bailiwick::State;

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
enum Light {
    #[state(initial)]
    Off,
    On,
}

fn main() {
    assert_eq!(Light::On.name(), "on");
}
