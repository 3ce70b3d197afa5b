//! Value objects of every shape.

use bailiwick::{Event, ValueObject};
use serde::{Deserialize, Serialize};

#[derive(ValueObject, Debug, Clone, PartialEq)]
#[value(check = is_email)]
struct Email(String);

fn is_email(text: &str) -> Result<(), &'static str> {
    if text.contains('@') { Ok(()) } else { Err("there is no @") }
}

#[derive(ValueObject, Debug, Clone, PartialEq)]
#[value(check = Self::in_order)]
#[serde(rename_all = "camelCase")]
struct Period {
    first_day: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_day: Option<u32>,
}

impl Period {
    fn in_order(first: &u32, last: &Option<u32>) -> bool {
        last.is_none_or(|last| *first <= last)
    }
}

#[derive(ValueObject, Debug, Clone, PartialEq)]
#[value(check = not_empty)]
struct Seats<T>(Vec<T>);

fn not_empty<T>(seats: &[T]) -> bool {
    !seats.is_empty()
}

#[derive(ValueObject, Debug, Clone, PartialEq)]
#[value(check = Self::checked)]
struct Pair<T: Ord> {
    low: T,
    high: T,
}

impl<T: Ord> Pair<T> {
    fn checked(low: &T, high: &T) -> bool {
        low <= high
    }
}

#[derive(Event, Debug, PartialEq, Serialize, Deserialize)]
#[event(name = "room.booked")]
struct Booked {
    by: Email,
    period: Period,
    seats: Seats<u8>,
    prices: Pair<u8>,
}

fn main() {
    let by = Email::new("ada@example.com".into()).unwrap();
    assert_eq!((by.to_string(), by.as_ref().len()), ("ada@example.com".into(), 15));
    let refused = Email::try_from(String::from("ada")).unwrap_err();
    assert_eq!(refused.to_string(), "not a valid Email: there is no @");
    let period = Period::new((3, None)).unwrap();
    assert!(Period::new((3, Some(2))).is_err());
    let booked = Booked { by, period, seats: Seats(vec![1]), prices: Pair { low: 1, high: 2 } };
    let payload = booked.encode().unwrap();
    let text = String::from_utf8(payload.clone()).unwrap();
    assert_eq!(text, r#"{"by":"ada@example.com","period":{"firstDay":3},"seats":[1],"prices":{"low":1,"high":2}}"#);
    assert_eq!(Booked::decode("room.booked", 1, &payload).unwrap(), booked);
    for (from, to) in [("ada@", "ada"), ("[1]", "[]"), ("\"low\":1", "\"low\":3")] {
        let wrong = text.replace(from, to);
        assert!(Booked::decode("room.booked", 1, wrong.as_bytes()).is_err(), "{wrong}");
    }
}
