//! Types with the names of primitives, states with the names of the prelude, and transitions with the names of what traits have.

#![deny(warnings)]
#![allow(dead_code, non_camel_case_types, reason = "names that only stand in the way")]

struct str;
struct bool;
struct usize;
struct u64;
struct Option;
struct State;
struct Graph;
struct Transition;

type Result<T> = std::result::Result<T, std::fmt::Error>;

#[derive(bailiwick::State, Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    #[state(initial)]
    Open,
    #[state(terminal)]
    Ok,
    #[state(terminal)]
    Err,
    #[state(terminal)]
    None,
    #[state(terminal)]
    Some,
    #[state(terminal)]
    Debug,
}

struct Answer {
    status: Status,
    p: u8,
}

use Status::{Err, None, Ok, Some};

#[bailiwick::state_machine(states = Status, field = status, typestate, trigger)]
impl Answer {
    #[transition(Open => Ok)]
    fn ok(&mut self) -> Result<u8> {
        Result::Ok(self.p)
    }

    #[transition(Open => Err)]
    fn err(&mut self, p: u8, name: String) {
        self.p = p + u8::from(name.is_empty());
    }

    #[transition(Open if asked => None)]
    fn none(&mut self) {}

    #[transition(Open => Some)]
    async fn some(&mut self, undo: u8, given: String) {
        drop((undo, given));
    }

    #[transition(Open => Debug)]
    fn output(&mut self) {}

    fn asked(&self) -> core::primitive::bool {
        self.p == 1
    }
}

#[derive(bailiwick::State, Debug, Clone, Copy, PartialEq, Eq)]
#[state(cyclic)]
enum Side {
    #[state(initial)]
    Left,
    Right,
}

struct Sign {
    side: Side,
}

#[bailiwick::state_machine(states = Side, field = side, typestate)]
#[allow(non_snake_case, reason = "the point of the case")]
impl Sign {
    #[transition(Left => Right)]
    pub fn toRight(&mut self) {}

    #[transition(Right => Left)]
    pub fn toLeft(&mut self) {}
}

fn main() {
    let all = [Status::Open, Ok, Err, None, Some, Status::Debug];
    for status in all {
        let mut answer = Answer { status, p: 1 };
        assert_eq!(answer.can_err(&0, &String::new()), status == Status::Open);
        assert_eq!(answer.ok().is_ok(), status == Status::Open);
    }
    assert!("err".parse::<AnswerTransition>().is_ok());
    assert!(Sign { side: Side::Left }.toRight().is_ok());
}
