//! Nothing is taken from the prelude, and its names mean other things; the dependency has another name; the items stand in a
//! function.

#![no_implicit_prelude]
#![deny(warnings)]
#![allow(dead_code, non_camel_case_types, reason = "names that only stand in the way")]

mod core {}
mod std {}
mod serde {}
mod bailiwick {}
struct String;
struct Vec;
struct Option;
struct Some;
struct None;
struct Ok;
struct Err;
struct Result;
trait From {}
trait Iterator {}
trait Default {}

mod somewhere {
    pub use ::bailiwick as bw;
}

#[derive(::bailiwick::State, ::std::fmt::Debug, ::std::clone::Clone, ::std::marker::Copy, PartialEq, Eq)]
enum Light {
    #[state(initial)]
    Red,
    #[state(terminal)]
    Green,
}
use ::std::cmp::{Eq, PartialEq};

struct Lamp {
    light: Light,
    log: ::bailiwick::state_machine::TransitionLog,
    __from: u8,
}

#[allow(non_upper_case_globals, reason = "the point of the case")]
const from: u8 = 0;
#[allow(non_upper_case_globals, reason = "the point of the case")]
const to: u8 = 0;

#[::bailiwick::state_machine(
    states = Light,
    field = light,
    log = log,
    trigger,
    typestate,
    crate = crate::somewhere::bw
)]
impl Lamp {
    #[transition(Red if dark && !blocked => Green)]
    pub async fn r#move(&mut self, __from: u8, #[reason] r#type: &::std::primitive::str) -> ::std::result::Result<u8, ::std::fmt::Error> {
        ::std::result::Result::Ok(self.__from + __from)
    }

    #[transition(_ => _)]
    fn look(&mut self) {}

    fn dark(&self, __from: &u8, _why: &::std::primitive::str) -> ::std::result::Result<(), u8> {
        if *__from == 0 { ::std::result::Result::Err(0) } else { ::std::result::Result::Ok(()) }
    }

    fn blocked(&self) -> bool {
        self.__from == 1
    }

    #[on_enter(Green)]
    async fn entered(&mut self, _: &::bailiwick::Transition<'_, Light>) {}
}

fn main() {
    #[derive(::bailiwick::State, ::std::fmt::Debug, ::std::clone::Clone, ::std::marker::Copy, PartialEq, Eq)]
    enum Door {
        #[state(initial)]
        Shut,
        #[state(terminal)]
        Open,
    }
    struct House {
        door: Door,
    }
    #[::bailiwick::state_machine(states = Door, field = door, typestate, trigger)]
    impl House {
        #[transition(Shut => Open)]
        fn open(&mut self) {}
    }
    let mut house = House { door: Door::Shut };
    ::std::assert!(house.can_open());
    ::std::assert!(house.open().is_ok());
    let HouseTyped::Open(_) = house.typed() else { ::std::panic!("it is open") };
}
