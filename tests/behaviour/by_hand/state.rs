//! A set of states.

use std::{
    borrow::Cow,
    fmt,
    str::FromStr,
    sync::{Arc, Mutex},
};

use bailiwick::{
    Error, ErrorKind, State,
    state_machine::{StateNode, UnknownState},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use tracing::{Event, Subscriber, field};
use tracing_subscriber::{Layer, layer::Context, layer::SubscriberExt as _};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
#[state(rename_all = "SCREAMING-KEBAB-CASE")]
enum Written {
    #[state(initial)]
    Pending,
    #[state(alias = "sent", alias = "gone")]
    InTransit,
    #[state(terminal, external, name = "lost")]
    Mislaid,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ByHand {
    Pending,
    InTransit,
    Mislaid,
}

impl State for ByHand {
    const ALL: &'static [Self] = &[Self::Pending, Self::InTransit, Self::Mislaid];
    const INITIAL: Self = Self::Pending;
    const FACTS: &'static [StateNode] = &[
        StateNode {
            name: Cow::Borrowed("PENDING"),
            variant: Cow::Borrowed("Pending"),
            initial: true,
            terminal: false,
            external: false,
            aliases: Cow::Borrowed(&[]),
        },
        StateNode {
            name: Cow::Borrowed("IN-TRANSIT"),
            variant: Cow::Borrowed("InTransit"),
            initial: false,
            terminal: false,
            external: false,
            aliases: Cow::Borrowed(&[Cow::Borrowed("sent"), Cow::Borrowed("gone")]),
        },
        StateNode {
            name: Cow::Borrowed("lost"),
            variant: Cow::Borrowed("Mislaid"),
            initial: false,
            terminal: true,
            external: true,
            aliases: Cow::Borrowed(&[]),
        },
    ];

    fn index(self) -> usize {
        self as usize
    }

    fn name(self) -> &'static str {
        ["PENDING", "IN-TRANSIT", "lost"][self.index()]
    }

    fn from_name(text: &str) -> Result<Self, UnknownState> {
        match text {
            "PENDING" => Ok(Self::Pending),
            "IN-TRANSIT" | "sent" | "gone" => Ok(Self::InTransit),
            "lost" => Ok(Self::Mislaid),
            _ => {
                let known = vec!["PENDING", "IN-TRANSIT", "lost"];
                Err(UnknownState::new("Written", "written/unknown_state", text, known))
            }
        }
    }
}

impl fmt::Display for ByHand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for ByHand {
    type Err = UnknownState;

    fn from_str(text: &str) -> Result<Self, UnknownState> {
        Self::from_name(text)
    }
}

impl Serialize for ByHand {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for ByHand {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_name(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

const TEXTS: [&str; 9] = ["PENDING", "IN-TRANSIT", "sent", "gone", "lost", "", "pending", "Mislaid", "lost "];

#[test]
fn states() {
    assert_eq!(Written::FACTS, ByHand::FACTS);
    assert_eq!(
        format!("{:?} {:?}", Written::ALL, Written::INITIAL),
        format!("{:?} {:?}", ByHand::ALL, ByHand::INITIAL)
    );
    for (left, right) in Written::ALL.iter().zip(ByHand::ALL) {
        assert_eq!((left.index(), left.name()), (right.index(), right.name()));
        assert_eq!(format!("{left} {left:<12}| {left:_^14}"), format!("{right} {right:<12}| {right:_^14}"));
        assert_eq!(serde_json::to_string(left).unwrap(), serde_json::to_string(right).unwrap());
    }
}

#[test]
fn texts() {
    for text in TEXTS {
        let (left, right) = (text.parse::<Written>(), text.parse::<ByHand>());
        assert_eq!(left.clone().map(State::index), right.clone().map(State::index), "{text}");
        let json = serde_json::to_string(text).unwrap();
        let (read, by_hand) = (serde_json::from_str::<Written>(&json), serde_json::from_str::<ByHand>(&json));
        assert_eq!(read.is_ok(), by_hand.is_ok(), "{text}");
        match (read, left) {
            (Ok(read), left) => assert_eq!(Ok(read), left),
            (Err(error), Err(unknown)) => assert!(error.to_string().starts_with(&unknown.to_string()), "{error}"),
            (Err(error), Ok(_)) => panic!("{error}"),
        }
    }
    let refused = serde_json::from_str::<Written>("7").unwrap_err().to_string();
    assert_eq!(refused, "invalid type: integer `7`, expected the stored name of a state at line 1 column 1");
}

#[test]
fn an_unknown_text_is_an_error_that_names_it() {
    let unknown = Written::from_name("mislaid").unwrap_err();
    let text = "`mislaid` is no state of `Written`; known are `PENDING`, `IN-TRANSIT`, `lost`";
    assert_eq!(unknown.to_string(), text);
    let error = Error::from(unknown);
    assert_eq!(
        (error.kind(), error.code(), error.to_string().contains(text)),
        (ErrorKind::Corrupt, "written/unknown_state", true)
    );
}

/// Keeps the fields of each event.
struct Fields(Arc<Mutex<Vec<String>>>);

impl<S: Subscriber> Layer<S> for Fields {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut text = event.metadata().level().to_string();
        event.record(&mut |field: &field::Field, value: &dyn fmt::Debug| text.push_str(&format!(" {field}={value:?}")));
        self.0.lock().unwrap().push(text);
    }
}

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
#[state(unknown = Lost)]
enum Lenient {
    #[state(initial)]
    Pending,
    #[state(terminal)]
    Lost,
}

#[test]
fn an_unknown_text_that_is_read_as_a_state_is_told() {
    let fields = Arc::new(Mutex::new(Vec::new()));
    // With one subscriber alone, a callsite that another test's thread meets first would be switched off for good.
    let _second = tracing::Dispatch::new(tracing_subscriber::registry());
    let guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(Fields(Arc::clone(&fields))));
    assert_eq!((Lenient::from_name("pending"), Lenient::from_name("gone")), (Ok(Lenient::Pending), Ok(Lenient::Lost)));
    assert_eq!(serde_json::from_str::<Lenient>("\"away\"").unwrap(), Lenient::Lost);
    drop(guard);
    let told = |stored: &str| {
        format!(
            "WARN message=an unknown stored state is read as another set=\"Lenient\" stored=\"{stored}\" read_as=\"lost\""
        )
    };
    assert_eq!(*fields.lock().unwrap(), [told("gone"), told("away")]);
}
