//! The input comes from the user's `macro_rules!`, in fragments.

use bailiwick::{Command, Event, Id, Query, State, ValueObject};
use serde::{Deserialize, Serialize};

macro_rules! everything {
    ($id:ident, $inner:ty, $name:literal, $event:ident { $($field:ident : $ty:ty),* }, $key:ident, $check:path, $out:ty) => {
        #[derive(Id)]
        struct $id($inner);
        #[derive(Event, Serialize, Deserialize)]
        #[event(name = $name, topic = "rooms", key = $key)]
        struct $event { $($field: $ty),* }
        #[derive(Command, Clone)]
        #[command(name = $name)]
        struct Open { #[target] $key: $id }
        #[derive(Query)]
        #[query(output = $out)]
        struct Seats;
        #[derive(ValueObject)]
        #[value(check = $check)]
        struct Even($inner);
    };
}

macro_rules! states {
    ($vis:vis $name:ident, $all:literal, $first:ident, $($alias:literal)* $last:ident, $unknown:ident) => {
        #[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
        #[state(rename_all = $all, unknown = $unknown)]
        $vis enum $name {
            #[state(initial)]
            $first,
            Between,
            #[state(terminal, $(alias = $alias),*)]
            $last,
        }
    };
}

states!(pub(crate) RoomState, "UPPERCASE", Open, "shut" "gone" Closed, Closed);

everything!(RoomId, u64, "room.opened", Opened { room: RoomId, seats: u32 }, room, checks::even, Vec<u8>);

mod checks {
    pub(crate) fn even(number: &u64) -> bool {
        number % 2 == 0
    }
}

fn main() {
    let room = RoomId::from(7);
    assert_eq!(Opened { room, seats: 1 }.key().as_deref(), Some("7"));
    assert_eq!((Open { room }.target().as_deref(), Open::NAME), (Some("7"), "room.opened"));
    assert!(Even::new(3).is_err());
    assert_eq!(RoomState::from_name("shut"), Ok(RoomState::Closed));
    assert_eq!([RoomState::Open, RoomState::Between, RoomState::Closed].map(State::name), ["OPEN", "BETWEEN", "CLOSED"]);
    assert_eq!(Seats::NAME, "Seats");
}
