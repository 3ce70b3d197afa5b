//! An aggregate.

use bailiwick::{
    Actor, Aggregate, Command, Error, Event, SendError, aggregate,
    aggregate::{Creation, Decide, SnapshotPolicy, SnapshotSchema},
    codec,
    command::{Handled, Policy, Targeted},
    mediator::{AggregateHome, AggregateRegistrar},
    testing,
};
use serde::{Deserialize, Serialize};

use super::No;

#[derive(Event, Debug, Clone, PartialEq, Serialize, Deserialize)]
enum RoomEvent {
    #[event(name = "room.opened")]
    Opened { seats: u32 },
    #[event(name = "room.booked")]
    Booked { seats: u32 },
}

#[derive(Command, Clone)]
struct Open {
    #[target]
    room: String,
    seats: u32,
}

#[derive(Command, Clone)]
struct Book {
    #[target]
    room: String,
    seats: u32,
}

#[derive(Default, Debug, PartialEq, Serialize, Deserialize)]
struct Room {
    free: u32,
}

#[aggregate(name = "room", id = String, event = RoomEvent, error = No, snapshot(every = 2, version = 1))]
impl Room {
    #[handle(create)]
    fn open(command: Open) -> Result<RoomEvent, No> {
        Ok(RoomEvent::Opened { seats: command.seats })
    }

    #[handle]
    fn book(&self, command: Book) -> Result<Option<RoomEvent>, No> {
        if command.seats > self.free {
            return Err(No);
        }
        Ok((command.seats > 0).then_some(RoomEvent::Booked { seats: command.seats }))
    }

    #[apply(Opened)]
    fn on_opened(&mut self, seats: &u32) {
        self.free = *seats;
    }

    #[apply(Booked)]
    fn on_booked(&mut self, seats: u32) {
        self.free -= seats;
    }
}

#[derive(Command, Clone)]
#[command(name = "Open")]
struct OpenHall {
    #[target]
    room: String,
    seats: u32,
}

#[derive(Command, Clone)]
#[command(name = "Book")]
struct BookHall {
    #[target]
    room: String,
    seats: u32,
}

#[derive(Default, Debug, PartialEq, Serialize, Deserialize)]
struct Hall {
    free: u32,
}

impl Hall {
    fn schema() -> &'static SnapshotSchema {
        static SCHEMA: SnapshotSchema = SnapshotSchema::new(1);
        &SCHEMA
    }
}

impl Aggregate for Hall {
    type Id = String;
    type Event = RoomEvent;
    type Error = No;

    const NAME: &'static str = "room";
    const SNAPSHOT: Option<SnapshotPolicy<Self>> = Some(SnapshotPolicy {
        every: 2,
        schema: || Self::schema().of::<Self>(),
        encode: codec::encode,
        decode: |state| Self::schema().decode(state),
    });

    fn apply(&mut self, event: &RoomEvent) {
        match event {
            RoomEvent::Opened { seats } => self.free = *seats,
            RoomEvent::Booked { seats } => self.free -= seats,
        }
    }
}

impl Handled for OpenHall {
    type Output = ();
    type Error = No;
    type Home = Hall;

    const REGISTER: &'static str = ".aggregate::<Hall>()";
}

impl Decide<OpenHall> for Hall {
    const CREATION: Creation = Creation::New;

    fn decide(&self, command: OpenHall) -> Result<Vec<RoomEvent>, No> {
        Ok(vec![RoomEvent::Opened { seats: command.seats }])
    }
}

impl Handled for BookHall {
    type Output = ();
    type Error = No;
    type Home = Hall;

    const REGISTER: &'static str = ".aggregate::<Hall>()";
}

impl Decide<BookHall> for Hall {
    const CREATION: Creation = Creation::Existing;

    fn decide(&self, command: BookHall) -> Result<Vec<RoomEvent>, No> {
        if command.seats > self.free {
            return Err(No);
        }
        Ok((command.seats > 0).then_some(RoomEvent::Booked { seats: command.seats }).into_iter().collect())
    }
}

impl AggregateHome for Hall {
    fn register<R: AggregateRegistrar<Self>>(registrar: &mut R) {
        registrar.decides::<OpenHall>();
        registrar.decides::<BookHall>();
    }
}

/// What can be seen of an aggregate from outside.
async fn facts<A, O, B>(open: impl Fn(u32) -> O, book: impl Fn(u32) -> B) -> Vec<String>
where
    A: AggregateHome<Id = String, Error = No> + Serialize,
    O: Command + Targeted<Id = String> + Handled<Home = A, Error = No, Output = ()>,
    B: Command + Targeted<Id = String> + Handled<Home = A, Error = No, Output = ()>,
    A: Decide<O> + Decide<B>,
{
    let app = testing::app().aggregate::<A>().build().await;
    let say = |answer: Result<(), SendError<No>>| format!("{:?}", answer.map_err(|error| error.to_string()));
    let mut seen = vec![format!("{} {:?}", A::NAME, A::SNAPSHOT.map(|policy| (policy.every, (policy.schema)())))];
    seen.push(say(app.send(book(1)).await));
    for seats in [9, 3, 0] {
        seen.push(say(app.send(open(seats)).await));
        seen.push(say(app.send(book(seats / 2)).await));
    }
    let room = app.load::<A>("r-1").await.unwrap();
    seen.push(format!("{} {:?}", room.version(), codec::encode(room.state()).unwrap()));
    seen.push(format!("{:?}", app.events().of::<RoomEvent>()));
    seen
}

#[tokio::test]
async fn aggregates() {
    let written =
        facts::<Room, _, _>(|seats| Open { room: "r-1".into(), seats }, |seats| Book { room: "r-1".into(), seats });
    let by_hand = facts::<Hall, _, _>(
        |seats| OpenHall { room: "r-1".into(), seats },
        |seats| BookHall { room: "r-1".into(), seats },
    );
    assert_eq!(written.await, by_hand.await);
}

#[tokio::test]
async fn a_message_without_checks_of_its_own() {
    async fn facts<M: Handled<Error = No>>(
        message: M,
    ) -> (Policy, Result<(), No>, bool, Result<Option<String>, Error>) {
        let allowed = message.authorize(&Actor::nobody()).await;
        (M::policy(), message.validate(), allowed, message.audit_input())
    }
    let written = facts(Open { room: "r-1".into(), seats: 1 }).await;
    let by_hand = facts(OpenHall { room: "r-1".into(), seats: 1 }).await;
    assert_eq!(format!("{written:?}"), format!("{by_hand:?}"));
}
