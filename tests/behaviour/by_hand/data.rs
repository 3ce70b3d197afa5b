//! Events, commands, queries, ids and value objects.

use std::{any::TypeId, fmt, str::FromStr};

use bailiwick::{
    Command, Error, Event, EventKind, Id, Query, ValueObject, codec::Upcast, command::Targeted, event::EventSpec, id,
    query::Answers, value_object::Invalid,
};
use serde::{Deserialize, Serialize};

#[derive(Event, Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Written {
    #[event(name = "room.opened", alias = "room.made")]
    Opened { seats: u32 },
    #[event(name = "room.joined", kind = notification, topic = "rooms", key = user)]
    Joined { user: String },
    #[event(name = "room.closed", version = 2, upcast(1 => bailiwick_same))]
    Closed,
}

fn bailiwick_same(payload: bailiwick::Json) -> bailiwick::Json {
    payload
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum ByHand {
    Opened { seats: u32 },
    Joined { user: String },
    Closed,
}

impl Event for ByHand {
    const SPECS: &'static [EventSpec] = &[
        EventSpec::domain("room.opened", 1).aliases(&["room.made"]),
        EventSpec::domain("room.joined", 1).kind(EventKind::Notification).publish("rooms"),
        EventSpec::domain("room.closed", 2).upcasts(&[Upcast { from: 1, apply: bailiwick_same }]),
    ];
    const IS_ENUM: bool = true;

    fn index(&self) -> usize {
        match self {
            Self::Opened { .. } => 0,
            Self::Joined { .. } => 1,
            Self::Closed => 2,
        }
    }

    fn key(&self) -> Option<String> {
        match self {
            Self::Joined { user } => Some(user.clone()),
            Self::Opened { .. } | Self::Closed => None,
        }
    }
}

#[test]
fn events() {
    for (left, right) in Written::SPECS.iter().zip(ByHand::SPECS) {
        assert_eq!((left.name, left.aliases, left.version), (right.name, right.aliases, right.version));
        assert_eq!((left.kind, left.topic, left.upcasts.len()), (right.kind, right.topic, right.upcasts.len()));
    }
    let written = [Written::Opened { seats: 4 }, Written::Joined { user: "ada".into() }, Written::Closed];
    let by_hand = [ByHand::Opened { seats: 4 }, ByHand::Joined { user: "ada".into() }, ByHand::Closed];
    for (left, right) in written.iter().zip(&by_hand) {
        let bytes = left.encode().unwrap();
        assert_eq!((left.index(), left.key(), &bytes), (right.index(), right.key(), &right.encode().unwrap()));
        assert_eq!(&ByHand::decode(left.spec().name, left.spec().version, &bytes).unwrap(), right);
        assert_eq!(&Written::decode(left.spec().name, left.spec().version, &bytes).unwrap(), left);
    }
}

#[derive(Command, Clone)]
#[command(name = "room.open")]
struct WrittenOpen {
    #[target]
    room: u64,
    #[audit(redact)]
    _note: String,
}

#[derive(Clone)]
struct OpenByHand {
    room: u64,
}

impl Command for OpenByHand {
    const NAME: &'static str = "room.open";
    const REDACTED: &'static [&'static str] = &["_note"];

    fn target(&self) -> Option<String> {
        Some(self.room.to_string())
    }
}

impl Targeted for OpenByHand {
    type Id = u64;

    fn target_id(&self) -> &u64 {
        &self.room
    }
}

#[test]
fn commands() {
    fn facts<C: Targeted<Id = u64>>(command: &C) -> (&str, &[&str], Option<String>, u64) {
        (C::NAME, C::REDACTED, command.target(), *command.target_id())
    }
    let (written, by_hand) = (WrittenOpen { room: 7, _note: String::new() }, OpenByHand { room: 7 });
    assert_eq!(facts(&written), facts(&by_hand));
}

#[derive(Query)]
#[query(name = "room.free", output = Vec<String>)]
struct WrittenFree;

struct FreeByHand;

impl Query for FreeByHand {
    const NAME: &'static str = "room.free";
}

impl Answers for FreeByHand {
    type Output = Vec<String>;
}

#[test]
fn queries() {
    fn facts<Q: Query + Answers>() -> (&'static str, TypeId)
    where
        Q::Output: 'static,
    {
        (Q::NAME, TypeId::of::<Q::Output>())
    }
    assert_eq!(facts::<WrittenFree>(), facts::<FreeByHand>());
}

#[derive(Id)]
struct WrittenId(u64);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct IdByHand(u64);

impl Id for IdByHand {}

impl fmt::Display for IdByHand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for IdByHand {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        id::parse("WrittenId", text).map(Self)
    }
}

#[test]
fn ids() {
    fn facts<I: Id + FromStr<Err = Error>>(text: &str) -> Result<String, String> {
        text.parse::<I>().map(|id| id.to_string()).map_err(|error| error.to_string())
    }
    for text in ["7", "", "x"] {
        assert_eq!(facts::<WrittenId>(text), facts::<IdByHand>(text));
    }
}

#[derive(ValueObject, Debug)]
#[value(check = is_even)]
struct Even(u8);

fn is_even(number: &u8) -> bool {
    number.is_multiple_of(2)
}

#[derive(Debug)]
struct EvenByHand(u8);

impl ValueObject for EvenByHand {
    type Raw = u8;

    fn new(raw: u8) -> Result<Self, Invalid> {
        if is_even(&raw) { Ok(Self(raw)) } else { Err(Invalid::new("Even", "the check refused it")) }
    }
}

#[test]
fn value_objects() {
    for raw in [2, 3] {
        let written = Even::new(raw).map(u8::from);
        assert_eq!(written, EvenByHand::new(raw).map(|even| even.0));
    }
}
