//! Identifiers of every kind.

use bailiwick::{Clock, Id, Uuid};

#[derive(Id)]
pub struct RoomId(Uuid);

#[derive(Id)]
struct Seat(u32);

#[derive(Id)]
struct Building(String);

fn is_id<T: Id>() {}

fn main() {
    is_id::<RoomId>();
    is_id::<Seat>();
    is_id::<Building>();
    let clock = Clock::fixed_at("2026-01-01T00:00:00Z").unwrap();
    let (first, second) = (RoomId::new(&clock), RoomId::new(&clock));
    assert!(first < second, "version 7 grows");
    let copy = first;
    assert_eq!(first.to_string().parse::<RoomId>().unwrap(), copy);
    let error = "no".parse::<RoomId>().unwrap_err();
    assert!(error.to_string().contains("RoomId"), "{error}");
    assert_eq!(format!("{:?} {}", Seat::from(4), Building::from("b-1")), "Seat(4) b-1");
    assert_eq!(u32::from(Seat(4)), 4);
    assert_eq!(Building(String::from("b")).as_ref(), "b");
}
