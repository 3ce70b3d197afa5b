//! The user's names may be anything; warnings, missing documentation and pedantry are refused.

#![deny(warnings, missing_docs, missing_debug_implementations, clippy::pedantic)]

/// A module in which every common name means something else.
pub mod shadows {
    #![allow(non_camel_case_types, dead_code, unused_macros, reason = "the point of the case")]

    use ::bailiwick::{Command, Event, Id, Query, State, ValueObject, entity::Entity};

    /// Not the usual one.
    #[derive(Debug)]
    pub struct Result;
    /// Not the usual one.
    #[derive(Debug)]
    pub struct Option;
    /// Not the usual one.
    #[derive(Debug)]
    pub struct Some;
    /// Not the usual one.
    #[derive(Debug)]
    pub struct Vec;
    /// Not the usual one.
    #[derive(Debug)]
    pub struct Box;
    /// Not the usual one.
    #[derive(Debug)]
    pub struct Ok;
    /// Not the usual one.
    pub mod core {}
    /// Not the usual one.
    pub mod std {}
    /// Not the usual one.
    pub mod serde {}
    /// Not the usual one.
    pub mod bailiwick {}
    #[allow(non_upper_case_globals, reason = "the point of the case")]
    const raw: u8 = 0;
    #[allow(non_upper_case_globals, reason = "the point of the case")]
    const serializer: u8 = 0;

    /// An identifier.
    #[derive(Id)]
    pub struct RoomId(::bailiwick::Uuid);

    /// A value.
    #[derive(ValueObject, Debug, Clone)]
    #[value(check = even)]
    pub struct Even(u8);

    fn even(number: &u8) -> bool {
        number % 2 == 0
    }

    /// A value with two parts.
    #[derive(ValueObject, Debug, Clone)]
    #[value(check = different)]
    pub struct Two {
        one: u8,
        other: u8,
    }

    fn different(one: &u8, other: &u8) -> bool {
        one != other
    }

    /// An entity.
    #[derive(Entity, Debug, Clone)]
    #[entity(unique(even), fields = RoomFields)]
    pub struct Room {
        #[id]
        id: RoomId,
        #[col(filter, sort)]
        even: Even,
        #[col(filter, references(Room, as = outer))]
        within: ::core::option::Option<RoomId>,
        #[col(as = i64, filter)]
        raw: u64,
        #[version]
        version: ::bailiwick::Version,
    }

    /// An event.
    #[derive(Event, Debug, ::serde::Serialize, ::serde::Deserialize)]
    #[event(name = "room.opened", topic = "rooms", key = room)]
    pub struct Opened {
        room: RoomId,
        seats: Even,
        two: Two,
    }

    /// A command.
    #[derive(Command, Debug, Clone)]
    pub struct Open {
        #[target]
        room: RoomId,
        #[audit(redact)]
        r#type: u8,
    }

    /// Its states.
    #[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
    #[state(unknown = Some)]
    pub enum RoomState {
        /// The first.
        #[state(initial, alias = "all right")]
        Ok,
        /// In between.
        Err,
        /// The last.
        #[state(terminal)]
        Some,
    }

    #[allow(non_upper_case_globals, reason = "the point of the case")]
    const text: u8 = 0;
    #[allow(non_upper_case_globals, reason = "the point of the case")]
    const NO_TERMINAL_STATE: u8 = 0;

    /// A query.
    #[derive(Query, Debug)]
    #[query(output = u8)]
    pub struct Seats;
}

fn main() {
    use bailiwick::Command;
    assert_eq!(shadows::Open::REDACTED, ["type"]);
}
