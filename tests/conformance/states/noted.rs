//! The note in the stream of a state, when the aggregate gets new events.

use bailiwick::{
    App, Command, Event, aggregate,
    envelope::StreamId,
    id::{MessageId, Uuid},
    store::{Append, Commit, Load},
    version::Expected,
};
use serde::{Deserialize, Serialize};

use super::{
    Bed,
    model::{No, entity},
};

/// The events of a later program.
#[derive(Event, Debug, Clone, PartialEq, Serialize, Deserialize)]
enum WiderEvent {
    #[event(name = "cart.opened")]
    Opened { owner: String },
    #[event(name = "cart.filled")]
    Filled { items: u32 },
    #[event(name = "cart.emptied")]
    Emptied,
}

#[derive(Default, Debug, Serialize, Deserialize)]
struct Wider {
    owner: String,
    items: u32,
}

#[derive(Command, Debug, Clone)]
struct Empty {
    #[target]
    cart: String,
}

#[aggregate(name = "cart", id = String, event = WiderEvent, error = No, persist = entity)]
impl Wider {
    #[handle]
    fn empty(&self, _command: Empty) -> Result<WiderEvent, No> {
        Ok(WiderEvent::Emptied)
    }

    #[apply]
    fn on(&mut self, event: &WiderEvent) {
        match event {
            WiderEvent::Opened { owner } => self.owner.clone_from(owner),
            WiderEvent::Filled { items } => self.items += items,
            WiderEvent::Emptied => self.items = 0,
        }
    }
}

pub(super) async fn an_aggregate_with_new_events_says_so_whatever_was_appended_behind_its_note(bed: &Bed) {
    let older = bed.entity().await;
    for cart in ["c", "d"] {
        older.send(entity::open(cart)).await.unwrap();
        older.send(entity::fill(cart, 3)).await.unwrap();
    }
    let stream = |cart: &str| StreamId::new("cart", cart).unwrap();
    let load = async |cart: &str| bed.store.load(Load::all(None, stream(cart))).await.unwrap().events;
    let mut by_hand = load("d").await.remove(0).envelope;
    (by_hand.id, by_hand.name, by_hand.payload) =
        (MessageId::from_uuid(Uuid::from_u128(7)), "cart.filled".into(), br#"{"items":9}"#.as_slice().into());
    let append = Append { stream: stream("d"), expected: Expected::Any, events: vec![by_hand] };
    bed.store.commit(Commit { appends: vec![append], ..Commit::default() }).await.unwrap();

    let app = App::builder().any_store(bed.store.clone()).aggregate::<Wider>().build().await.unwrap();
    for (cart, events) in [("c", 2), ("d", 3)] {
        for _ in 0..2 {
            app.send(Empty { cart: cart.into() }).await.unwrap();
        }
        assert_eq!(app.load::<Wider>(cart).await.unwrap().items, 0);
        let events_there = load(cart).await;
        let last = events_there.last().unwrap();
        assert_eq!((events_there.len(), &*last.envelope.name), (events, "bailiwick.state_stored"));
        assert!(String::from_utf8_lossy(&last.envelope.payload).contains("cart.emptied"), "{last:?}");
    }
}
