//! The attributes on `impl` blocks, where nothing is taken from the prelude and its names mean other things.

#![no_implicit_prelude]
#![deny(warnings)]
#![allow(dead_code, reason = "names that only stand in the way")]

mod core {}
mod std {}
struct String;
struct Vec;
struct Box;
struct Option;
struct Some;
struct None;
struct Ok;
struct Err;
struct Result;
trait Send {}
trait Future {}

#[derive(::bailiwick::Event, ::std::clone::Clone, ::serde::Serialize, ::serde::Deserialize)]
enum RoomEvent {
    #[event(name = "room.opened")]
    Opened { seats: u32 },
}

#[derive(::bailiwick::Command, ::std::clone::Clone)]
struct Open {
    #[target]
    room: u64,
    seats: u32,
}

#[derive(::std::fmt::Debug)]
struct No;

impl ::std::fmt::Display for No {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.write_str("no")
    }
}

impl ::std::error::Error for No {}

#[derive(::std::default::Default)]
struct Room {
    seats: u32,
}

#[::bailiwick::aggregate(name = "room", id = u64, event = RoomEvent, error = No)]
impl Room {
    #[handle(create)]
    fn open(command: Open) -> ::std::result::Result<RoomEvent, No> {
        ::std::result::Result::Ok(RoomEvent::Opened { seats: command.seats })
    }

    #[apply(Opened)]
    fn on_opened(&mut self, seats: u32) {
        self.seats = seats;
    }
}

#[::bailiwick::command(audit, timeout = "1s")]
impl Knock {
    #[validate]
    fn check(&self) -> ::std::result::Result<(), No> {
        ::std::result::Result::Ok(())
    }

    #[authorize]
    fn allowed(&self, _: &::bailiwick::Actor) -> bool {
        true
    }

    #[execute]
    async fn execute(&self) -> ::std::result::Result<u8, No> {
        ::std::result::Result::Ok(7)
    }

    #[undo]
    fn undo(&self, _: &u8) -> ::std::result::Result<(), No> {
        ::std::result::Result::Ok(())
    }
}

#[derive(::bailiwick::Command, ::std::clone::Clone, ::serde::Serialize, ::serde::Deserialize)]
struct Knock;

#[derive(::bailiwick::Query)]
struct Ask;

#[derive(::bailiwick::Query)]
struct Listen;

struct Doors;

#[::bailiwick::service]
impl Doors {
    #[handle]
    fn ask(&self, _: Ask) -> ::std::result::Result<u8, No> {
        ::std::result::Result::Ok(7)
    }

    #[handle(stream)]
    fn listen(
        &self,
        _: Listen,
    ) -> impl ::futures_core::Stream<Item = ::std::result::Result<u8, No>> {
        ::futures_util::stream::empty()
    }

    #[subscribe]
    async fn opened(&self, _: &::bailiwick::Recorded<RoomEvent>) -> ::std::result::Result<(), No> {
        ::std::result::Result::Ok(())
    }

    #[subscribe("room.*")]
    fn any(&self, _: &::bailiwick::AnyEvent) -> ::std::result::Result<(), No> {
        ::std::result::Result::Ok(())
    }
}

struct Seats;

#[::bailiwick::projection(name = "seats", version = 1)]
impl Seats {
    #[project]
    fn opened(
        &self,
        _: &::bailiwick::Recorded<RoomEvent>,
        _: &mut ::bailiwick::store::Transaction,
    ) -> ::std::result::Result<(), No> {
        ::std::result::Result::Ok(())
    }
}

fn main() {}
