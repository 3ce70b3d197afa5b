//! Every option of a query.

use std::collections::HashMap;

use bailiwick::{Query, query::Answers};

#[derive(Query, Debug, Clone)]
#[query(name = "room.free", output = HashMap<u64, Vec<String>>)]
struct FreeRooms {
    #[allow(dead_code, reason = "nothing reads it here")]
    building: String,
}

#[derive(Query)]
struct Everything;

fn answer<Q: Answers>() -> &'static str {
    std::any::type_name::<Q::Output>()
}

fn main() {
    assert_eq!((FreeRooms::NAME, Everything::NAME), ("room.free", "Everything"));
    assert!(answer::<FreeRooms>().contains("HashMap"));
}
