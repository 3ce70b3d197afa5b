//! Every option of an event.

use bailiwick::{Event, EventKind, Json};
use serde::{Deserialize, Serialize};

#[derive(Event, Debug, Clone, PartialEq, Serialize, Deserialize)]
enum RoomEvent {
    #[event(name = "room.opened", version = 3, upcast(1 => one, 2 => old::two))]
    #[event(alias = "room.made", alias = "room.created")]
    Opened { room: String, link: String },
    #[event(name = "room.joined", publish(topic = "rooms", key = user))]
    Joined { user: u64 },
    #[event(name = "room.renamed", kind = notification, topic = "rooms", key = 0)]
    Renamed(String, String),
    #[event(name = "room.closed")]
    #[serde(rename = "gone")]
    Closed,
}

#[derive(Event, Debug, Clone, PartialEq, Serialize, Deserialize)]
#[event(name = "room.state", kind = state_transfer, topic = "rooms", key = room)]
struct RoomState {
    room: String,
}

fn one(payload: Json) -> Json {
    payload
}

mod old {
    pub(crate) fn two(mut payload: bailiwick::Json) -> bailiwick::Json {
        payload["link"] = "none".into();
        payload
    }
}

fn main() {
    assert_eq!(RoomEvent::SPECS[0].upcasts.len(), 2);
    assert_eq!(RoomEvent::SPECS[1].topic, Some("rooms"));
    assert_eq!(RoomEvent::SPECS[2].kind, EventKind::Notification);
    assert_eq!(RoomEvent::Joined { user: 7 }.key().as_deref(), Some("7"));
    assert_eq!(RoomEvent::Renamed("r-1".into(), "a".into()).key().as_deref(), Some("r-1"));
    assert_eq!(RoomEvent::Closed.key(), None);
    assert_eq!(RoomState { room: "r-2".into() }.key().as_deref(), Some("r-2"));
    let old = RoomEvent::decode("room.made", 1, br#"{"room":"r-1"}"#).unwrap();
    assert_eq!(old, RoomEvent::Opened { room: "r-1".into(), link: "none".into() });
    let closed = RoomEvent::Closed;
    assert_eq!(RoomEvent::decode("room.closed", 1, &closed.encode().unwrap()).unwrap(), closed);
}
