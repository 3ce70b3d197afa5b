//! An event that is a struct is taken whole.

use bailiwick::{Aggregate, Event, aggregate};
use serde::{Deserialize, Serialize};

#[derive(Event, Debug, Clone, Serialize, Deserialize)]
#[event(name = "visitor.counted")]
struct Counted {
    by: u32,
}

#[derive(Debug, thiserror::Error)]
#[error("no")]
struct No;

#[derive(Default)]
struct Visitors(u32);

#[aggregate(name = "visitors", id = u64, event = Counted, error = No)]
impl Visitors {
    #[apply]
    fn counted(&mut self, event: &Counted) {
        self.0 += event.by;
    }
}

fn main() {
    let mut visitors = Visitors::default();
    visitors.apply(&Counted { by: 3 });
    assert_eq!(visitors.0, 3);
}
