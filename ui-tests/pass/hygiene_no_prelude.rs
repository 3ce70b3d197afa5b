//! Nothing is taken from the prelude.

#![no_implicit_prelude]

#[derive(::bailiwick::Id)]
pub struct RoomId(::std::string::String);

#[derive(::bailiwick::Id)]
pub struct SeatId(::bailiwick::Uuid);

#[derive(::bailiwick::ValueObject)]
#[value(check = even)]
pub struct Even(u8);

fn even(number: &u8) -> bool {
    number % 2 == 0
}

#[derive(::bailiwick::ValueObject)]
#[value(check = different)]
pub struct Two {
    one: u8,
    other: u8,
}

fn different(one: &u8, other: &u8) -> bool {
    one != other
}

#[derive(::bailiwick::Event, ::serde::Serialize, ::serde::Deserialize)]
pub enum RoomEvent {
    #[event(name = "room.opened", topic = "rooms", key = room)]
    Opened { room: RoomId },
    #[event(name = "room.closed")]
    Closed,
}

#[derive(::bailiwick::Command, ::std::clone::Clone)]
pub struct Open {
    #[target]
    pub room: RoomId,
}

#[derive(::bailiwick::Query)]
#[query(output = u8)]
pub struct Seats;

#[derive(::bailiwick::State, ::std::fmt::Debug, ::std::clone::Clone, ::std::marker::Copy)]
#[derive(::std::cmp::PartialEq, ::std::cmp::Eq)]
#[state(unknown = Closed)]
pub enum RoomState {
    #[state(initial)]
    Open,
    #[state(terminal, alias = "shut")]
    Closed,
}

#[derive(::bailiwick::entity::Entity)]
#[entity(unique(even), fields = RoomFields)]
pub struct Room {
    #[id]
    id: SeatId,
    #[tenant]
    tenant: ::bailiwick::TenantId,
    #[col(filter, sort)]
    even: Even,
    #[col(filter, references(Room, as = outer), rename = "within_room")]
    within: ::std::option::Option<SeatId>,
    #[col(as = i64)]
    seats: u64,
    #[col(json)]
    tags: ::std::vec::Vec<u8>,
    #[col(skip)]
    cache: u8,
    #[version]
    version: ::bailiwick::Version,
    #[soft_delete]
    deleted_at: ::std::option::Option<::bailiwick::Timestamp>,
}

fn main() {}
