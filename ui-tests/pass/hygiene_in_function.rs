//! Items inside a function body.

#![deny(warnings)]

fn main() {
    use bailiwick::{Command, Event, Id, Query, State, ValueObject};
    use serde::{Deserialize, Serialize};

    #[derive(Id)]
    struct RoomId(u64);

    #[derive(ValueObject)]
    #[value(check = even)]
    struct Even {
        number: u8,
    }

    fn even(number: &u8) -> bool {
        number % 2 == 0
    }

    #[derive(Event, Serialize, Deserialize)]
    #[event(name = "room.opened", topic = "rooms", key = room)]
    struct Opened {
        room: RoomId,
    }

    #[derive(Command, Clone)]
    struct Open {
        #[target]
        room: RoomId,
    }

    #[derive(Query)]
    #[query(output = u8)]
    struct Seats;

    #[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
    enum RoomState {
        #[state(initial)]
        Open,
        #[state(terminal)]
        Closed,
    }

    let room = RoomId::from(7);
    assert_eq!(Opened { room }.key(), Open { room }.target());
    assert_eq!(Even::new((2,)).map(|even| even.number), Ok(2));
    assert_eq!((RoomState::INITIAL, RoomState::Closed.name()), (RoomState::Open, "closed"));
    assert_eq!(Seats::NAME, "Seats");
}
