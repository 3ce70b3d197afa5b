//! Every option of `#[derive(State)]`.

#![deny(warnings)]

use bailiwick::{State, state_machine::UnknownState};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
#[state(rename_all = "kebab-case", unknown = error, crate = ::bailiwick)]
pub enum OrderStatus {
    #[state(initial)]
    Pending,
    #[state(external)]
    PaidInFull,
    #[state(alias = "sent", alias = "gone")]
    Shipped,
    #[state(terminal, name = "in the box")]
    Delivered,
    #[state(terminal, external)]
    r#Lost,
}

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
#[state(cyclic, unknown = Off, skip(Display, FromStr, Serialize, Deserialize))]
enum Light {
    #[state(initial)]
    Off = 7,
    On = 3,
}

// Each of these is the user's own.
impl std::fmt::Display for Light {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a light")
    }
}

impl std::str::FromStr for Light {
    type Err = ();

    fn from_str(_: &str) -> Result<Self, ()> {
        Ok(Self::On)
    }
}

impl serde::Serialize for Light {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(*self == Self::On)
    }
}

impl<'de> serde::Deserialize<'de> for Light {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(if bool::deserialize(deserializer)? { Self::On } else { Self::Off })
    }
}

#[allow(dead_code, reason = "only its type is used")]
#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
enum Lane<const N: usize> {
    #[state(initial)]
    Free,
    #[state(terminal)]
    Closed,
}

/// Who uses it is warned; the derive is not.
#[deprecated]
#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Old {
    #[state(initial)]
    First,
    #[deprecated]
    #[state(terminal)]
    Last,
}

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
#[state(unknown = r#Never)]
pub enum Status {
    #[state(initial)]
    #[cfg_attr(any(), state(terminal))]
    First,
    #[cfg(any())]
    #[state(initial)]
    Removed,
    #[deprecated]
    #[state(terminal, alias = "last")]
    Never,
}

fn main() {
    use OrderStatus::{Delivered, Lost, PaidInFull, Pending, Shipped};
    assert_eq!(OrderStatus::ALL, [Pending, PaidInFull, Shipped, Delivered, Lost]);
    assert_eq!(OrderStatus::INITIAL, Pending);
    assert!(OrderStatus::ALL.iter().enumerate().all(|(index, state)| state.index() == index));
    let names = OrderStatus::ALL.iter().map(|state| state.name()).collect::<Vec<_>>();
    assert_eq!(names, ["pending", "paid-in-full", "shipped", "in the box", "lost"]);
    let facts = OrderStatus::FACTS;
    assert!(facts[0].initial && facts[1].external && facts[3].terminal && facts[4].terminal && facts[4].external);
    assert_eq!((&*facts[1].variant, &*facts[2].aliases[1], &*facts[4].variant), ("PaidInFull", "gone", "Lost"));
    assert_eq!(OrderStatus::from_name("sent"), Ok(Shipped));
    assert_eq!(format!("[{Shipped:>9}]"), "[  shipped]");
    let unknown: UnknownState = "mislaid".parse::<OrderStatus>().unwrap_err();
    assert_eq!((unknown.set(), unknown.stored()), ("OrderStatus", "mislaid"));
    assert_eq!((unknown.code(), unknown.known()), ("order_status/unknown_state", &names[..]));

    assert_eq!(Status::ALL.len(), 2);
    assert_eq!(Status::from_name("last").map(State::index), Ok(1));
    assert_eq!(Light::from_name("broken"), Ok(Light::Off));
    assert_eq!((Light::Off.index(), Light::On.index(), Light::On.name()), (0, 1, "on"));
    assert_eq!((Light::On.to_string(), "x".parse()), ("a light".to_owned(), Ok(Light::On)));
    assert_eq!((Lane::<3>::INITIAL, Lane::<4>::from_name("closed")), (Lane::Free, Ok(Lane::Closed)));
}
