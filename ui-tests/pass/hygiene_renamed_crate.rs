//! The dependency has another name.

mod somewhere {
    pub use ::bailiwick as bw;
}

use somewhere::bw::{Command, Event, Id, Query, State, ValueObject, entity::Entity};
use serde::{Deserialize, Serialize};

#[derive(Id)]
#[id(crate = crate::somewhere::bw)]
struct RoomId(u64);

#[derive(Entity)]
#[entity(crate = crate::somewhere::bw, unique(name))]
struct Room {
    #[id]
    number: i64,
    #[col(filter, max = 20)]
    name: String,
}

#[derive(ValueObject)]
#[value(check = odd, crate = "crate::somewhere::bw")]
struct Odd {
    number: u8,
}

fn odd(number: &u8) -> bool {
    number % 2 == 1
}

#[derive(Event, Serialize, Deserialize)]
#[event(crate = crate::somewhere::bw)]
enum RoomEvent {
    #[event(name = "room.opened")]
    Opened { room: RoomId },
}

#[derive(Command, Clone)]
#[command(crate = crate::somewhere::bw)]
struct Open(#[target] RoomId);

#[derive(Query)]
#[query(output = u8, crate = crate::somewhere::bw)]
struct Seats;

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
#[state(crate = crate::somewhere::bw)]
enum RoomState {
    #[state(initial)]
    Open,
    #[state(terminal, alias = "shut")]
    Closed,
}

fn main() {
    assert_eq!("shut".parse(), Ok(RoomState::Closed));
    let room = RoomId::from(3);
    let event = RoomEvent::Opened { room };
    let RoomEvent::Opened { room: opened } = event;
    assert_eq!(Open(room).target(), Some(opened.to_string()));
    assert_eq!(Odd::new((3,)).map(|odd| odd.number), Ok(3));
    assert_eq!(Seats::NAME, "Seats");
}
